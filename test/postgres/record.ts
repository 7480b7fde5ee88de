/** A room with something of everything that the revisions tell, and its proof read from Postgres. */
import type { Pool } from 'pg'
import { uuidv7 } from 'uuidv7'
import { readProofMessages, readProofRevisions } from '../../src/database/proof.ts'
import { verifyRecord, type RecordSource, type Verdict } from '../../src/database/verify-record.ts'
import type { Attested } from '../../src/domain/proof/chain.ts'
import type { CommitItem } from '../../src/domain/room/commit.ts'
import { success } from '../../src/lib/outcome.ts'
import { addRoom, commit, message, messages } from './builders.ts'

const found = <Batch>(batch: Batch | null) => {
  if (batch === null) throw new Error('there is no such room')
  return success(batch)
}

/** Batches straight from a connection; `limit` makes them small. */
export const sourceOf = (pool: Pool, room_id: string, limit?: number): RecordSource => {
  const args = { room_id, user_id: null, ...(limit === undefined ? {} : { limit }) }
  return {
    revisions: async (after) => found(await readProofRevisions(pool, { ...args, after })),
    messages: async (after) => found(await readProofMessages(pool, { ...args, after })),
  }
}

export const verify = async (
  pool: Pool,
  room_id: string,
  { attested = [], limit }: { attested?: readonly Attested[]; limit?: number } = {},
): Promise<Verdict> => {
  const verdict = await verifyRecord(sourceOf(pool, room_id, limit), attested)
  if (!verdict.ok) throw new Error('the record could not be read')
  return verdict.value
}

const changed = (kind: string, message_id: string, actor_id = 'ann', more: object = {}) => ({
  kind,
  message_id,
  actor_id,
  ...more,
})

/**
 * What the procedures write for a change of a message: the row first, then the revision with the
 * room's row locked. In SQL of its own, so that the proof is held against the contract.
 */
export const changeMessage = async (
  pool: Pool,
  room_id: string,
  change: { kind: string; message_id: string; actor_id: string } & Record<string, unknown>,
): Promise<void> => {
  const { kind, message_id, actor_id } = change
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query(
      `SELECT last_revision + 1 AS revision, next_instant(last_activity_at)::text AS at
        FROM incident_rooms WHERE room_id = $1 FOR UPDATE`,
      [room_id],
    )
    const { revision, at } = rows[0] as { revision: string; at: string }
    let payload: object = {}
    if (kind === 'message_edited') {
      payload = { content: change['content'], mentions: change['mentions'] }
      await client.query(
        'UPDATE messages SET content = $2, mentions = $3, edited_at = $4 WHERE message_id = $1',
        [message_id, change['content'], change['mentions'], at],
      )
    } else if (kind === 'message_deleted') {
      await client.query(
        'UPDATE messages SET deleted_at = $2, deleted_by = $3 WHERE message_id = $1',
        [message_id, at, actor_id],
      )
    } else if (kind === 'message_pinned') {
      payload = { event_at: change['event_at'] }
      await client.query(
        'UPDATE messages SET pinned_at = $2, pinned_by = $3, event_at = $4 WHERE message_id = $1',
        [message_id, at, actor_id, change['event_at']],
      )
    } else if (kind === 'message_unpinned') {
      await client.query(
        'UPDATE messages SET pinned_at = NULL, pinned_by = NULL, event_at = NULL WHERE message_id = $1',
        [message_id],
      )
    } else {
      const values = [message_id, change['emoji'], actor_id]
      if (kind === 'reaction_added')
        await client.query('INSERT INTO message_reactions VALUES ($1, $2, $3, $4)', [
          ...values,
          revision,
        ])
      else
        await client.query(
          'DELETE FROM message_reactions WHERE message_id = $1 AND emoji = $2 AND user_id = $3',
          values,
        )
      payload = { emoji: change['emoji'], count: 1, first_revision: Number(revision) }
    }
    await client.query('SELECT append_revision($1, $2, $3, $4, $5, $6, $7)', [
      ...[room_id, kind, uuidv7(), message_id, actor_id, at, JSON.stringify(payload)],
    ])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

export type Said = {
  readonly message_id: string
  readonly sequence_number: number
  readonly revision: number
}

export type FullRecord = {
  readonly room_id: string
  /** What people said, in order; between it the system may say what they changed. */
  readonly said: readonly Said[]
}

/** Ann's room with every kind of revision and of row. */
export const fullRecord = async (pool: Pool): Promise<FullRecord> => {
  const room_id = await addRoom(pool, { ben: 'editor', vic: 'viewer', gone: 'viewer' })
  const by = { actor_id: 'ann' }
  const reading = message({
    content: '',
    message_type: 'incident_data',
    data: { temperature: 80.5, total: 12345678901234567890n.toString(), line: '3' },
  })
  const first = message({ content: '溫度過高 🔥', mentions: ['ben'] })
  const items: CommitItem[] = [
    first,
    reading,
    message({ content: 'again', reply_to: first.change_id, actor_id: 'ben' }),
    { ...by, kind: 'member_role_changed', change_id: uuidv7(), user_id: 'vic', role: 'editor' },
    { ...by, kind: 'member_removed', change_id: uuidv7(), user_id: 'gone' },
    {
      ...by,
      kind: 'room_updated',
      change_id: uuidv7(),
      message_id: uuidv7(),
      changes: { title: 'Line 3 stands', lots: ['A12-77'], status: 'resolved' },
    },
    ...messages(4),
  ]
  await commit(pool, { room_id, items })
  const { rows } = await pool.query(
    `SELECT message_id, sequence_number::int, revision::int FROM messages
      WHERE room_id = $1 AND message_type <> 'system' ORDER BY sequence_number`,
    [room_id],
  )
  const said = rows as Said[]
  const [one = '', two = '', three = ''] = said.map(({ message_id }) => message_id)
  const event_at = '2026-11-22T09:32:42.123456Z'
  const changes = [
    changed('message_edited', one, 'ann', { content: 'too hot', mentions: [] }),
    changed('message_edited', one, 'ann', { content: 'too hot @vic', mentions: ['vic'] }),
    changed('reaction_added', one, 'ben', { emoji: '👍' }),
    changed('reaction_added', one, 'vic', { emoji: '👍' }),
    changed('reaction_added', two, 'vic', { emoji: '🔥' }),
    changed('reaction_removed', two, 'vic', { emoji: '🔥' }),
    changed('message_pinned', two, 'ben', { event_at: '2026-11-22T09:00:00.000000Z' }),
    changed('message_pinned', two, 'ann', { event_at }),
    changed('message_pinned', one, 'ann', { event_at }),
    changed('message_unpinned', one, 'ann'),
    changed('message_deleted', three, 'ann'),
  ]
  for (const change of changes) await changeMessage(pool, room_id, change)
  return { room_id, said }
}
