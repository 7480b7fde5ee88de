/** What Postgres has of a room in the end, and whether it is sound by itself (SEQ-1, SEC-4). */
import type { Violation } from '../history.ts'

export type MessageRow = {
  readonly message_id: string
  readonly sender_id: string
  readonly client_message_id: string
  readonly content: string
  readonly sequence_number: number
  readonly revision: number
  /** In the form of the wire. */
  readonly created_at: string
  /** Edited or deleted since: the first text is in the revision's payload only. */
  readonly is_changed: boolean
}

export type RevisionRow = {
  readonly revision: number
  readonly kind: string
  readonly message_id: string | null
  /** The text of a message as it was first committed. */
  readonly first_content: string | null
  readonly previous_hash: string
  readonly hash: string
  /** `hash` computed again from the row. */
  readonly computed_hash: string
}

export type RoomRows = {
  readonly last_sequence: number
  readonly last_revision: number
  readonly last_hash: string
  readonly messages: readonly MessageRow[]
  readonly revisions: readonly RevisionRow[]
}

type Queryable = {
  query(text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

/** @throws Error where there is no such room */
export async function readRoomRows(database: Queryable, room_id: string): Promise<RoomRows> {
  const rooms = await database.query(
    `SELECT last_sequence::int, last_revision::int, encode(last_hash, 'hex') AS last_hash
      FROM incident_rooms WHERE room_id = $1`,
    [room_id],
  )
  const messages = await database.query(
    `SELECT message_id, sender_id, client_message_id, content, sequence_number::int, revision::int,
        wire_time(created_at) AS created_at,
        edited_at IS NOT NULL OR deleted_at IS NOT NULL AS is_changed
      FROM messages WHERE room_id = $1 ORDER BY sequence_number, message_id`,
    [room_id],
  )
  const revisions = await database.query(
    `SELECT revision::int, kind, message_id, payload ->> 'content' AS first_content,
        encode(previous_hash, 'hex') AS previous_hash, encode(hash, 'hex') AS hash,
        encode(revision_hash(previous_hash, room_id, revision, kind, change_id, message_id, actor_id, at, payload),
          'hex') AS computed_hash
      FROM room_revisions WHERE room_id = $1 ORDER BY revision`,
    [room_id],
  )
  const room = rooms.rows[0]
  if (room === undefined) throw new Error(`there is no room ${room_id}`)
  return {
    ...(room as Pick<RoomRows, 'last_sequence' | 'last_revision' | 'last_hash'>),
    messages: messages.rows as MessageRow[],
    revisions: revisions.rows as RevisionRow[],
  }
}

export function rowViolations(rows: RoomRows): Violation[] {
  return [
    ...numbering('sequence number', {
      numbers: rows.messages.map((message) => message.sequence_number),
      last: rows.last_sequence,
    }),
    ...numbering('revision', {
      numbers: rows.revisions.map((revision) => revision.revision),
      last: rows.last_revision,
    }),
    ...repeatedIds(rows),
    ...chain(rows),
    ...messagesInChain(rows),
  ]
}

/** 1, 2, 3 … up to the room's own counter. */
function numbering(what: string, { numbers, last }: { numbers: number[]; last: number }) {
  const violations: Violation[] = []
  let expected = 1
  for (const number of numbers) {
    if (number < expected)
      violations.push({ kind: 'duplicate', evidence: `rows: ${what} ${number} is there twice` })
    if (number > expected)
      violations.push({
        kind: 'gap',
        evidence: `rows: ${what} ${number} follows ${expected - 1}`,
      })
    expected = number + 1
  }
  if (expected !== last + 1)
    violations.push({
      kind: 'gap',
      evidence: `rows: the last ${what} is ${expected - 1}, the room counts ${last}`,
    })
  return violations
}

function repeatedIds({ messages }: RoomRows): Violation[] {
  const seen = new Map<string, MessageRow>()
  return messages.flatMap((message): Violation[] => {
    const key = JSON.stringify([message.sender_id, message.client_message_id])
    const other = seen.get(key)
    seen.set(key, message)
    if (other === undefined) return []
    const numbers = `${other.sequence_number} and ${message.sequence_number}`
    return [{ kind: 'duplicate', evidence: `rows: ${key} is committed as ${numbers}` }]
  })
}

function chain(rows: RoomRows): Violation[] {
  const violations: Violation[] = []
  const broken = (evidence: string) => violations.push({ kind: 'broken_chain', evidence })
  let previous = ''
  for (const row of rows.revisions) {
    if (row.previous_hash !== previous)
      broken(`revision ${row.revision} does not link to the one before`)
    if (row.hash !== row.computed_hash) broken(`revision ${row.revision} is not what was hashed`)
    previous = row.hash
  }
  if (rows.last_hash !== previous) broken('the room does not end with its last revision')
  return violations
}

/** Each message is exactly one revision, and unchanged since if nothing says otherwise. */
function messagesInChain({ messages, revisions }: RoomRows): Violation[] {
  const inChain = new Map(
    revisions.flatMap((row) => (row.kind === 'message' ? [[row.revision, row] as const] : [])),
  )
  const violations = messages.flatMap((message): Violation[] => {
    const row = inChain.get(message.revision)
    inChain.delete(message.revision)
    const isSame = row?.message_id === message.message_id
    if (isSame && (message.is_changed || row.first_content === message.content)) return []
    const evidence = `message ${message.sequence_number} is not what revision ${message.revision} says`
    return [{ kind: 'broken_chain', evidence }]
  })
  for (const { revision } of inChain.values())
    violations.push({ kind: 'broken_chain', evidence: `revision ${revision} has no message` })
  return violations
}
