/**
 * The folder with everything that a local Muster keeps: database, object storage, the secret of
 * its session tokens and that of its metrics, the keys of its pushes. One process uses it at a time; a
 * lock left by a killed one does not count.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isAlive } from './child-process.ts'
import { makeVapidKeys, type VapidKeys } from './vapid-keys.ts'

export type DataDir = {
  path: string
  file(name: string): string
  /** Made at first use, readable only by its owner, the same ever after. */
  authSecret(): Promise<string>
  /** The same, for whoever reads `/metrics`. */
  metricsToken(): Promise<string>
  /** The same: a browser subscribes to one key. */
  vapidKeys(): Promise<VapidKeys>
  release(): Promise<void>
}

const projectDir = resolve(import.meta.dirname, '../..')

/** @throws Error with one line when another running Muster uses the folder. */
export async function openDataDir(): Promise<DataDir> {
  const path = resolve(projectDir, process.env['DATA_DIR'] || '.muster')
  await mkdir(path, { recursive: true, mode: 0o700 })
  const lockFile = join(path, 'muster.pid')
  await lock(lockFile, path)

  return {
    path,
    file: (name) => join(path, name),
    authSecret: () => secret(join(path, 'auth-secret')),
    metricsToken: () => secret(join(path, 'metrics-token')),
    vapidKeys: () => vapidKeys(join(path, 'vapid-keys.json')),
    release: () => rm(lockFile, { force: true }),
  }
}

async function lock(lockFile: string, path: string): Promise<void> {
  for (;;) {
    try {
      // "wx" fails when the file exists: of two starts at once, one wins.
      const file = await open(lockFile, 'wx')
      await file.writeFile(`${process.pid}\n`)
      await file.close()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = Number.parseInt(await readFile(lockFile, 'utf8').catch(() => ''), 10)
    if (holder > 0 && holder !== process.pid && isAlive(holder) && (await isNode(holder))) {
      throw new Error(`${path} is in use by process ${holder}; stop it or set another DATA_DIR.`)
    }
    await rm(lockFile, { force: true })
  }
}

/** Process numbers are used again; without /proc we take the number's word. */
async function isNode(pid: number): Promise<boolean> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => 'node')
  return program.includes('node')
}

async function secret(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known.trim().length >= 32) return known.trim()
  const fresh = randomBytes(32).toString('base64url')
  await writeFile(file, `${fresh}\n`, { mode: 0o600 })
  return fresh
}

async function vapidKeys(file: string): Promise<VapidKeys> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known !== '') return JSON.parse(known) as VapidKeys
  const fresh = await makeVapidKeys()
  await writeFile(file, `${JSON.stringify(fresh)}\n`, { mode: 0o600 })
  return fresh
}
