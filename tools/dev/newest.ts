/** When something at or beneath a path was last changed, to decide whether a build is still good. */
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

const outputs = new Set(['dist', 'node_modules'])

/** 0 when there is nothing at the path. What builds make does not count. */
export async function newest(path: string): Promise<number> {
  const own = await stat(path).catch(() => undefined)
  if (own === undefined || outputs.has(basename(path))) return 0
  if (!own.isDirectory()) return own.mtimeMs
  const entries = await readdir(path)
  const times = await Promise.all(entries.map((entry) => newest(join(path, entry))))
  return Math.max(own.mtimeMs, ...times)
}
