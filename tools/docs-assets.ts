/**
 * Puts Swagger UI among the page's files, where `/docs` finds it: a step of the page's build, so
 * that every way to build or deploy the page has it. No CDN, no copy in the repository.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const swaggerDir = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const files = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** A file of its own: the content security policy allows no inline script. */
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null })\n`

export const docsAssets = (): Plugin => ({
  name: 'muster-docs-assets',
  apply: 'build',
  async generateBundle() {
    const emit = (name: string, source: string | Uint8Array) =>
      this.emitFile({ type: 'asset', fileName: `docs-assets/${name}`, source })
    for (const name of files) emit(name, await readFile(join(swaggerDir, name)))
    emit('start.js', start)
  },
})
