/**
 * Puts Swagger UI among the page's files, where `/docs` finds it: a step of the page's build, so
 * that every way to build or deploy the page has it. No CDN, no copy in the repository.
 */
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

const files = {
  'swagger-ui.css': import.meta.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui-bundle.js': import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
}

/** A file of its own: the content security policy allows no inline script. */
const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
})
`

export const docsAssets = (): Plugin => ({
  name: 'muster-docs-assets',
  apply: 'build',
  async generateBundle() {
    const emit = (name: string, source: string | Uint8Array) =>
      this.emitFile({ type: 'asset', fileName: `docs-assets/${name}`, source })
    for (const [name, url] of Object.entries(files)) emit(name, await readFile(new URL(url)))
    emit('start.js', start)
  },
})
