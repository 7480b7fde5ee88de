/** A room out of an archive into a database that does not have it: all of it, proven, or nothing. */
import type { Client } from 'pg'
import { verifyRecord, type Verdict } from '../../src/database/verify-record.ts'
import { attestedBy, type Receipt } from '../../src/domain/proof/receipt.ts'
import { damageLine } from '../../src/domain/proof/damage.ts'
import { recordSource } from '../verify/records.ts'
import type { Manifest, Seal } from './format.ts'
import { checkArchive, rowsOf } from './read.ts'
import { columnsOf } from './session.ts'
import { archivedTables } from './tables.ts'

export type Restored = { readonly room_id: string; readonly verdict: Verdict }

/** Rows of one statement. */
const batchMaxCount = 500
const batchMaxLength = 4_194_304

/** @throws Error with one line; the database is then as it was */
export async function restoreArchive(
  client: Client,
  { file, receipts }: { file: string; receipts: readonly Receipt[] },
): Promise<Restored> {
  const { manifest, seal } = await checkArchive(file)
  await client.query('BEGIN')
  try {
    await requirePlace(client, manifest)
    await insertRows(client, { file, manifest })
    // Were the room removed here before, its files' bytes would be on the list of what may go.
    await client.query(
      `DELETE FROM public.unclaimed_objects u USING public.files f
        WHERE f.room_id = $1 AND u.file_id = f.file_id`,
      [manifest.room_id],
    )
    const verdict = await prove(client, { manifest, seal, receipts })
    await client.query('COMMIT')
    return { room_id: manifest.room_id, verdict }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

async function requirePlace(client: Client, { room_id, columns }: Manifest): Promise<void> {
  for (const [table, wanted] of Object.entries(columns)) {
    if (!archivedTables.some(({ name }) => name === table))
      throw new Error(`The archive has rows of ${table}, which no archive has.`)
    const there = await columnsOf(client, table)
    const lacking = wanted.filter((column) => !there.includes(column))
    if (lacking.length > 0)
      throw new Error(`${table} has no ${lacking.join(', ')} here: npm run migrate first.`)
  }
  const { rows } = await client.query(
    `SELECT FROM public.incident_rooms WHERE room_id = $1
      UNION ALL SELECT FROM public.room_revisions WHERE room_id = $1
      UNION ALL SELECT FROM public.messages WHERE room_id = $1 LIMIT 1`,
    [room_id],
  )
  if (rows.length > 0)
    throw new Error(`Room ${room_id} is in this database; nothing is overwritten.`)
}

async function insertRows(
  client: Client,
  { file, manifest }: { file: string; manifest: Manifest },
): Promise<void> {
  let table = ''
  let texts: string[] = []
  let length = 0
  const flush = async () => {
    if (texts.length > 0) await insert(client, { table, texts, columns: manifest.columns[table] })
    texts = []
    length = 0
  }
  for await (const row of rowsOf(file)) {
    if (row.table !== table || texts.length === batchMaxCount || length > batchMaxLength)
      await flush()
    table = row.table
    texts.push(row.text)
    length += row.text.length
  }
  await flush()
}

async function insert(
  client: Client,
  given: { table: string; texts: readonly string[]; columns: readonly string[] | undefined },
): Promise<void> {
  const { table, texts, columns } = given
  if (!columns) throw new Error(`The archive has rows of ${table} that its manifest does not name.`)
  const list = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ')
  // People who are known here stay as they are.
  const conflict = table === 'tr_users' ? 'ON CONFLICT (user_id) DO NOTHING' : ''
  await client.query(
    `INSERT INTO public.${table} (${list})
      SELECT ${list} FROM json_populate_recordset(NULL::public.${table}, $1::json) ${conflict}`,
    [`[${texts.join(',')}]`],
  )
}

/** @throws Error where what is there now is not the whole record of the archive */
async function prove(
  client: Client,
  given: { manifest: Manifest; seal: Seal; receipts: readonly Receipt[] },
): Promise<Verdict> {
  const { manifest, seal } = given
  const receipts = given.receipts.filter(({ room_id }) => room_id === manifest.room_id)
  const attested = receipts.map((receipt) => attestedBy('a receipt', receipt))
  const verdict = await verifyRecord(recordSource(client, manifest.room_id), attested)
  if (!verdict.ok) throw new Error('The archive has no room in it.')
  const { first_problem, head, messages } = verdict.value
  if (first_problem) throw new Error(`The archive is DAMAGED: ${damageLine(first_problem)}`)
  if (head.revision !== seal.head.revision || head.hash !== seal.head.hash)
    throw new Error('The archive is DAMAGED: its rows end elsewhere than its seal says.')
  if (messages !== seal.messages)
    throw new Error('The archive is DAMAGED: it has not as many messages as its seal says.')
  return verdict.value
}
