/** People, rooms and items for the tests of the database; each with overrides. */
import type { Pool } from 'pg'
import { uuidv7 } from 'uuidv7'
import type { ChangeRow } from '../../src/database/changes.ts'
import type { Client } from '../../src/database/client.ts'
import { commitRoom } from '../../src/database/commit.ts'
import { createRoom } from '../../src/database/rooms.ts'
import type { CommitItem, CommitRequest, MessageItem } from '../../src/domain/room/commit.ts'
import type { Role } from '../../src/protocol/member.ts'
import { JOIN_SILENTLY } from '../support/join-silently.ts'

/** One statement at a time on any connection of the pool, or on one connection. */
export type Connection = Client & Pick<Pool, 'query'>

export async function addUser(
  database: Connection,
  user: { user_id: string; display_name?: string; is_admin?: boolean },
): Promise<void> {
  await database.query(
    'INSERT INTO tr_users (user_id, display_name, is_admin) VALUES ($1, $2, $3)',
    [user.user_id, user.display_name ?? user.user_id, user.is_admin ?? false],
  )
}

/** A room of `ann`, its owner and at first revision 1, with these other members. */
export async function addRoom(
  database: Connection,
  members: Readonly<Record<string, Role>> = {},
): Promise<string> {
  const room_id = uuidv7()
  await createRoom(database, {
    room_id,
    actor_id: 'ann',
    details: { title: 'Line 3 stopped', incident_type: 'equipment_failure', severity: 'high' },
  })
  for (const [user_id, role] of Object.entries(members))
    await database.query(JOIN_SILENTLY, [room_id, user_id, role, uuidv7(), 'ann'])
  return room_id
}

export const message = (overrides: Partial<MessageItem> = {}): MessageItem => {
  const change_id = overrides.change_id ?? uuidv7()
  return {
    kind: 'message',
    change_id,
    actor_id: 'ann',
    client_message_id: `client-${change_id}`,
    content: 'the belt is hot',
    data: null,
    message_type: 'text',
    mentions: [],
    reply_to: null,
    file_id: null,
    search: null,
    ...overrides,
  }
}

export const messages = (count: number, overrides: Partial<MessageItem> = {}): MessageItem[] =>
  Array.from({ length: count }, (_, index) =>
    message({ content: `message ${index}`, ...overrides }),
  )

/** A commit as of a writer that keeps no counters, unless told otherwise. */
export async function commit(
  database: Client,
  request: Partial<Omit<CommitRequest, 'owner' | 'expected_revision' | 'items'>> & {
    room_id: string
    owner?: string | null
    expected_revision?: number | null
    items: readonly CommitItem[]
  },
) {
  return commitRoom(database, {
    claim: false,
    in_group: false,
    owner: null,
    expected_revision: null,
    ...request,
  } as CommitRequest)
}

export type RoomRow = {
  status: string
  last_sequence: number
  last_revision: number
  last_hash: Buffer
  owner_instance: string | null
}

export async function roomRow(database: Connection, room_id: string): Promise<RoomRow> {
  const { rows } = await database.query(
    `SELECT status, last_sequence::int, last_revision::int, last_hash, owner_instance
      FROM incident_rooms WHERE room_id = $1`,
    [room_id],
  )
  return rows[0]
}

export type MessageRow = {
  sequence_number: number
  content: string
  sender_id: string
  xmin: string
}

export async function messageRows(database: Connection, room_id: string): Promise<MessageRow[]> {
  const { rows } = await database.query(
    `SELECT sequence_number::int, content, sender_id, xmin::text FROM messages
      WHERE room_id = $1 ORDER BY sequence_number`,
    [room_id],
  )
  return rows
}

export async function changeRows(database: Connection, room_id: string): Promise<ChangeRow[]> {
  const { rows } = await database.query(
    'SELECT change FROM room_changes($1, 0, 1000000, 1000000) AS change',
    [room_id],
  )
  return rows.map((row) => row.change)
}

/** 1, 2, 3 … count. */
export const oneTo = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index + 1)
