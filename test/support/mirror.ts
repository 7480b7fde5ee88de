/**
 * A read replica that lags as long as a test wants: a second database that learns all that the
 * first has, at once, when it is told to, and nothing in between.
 */
import type { Pool } from 'pg'

type Table = { readonly name: string; readonly columns: string }

/** Makes `replica` the same as `primary`, in one transaction; triggers have done their work. */
export async function mirror(primary: Pool, replica: Pool): Promise<void> {
  const tables = await tablesOf(primary)
  const client = await replica.connect()
  try {
    await client.query('BEGIN')
    await client.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`)
    for (const { name, columns } of tables) {
      await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
      const rows = await primary.query<{ rows: string }>(
        `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${name} t`,
      )
      await client.query(
        `INSERT INTO ${name} (${columns})
          SELECT ${columns} FROM json_populate_recordset(NULL::${name}, $1)`,
        [rows.rows[0]?.rows],
      )
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** Those that refer to others come last. */
async function tablesOf(pool: Pool): Promise<Table[]> {
  const { rows } = await pool.query<Table>(
    `SELECT quote_ident(c.table_name) AS name,
        string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position) AS columns
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
      GROUP BY c.table_name
      ORDER BY EXISTS (SELECT FROM pg_constraint
        WHERE contype = 'f' AND conrelid = quote_ident(c.table_name)::regclass)`,
  )
  return rows
}
