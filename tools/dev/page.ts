/** The page that the Worker serves: web/ built into web/dist, again only when a source changed. */
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { newest } from './newest.ts'

const projectDir = resolve(import.meta.dirname, '../..')
const distDir = join(projectDir, 'web/dist')
const index = join(distDir, 'index.html')
// What the page is made of, besides web/: the wire is shared, and the tools decide the output.
const tools = ['docs-assets.ts', 'page-icons.ts', 'service-worker.ts'].map(
  (name) => `tools/${name}`,
)
const sources = ['web', 'src/protocol', 'vite.config.ts', 'package-lock.json', ...tools]

export async function buildPage(): Promise<void> {
  const changes = await Promise.all(sources.map((source) => newest(join(projectDir, source))))
  const built = await stat(index).catch(() => undefined)
  if (built !== undefined && Math.max(...changes) < built.mtimeMs) return
  const environment = process.env['NODE_ENV']
  // Under vitest it is `test`, which would make another page than the one that is deployed.
  process.env['NODE_ENV'] = 'production'
  try {
    await build({
      root: join(projectDir, 'web'),
      configFile: join(projectDir, 'vite.config.ts'),
      logLevel: 'warn',
    })
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
  }
}

/** For work that needs no page: the Worker's asset binding insists on its folder all the same. */
export async function placeholderPage(): Promise<void> {
  await mkdir(distDir, { recursive: true })
  // Older than every source, so that the next buildPage() replaces it.
  await writeFile(index, '<!doctype html><title>Muster</title>', { flag: 'wx' }).then(
    () => utimes(index, 0, 0),
    () => {},
  )
}
