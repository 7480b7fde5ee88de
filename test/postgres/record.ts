/** A room with something of everything that the revisions tell, and its proof read from Postgres. */
import type { Pool } from 'pg'
import { uuidv7 } from 'uuidv7'
import type { Client } from '../../src/database/client.ts'
import { readProofMessages, readProofRevisions } from '../../src/database/proof.ts'
import { verifyRecord, type RecordSource, type Verdict } from '../../src/database/verify-record.ts'
import type { Attested } from '../../src/domain/proof/chain.ts'
import type { CommitItem } from '../../src/domain/room/commit.ts'
import { success } from '../../src/lib/outcome.ts'
import { addRoom, commit, message } from './builders.ts'

const found = <Batch>(batch: Batch | null) => {
  if (batch === null) throw new Error('there is no such room')
  return success(batch)
}

/** Batches straight from a connection; `limit` makes them small. */
export const sourceOf = (database: Client, room_id: string, limit?: number): RecordSource => {
  const args = { room_id, user_id: null, ...(limit === undefined ? {} : { limit }) }
  return {
    revisions: async (after) => found(await readProofRevisions(database, { ...args, after })),
    messages: async (after) => found(await readProofMessages(database, { ...args, after })),
  }
}

export const verify = async (
  database: Client,
  room_id: string,
  { attested = [], limit }: { attested?: readonly Attested[]; limit?: number } = {},
): Promise<Verdict> => {
  const verdict = await verifyRecord(sourceOf(database, room_id, limit), attested)
  if (!verdict.ok) throw new Error('the record could not be read')
  return verdict.value
}

export type Said = {
  readonly message_id: string
  readonly sequence_number: number
  readonly revision: number
}

export type FullRecord = {
  readonly room_id: string
  /** What people said, in order: seven; between it the system says what they changed. */
  readonly said: readonly Said[]
}

const by = (actor_id = 'ann') => ({ actor_id, change_id: uuidv7(), message_id: uuidv7() })

/** Ann's room with every kind of revision and of row. */
export const fullRecord = async (pool: Pool): Promise<FullRecord> => {
  const room_id = await addRoom(pool, { ben: 'editor', vic: 'viewer', gone: 'viewer' })
  const said = [
    message({ content: '溫度過高 🔥', mentions: ['ben'] }),
    message({
      content: '',
      message_type: 'incident_data',
      data: { temperature: 80.5, ratio: 1e-7, line: '3', at: { hall: null, ok: true } },
    }),
    message({ content: 'again', actor_id: 'ben' }),
    message({ content: 'by 手 \u202eשלום' }),
    message({ content: '', message_type: 'file_ref', file_id: await addFile(pool, room_id) }),
    message({ content: 'and the rest' }),
    message({ content: 'and the last' }),
  ]
  const [one = message(), two = message(), three = message()] = said
  const about = ({ change_id }: CommitItem, actor_id = 'ann') => ({
    ...by(actor_id),
    message_id: change_id,
  })
  const edit = { kind: 'message_edited', search: null, window_ms: 900_000 } as const
  const event_at = '2026-11-22T09:32:42.123456Z'
  const items: CommitItem[] = [
    one,
    two,
    { ...three, reply_to: one.change_id },
    { ...by(), kind: 'member_role_changed', user_id: 'vic', role: 'editor' },
    { ...by(), kind: 'member_removed', user_id: 'gone' },
    {
      ...by(),
      kind: 'room_updated',
      changes: { title: 'Line 3 stands', lots: ['A12-77'], status: 'resolved' },
    },
    ...said.slice(3),
    { ...about(one), ...edit, content: 'too hot', mentions: [] },
    { ...about(one), ...edit, content: 'too hot @vic', mentions: ['vic'] },
    { ...about(one, 'ben'), kind: 'reaction_added', emoji: '👍' },
    { ...about(one, 'vic'), kind: 'reaction_added', emoji: '👍' },
    { ...about(two, 'vic'), kind: 'reaction_added', emoji: '🔥' },
    { ...about(two, 'vic'), kind: 'reaction_removed', emoji: '🔥' },
    { ...about(two, 'ben'), kind: 'message_pinned', event_at: null },
    { ...about(two), kind: 'message_pinned', event_at },
    { ...about(one), kind: 'message_pinned', event_at },
    { ...about(one), kind: 'message_unpinned' },
    { ...about(three), kind: 'message_deleted' },
  ]
  const outcome = await commit(pool, { room_id, items })
  const refused =
    outcome.kind === 'answered' && outcome.results.find(({ status }) => status === 'refused')
  if (refused) throw new Error(JSON.stringify(refused))
  const { rows } = await pool.query(
    `SELECT message_id, sequence_number::int, revision::int FROM messages
      WHERE room_id = $1 AND message_type <> 'system' ORDER BY sequence_number`,
    [room_id],
  )
  return { room_id, said: rows as Said[] }
}

const addFile = async (pool: Pool, room_id: string): Promise<string> => {
  const file_id = uuidv7()
  await pool.query(
    `INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes)
      VALUES ($1, $2, 'ann', 'log.txt', 'text/plain', 12)`,
    [file_id, room_id],
  )
  return file_id
}
