/**
 * Records as Postgres alone gives them: one session, one snapshot a room, nothing but built-ins in
 * its search path, and refused where rows could be hidden from it.
 */
import { Client } from 'pg'
import { readProofMessages, readProofRevisions } from '../../src/database/proof.ts'
import { verifyRecord, type RecordSource, type Verdict } from '../../src/database/verify-record.ts'
import { damage } from '../../src/domain/proof/damage.ts'
import { attestedBy, type Receipt } from '../../src/domain/proof/receipt.ts'
import { failure, success } from '../../src/lib/outcome.ts'
import { refusal } from '../../src/protocol/errors.ts'

export type Records = {
  /** Every room that has a row or a revision, one after another. */
  rooms(): AsyncIterable<string>
  /** @throws Error where there is no such room */
  verify(room_id: string, receipts: readonly Receipt[]): Promise<Verdict>
  close(): Promise<void>
}

const connectTimeoutMs = 15_000

const found = <Batch>(batch: Batch | null) =>
  batch === null ? failure(refusal('not_found', 'no such room')) : success(batch)

/** The rows of one room, as the session's own transaction sees them. */
export const recordSource = (client: Client, room_id: string): RecordSource => {
  const args = { room_id, user_id: null }
  return {
    revisions: async (after) => found(await readProofRevisions(client, { ...args, after })),
    messages: async (after) => found(await readProofMessages(client, { ...args, after })),
  }
}

/** @throws Error with one line: unreachable, or these are not Muster's tables */
export async function openRecords(url: string): Promise<Records> {
  const client = new Client({
    connectionString: url,
    application_name: 'muster-verify',
    connectionTimeoutMillis: connectTimeoutMs,
  })
  // A connection lost between two statements; the next statement fails and says so.
  client.on('error', () => {})
  await client.connect()
  const records = { rooms, verify, close: () => client.end() }
  try {
    // Operators are looked up like everything else; and a policy that hides rows is an error.
    await client.query('SET search_path = pg_catalog')
    await client.query('SET row_security = off')
    await requireTables()
    return records
  } catch (error) {
    await client.end()
    throw error
  }

  /** A view in a table's place could show us other rows than it shows the server. */
  async function requireTables(): Promise<void> {
    const { rows } = await client.query(
      `SELECT t.name FROM unnest(ARRAY['incident_rooms', 'room_members', 'room_revisions',
          'messages', 'message_reactions']) AS t (name)
        WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.relname = t.name::name
          AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r')`,
    )
    const names = rows.map((row) => `public.${String(row.name)}`)
    if (names.length > 0)
      throw new Error(`${names.join(', ')}: no such table. Is this the database of a Muster?`)
  }

  async function* rooms(): AsyncIterable<string> {
    let room_id = await roomAfter(null)
    while (room_id !== undefined) {
      yield room_id
      room_id = await roomAfter(room_id)
    }
  }

  async function roomAfter(after: string | null): Promise<string | undefined> {
    const { rows } = await client.query<{ room_id: string }>(
      `(SELECT room_id FROM public.incident_rooms
          WHERE $1::uuid IS NULL OR room_id > $1 ORDER BY room_id LIMIT 1)
        UNION
        (SELECT room_id FROM public.room_revisions
          WHERE $1::uuid IS NULL OR room_id > $1 ORDER BY room_id LIMIT 1)
        ORDER BY room_id LIMIT 1`,
      [after],
    )
    return rows[0]?.room_id
  }

  async function verify(room_id: string, receipts: readonly Receipt[]): Promise<Verdict> {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    try {
      const attested = receipts.map((receipt) => attestedBy('a receipt', receipt))
      const verdict = await verifyRecord(recordSource(client, room_id), attested)
      return verdict.ok ? verdict.value : await withoutRow(room_id, receipts)
    } finally {
      await client.query('ROLLBACK')
    }
  }

  /** A room is never removed: what is left of one, in rows or in a receipt, says that it was. */
  async function withoutRow(room_id: string, receipts: readonly Receipt[]): Promise<Verdict> {
    const { rows } = await client.query(
      `SELECT FROM public.room_revisions WHERE room_id = $1
        UNION ALL SELECT FROM public.messages WHERE room_id = $1 LIMIT 1`,
      [room_id],
    )
    if (rows.length === 0 && receipts.length === 0)
      throw new Error(`There is no room ${room_id} in this database.`)
    const first_problem = damage('room_missing', 'its row in incident_rooms is gone')
    return { first_problem, head: { revision: 0, hash: '' }, messages: 0 }
  }
}
