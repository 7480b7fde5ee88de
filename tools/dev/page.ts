/** The page that the Worker serves: web/ built into web/dist, again only when a source changed. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'vite'

const projectDir = resolve(import.meta.dirname, '../..')
const distDir = join(projectDir, 'web/dist')
// What the page is made of, besides web/: the wire is shared, and the tools decide the output.
const sources = ['web', 'src/protocol', 'vite.config.ts', 'package-lock.json']

export async function buildPage(): Promise<void> {
  if (!(await exists(join(projectDir, 'web/src/main.ts')))) {
    // Not written yet; the Worker's asset binding still needs its folder.
    await mkdir(distDir, { recursive: true })
    await writeFile(join(distDir, 'index.html'), '<!doctype html><title>Muster</title>')
    return
  }
  const changes = await Promise.all(sources.map((source) => newest(join(projectDir, source))))
  const built = await stat(join(distDir, 'index.html')).catch(() => undefined)
  if (built !== undefined && Math.max(...changes) < built.mtimeMs) return
  await build({
    root: join(projectDir, 'web'),
    configFile: join(projectDir, 'vite.config.ts'),
    logLevel: 'warn',
  })
}

/** Modification time of the newest file at or beneath a path; 0 when there is none. */
export async function newest(path: string): Promise<number> {
  const own = await stat(path).catch(() => undefined)
  if (own === undefined || path === distDir) return 0
  if (!own.isDirectory()) return own.mtimeMs
  const entries = await readdir(path)
  const times = await Promise.all(entries.map((entry) => newest(join(path, entry))))
  return Math.max(own.mtimeMs, ...times)
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
