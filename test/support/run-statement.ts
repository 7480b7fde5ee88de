/** One statement on a connection of its own: for what cannot run in a pool or a transaction. */
import { Client } from 'pg'

export async function runStatement(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
