/**
 * A database of its own for a test file (Node projects only): a clone of the migrated template.
 *
 *   const database = await createDatabase()
 *   afterAll(() => database.drop())
 */
import { randomBytes } from 'node:crypto'
import { Pool } from 'pg'
import { inject } from 'vitest'
import { runStatement } from './run-statement.ts'

export type Database = {
  /** For pg directly, or as the Worker's DATABASE_URL together with `proxy`. */
  url: string
  /** host:port of the bridge, the Worker's DATABASE_PROXY. */
  proxy: string
  pool: Pool
  /** Ends every session in it, then removes it. */
  drop(): Promise<void>
}

export async function createDatabase(): Promise<Database> {
  const serverUrl = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  await runStatement(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${inject('templateDatabase')}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const pool = new Pool({ connectionString: url.href, max: 20 })
  // Connections that a test cuts on purpose; the query in flight reports it.
  pool.on('error', () => {})

  return {
    url: url.href,
    proxy: inject('databaseProxy'),
    pool,
    async drop() {
      await pool.end()
      await runStatement(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}
