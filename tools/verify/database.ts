/**
 * Which database, and the secret that signs its receipts where there is one: the one that was
 * named, or that of DATA_DIR. If no Muster is running there, Postgres alone is started for the
 * moment; nothing is migrated or written.
 */
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openDataDir, type DataDir } from '../dev/data-dir.ts'
import { startPostgres } from '../dev/postgres.ts'

export type FoundDatabase = {
  readonly url: string
  readonly secret: string | undefined
  release(): Promise<void>
}

const projectDir = resolve(import.meta.dirname, '../..')
const nothingToRelease = async () => {}

/** @throws Error with one line where there is none */
export async function findDatabase(url: string | undefined): Promise<FoundDatabase> {
  const { PROOF_SECRET, AUTH_SECRET } = process.env
  const secret = PROOF_SECRET || AUTH_SECRET || undefined
  if (url !== undefined) return { url, secret, release: nothingToRelease }

  const folder = resolve(projectDir, process.env['DATA_DIR'] || '.muster')
  if (!(await stat(join(folder, 'postgres/PG_VERSION')).catch(() => undefined)))
    throw new Error(`There is no database in ${folder}. Name one: postgres://…, or DATABASE_URL.`)
  const kept = await readFile(join(folder, 'auth-secret'), 'utf8').catch(() => '')
  return { secret: secret ?? (kept.trim() || undefined), ...(await openLocal(folder)) }
}

async function openLocal(folder: string): Promise<Omit<FoundDatabase, 'secret'>> {
  let dataDir: DataDir
  try {
    dataDir = await openDataDir()
  } catch (error) {
    const port = await runningPort(folder)
    if (port === undefined) throw error
    const url = `postgres://muster:muster@127.0.0.1:${port}/muster`
    return { url, release: nothingToRelease }
  }
  try {
    const postgres = await startPostgres({ dataDir: dataDir.file('postgres') })
    const release = async () => {
      await postgres.stop()
      await dataDir.release()
    }
    return { url: postgres.url, release }
  } catch (error) {
    await dataDir.release()
    throw error
  }
}

/** The fourth line of a Postgres' lock file. */
async function runningPort(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8').catch(() => '')
  const port = Number(text.split('\n')[3])
  return Number.isInteger(port) && port > 0 ? port : undefined
}
