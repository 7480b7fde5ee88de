/**
 * The database as local development needs it: Postgres (ours, or the one in DATABASE_URL), the
 * bridge that lets the Neon driver reach it, migrated and seeded.
 */
import { appendFileSync } from 'node:fs'
import { migrate } from '../migrate.ts'
import { seed } from '../seed.ts'
import { startBridge, type Bridge } from './bridge.ts'
import type { DataDir } from './data-dir.ts'
import { startPostgres, type Postgres } from './postgres.ts'

export type LocalDatabase = {
  url: string
  /** host:port of the bridge; undefined when the database is Neon and the driver needs none. */
  proxy: string | undefined
  /** Resolves when our Postgres ended; never when it is not ours. */
  exited: Promise<string>
  stop(): Promise<void>
}

export type LocalDatabaseOptions = {
  dataDir: DataDir
  /** Somebody else's Postgres instead of ours. */
  databaseUrl?: string | undefined
  /** A read replica that the bridge has to reach, too. */
  readUrl?: string | undefined
  postgresPort?: number
  bridgePort?: number
}

export async function startLocalDatabase(options: LocalDatabaseOptions): Promise<LocalDatabase> {
  let postgres: Postgres | undefined
  let bridge: Bridge | undefined
  const stop = async () => {
    await bridge?.stop()
    await postgres?.stop()
  }
  try {
    if (options.databaseUrl === undefined) {
      const logFile = options.dataDir.file('postgres.log')
      postgres = await startPostgres({
        dataDir: options.dataDir.file('postgres'),
        port: options.postgresPort ?? 0,
        log: (line) => appendFileSync(logFile, `${line}\n`),
      })
    }
    const url = options.databaseUrl ?? postgres?.url ?? ''
    if (!isNeon(url)) {
      const allow = [url, ...(options.readUrl === undefined ? [] : [options.readUrl])].map(address)
      bridge = await startBridge({ port: options.bridgePort ?? 0, allow })
    }
    await migrate(url)
    await seed(url)
    return {
      url,
      proxy: bridge && `127.0.0.1:${bridge.port}`,
      exited: postgres?.exited ?? new Promise(() => {}),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function isNeon(url: string): boolean {
  return new URL(url).hostname.endsWith('.neon.tech')
}

function address(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || '5432'}`
}
