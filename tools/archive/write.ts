/** A room out of a database, in one snapshot, row by row into a file. */
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { Client } from 'pg'
import { verifyRecord, type Verdict } from '../../src/database/verify-record.ts'
import { recordSource } from '../verify/records.ts'
import { FORMAT, manifestLine, rowLine, sealLine, VERSION } from './format.ts'
import { columnsOf } from './session.ts'
import { archivedTables, type ArchivedTable } from './tables.ts'

export type Written = { readonly verdict: Verdict; readonly rows: Record<string, number> }

const fetchCount = 500

/**
 * A damaged record is written as it is, and the verdict says so.
 * @param file must not be there yet
 * @throws Error where there is no such room, or the file cannot be written
 */
export async function writeArchive(
  client: Client,
  { room_id, file, made_at }: { room_id: string; file: string; made_at: string },
): Promise<Written> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    const verdict = await verifyRecord(recordSource(client, room_id), [])
    if (!verdict.ok) throw new Error(`There is no room ${room_id} in this database.`)
    const rows = await writeFile(client, { room_id, file, made_at, verdict: verdict.value })
    return { verdict: verdict.value, rows }
  } finally {
    await client.query('ROLLBACK')
  }
}

async function writeFile(
  client: Client,
  given: { room_id: string; file: string; made_at: string; verdict: Verdict },
): Promise<Record<string, number>> {
  const { room_id, made_at, verdict } = given
  const out = await open(given.file, 'wx', 0o600)
  const hash = createHash('sha256')
  const write = async (text: string) => {
    hash.update(text)
    await out.writeFile(text)
  }
  try {
    const columns: Record<string, string[]> = {}
    for (const table of archivedTables) columns[table.name] = await keptColumns(client, table)
    await write(manifestLine({ format: FORMAT, version: VERSION, room_id, made_at, columns }))
    const rows: Record<string, number> = {}
    for (const table of archivedTables) {
      rows[table.name] = 0
      for await (const page of pagesOf(client, { table, room_id, columns: columns[table.name] })) {
        rows[table.name] = (rows[table.name] ?? 0) + page.length
        await write(page.map((text) => rowLine({ table: table.name, text })).join(''))
      }
    }
    const { head, messages } = verdict
    await out.writeFile(sealLine({ rows, head, messages, sha256: hash.digest('hex') }))
    await out.sync()
    return rows
  } catch (error) {
    // Without its seal it is none.
    await rm(given.file, { force: true })
    throw error
  } finally {
    await out.close()
  }
}

async function keptColumns(client: Client, { name, without }: ArchivedTable): Promise<string[]> {
  const columns = await columnsOf(client, name)
  return columns.filter((column) => !without.includes(column))
}

async function* pagesOf(
  client: Client,
  given: { table: ArchivedTable; room_id: string; columns: readonly string[] | undefined },
): AsyncIterable<string[]> {
  const { table, room_id, columns = [] } = given
  const list = columns.map((column) => `t."${column}"`).join(', ')
  await client.query(
    `DECLARE page NO SCROLL CURSOR FOR
      SELECT row_to_json(kept)::text AS text FROM (SELECT ${list} FROM ${table.from}) AS kept`,
    [room_id],
  )
  for (;;) {
    const { rows } = await client.query<{ text: string }>(`FETCH ${fetchCount} FROM page`)
    if (rows.length === 0) break
    yield rows.map(({ text }) => text)
  }
  await client.query('CLOSE page')
}
