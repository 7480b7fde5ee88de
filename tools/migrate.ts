/**
 * Brings a database up to date with `migrations/` (drizzle-kit's format). Safe to run again and
 * safe to run twice at once: the second run waits for the first and then finds nothing to do.
 *
 *   npm run migrate -- postgres://…      or with DATABASE_URL set
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'
import { indexMessages } from './index-messages.ts'
import { oneLine } from './one-line.ts'

const migrationsFolder = join(import.meta.dirname, '..', 'migrations')

// Any constant will do, as long as nothing else in the database uses it: "muster" in ASCII.
const advisoryLockKey = '120399894471026'
const connectTimeoutMs = 15_000

/** @throws Error with a one-line message: unreachable, wrong password, a statement that failed. */
export async function migrate(url: string): Promise<void> {
  if (new URL(url).hostname.includes('-pooler.')) {
    throw new Error('Migrations need the direct host of the database, not the one with -pooler.')
  }
  if (!existsSync(join(migrationsFolder, 'meta/_journal.json'))) return
  const client = new Client({
    connectionString: url,
    application_name: 'muster-migrate',
    connectionTimeoutMillis: connectTimeoutMs,
  })
  // A connection lost between two statements; the next statement fails and says so.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLockKey])
    await applyMigrations(drizzle(client), { migrationsFolder })
    await indexMessages(client)
  } catch (error) {
    throw new Error(`The migration failed: ${oneLine(error)}`, { cause: error })
  } finally {
    // Ends the session, and with it the lock.
    await client.end().catch(() => {})
  }
}

if (import.meta.main) {
  const url = process.argv[2] ?? process.env['DATABASE_URL']
  if (url === undefined) {
    console.error('Give the database: npm run migrate -- postgres://…, or set DATABASE_URL.')
    process.exit(1)
  }
  try {
    await migrate(url)
    console.log('The database is up to date.')
  } catch (error) {
    console.error(oneLine(error))
    process.exit(1)
  }
}
