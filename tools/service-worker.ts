/**
 * Builds `web/service-worker` into `/sw.js` as the last step of the page's build, and tells it
 * which files the page consists of. Their names and contents make its version: whoever deploys a
 * changed page deploys a changed service worker, which browsers then fetch.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { Plugin } from 'vite'

const entry = resolve(import.meta.dirname, '../web/service-worker/main.ts')
const publicDir = resolve(import.meta.dirname, '../web/public')

/** A larger part of the page is kept when it is first used, not by everybody who looks in. */
const PRECACHED_FILE_MAX_BYTES = 200_000

export const serviceWorker = (): Plugin => ({
  name: 'muster-service-worker',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    async handler(_, bundle) {
      const files = Object.values(bundle).map((file) => ({
        path: `/${file.fileName}`,
        source: Buffer.from(file.type === 'chunk' ? file.code : file.source),
      }))
      const index = files.find(({ path }) => path === '/index.html')
      if (index === undefined) throw new Error('the page was built without an index.html')
      const parts = files.filter(
        ({ path, source }) =>
          /^\/assets\/.*\.(js|css)$/.test(path) && source.length <= PRECACHED_FILE_MAX_BYTES,
      )
      const shell = [{ path: '/', source: index.source }, ...(await publicFiles()), ...parts]
      const code = await bundled({
        version: versionOf(shell),
        paths: shell.map(({ path }) => path),
      })
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code })
    },
  },
})

type ShellFile = { readonly path: string; readonly source: Buffer }

const publicFiles = async (): Promise<ShellFile[]> => {
  const names = await readdir(publicDir)
  return Promise.all(
    names
      .filter((name) => !name.startsWith('_'))
      .toSorted()
      .map(async (name) => ({ path: `/${name}`, source: await readFile(join(publicDir, name)) })),
  )
}

const versionOf = (shell: readonly ShellFile[]): string => {
  const hash = createHash('sha256')
  for (const { path, source } of shell) hash.update(`${path} ${source.length}\n`).update(source)
  return hash.digest('hex').slice(0, 12)
}

const bundled = async (shell: { version: string; paths: string[] }): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    define: { SHELL: JSON.stringify(shell) },
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('the service worker was built into nothing')
  return file.text
}
