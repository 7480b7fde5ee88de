/** A session that trusts nothing of the database but its rows: built-ins first, no hidden rows. */
import { Client } from 'pg'

const connectTimeoutMs = 15_000

/** Runs it on a session of its own. @throws what it throws, and where Postgres cannot be reached */
export async function withSession<Value>(
  url: string,
  work: (client: Client) => Promise<Value>,
): Promise<Value> {
  const client = new Client({
    connectionString: url,
    application_name: 'muster-archive',
    connectionTimeoutMillis: connectTimeoutMs,
  })
  // A connection lost between two statements; the next statement fails and says so.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(`SET search_path = pg_catalog; SET row_security = off; SET TimeZone = 'UTC'`)
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** The columns that a table has there, in their order. */
export async function columnsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname::text AS name FROM pg_attribute
      WHERE attrelid = pg_catalog.to_regclass('public.' || $1) AND attnum > 0 AND NOT attisdropped
        AND attgenerated = ''
      ORDER BY attnum`,
    [table],
  )
  return rows.map(({ name }) => name)
}
