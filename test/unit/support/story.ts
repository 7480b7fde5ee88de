/** A small clean history to plant anomalies in, and the frames and events that it is made of. */
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { RoomDetails } from '../../../src/protocol/room.ts'
import type { ClientEvent, ClientHistory } from '../../support/history.ts'
import type { MessageRow, RevisionRow, RoomRows } from '../../support/history/rows.ts'

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }
export type Rows = Mutable<RoomRows> & {
  messages: Mutable<MessageRow>[]
  revisions: Mutable<RevisionRow>[]
}
export type Story = { alice: ClientHistory; bob: ClientHistory; rows: Rows }

/**
 * Revision 1 opens the room, 2 adds a member, 3 to 5 are Alice's messages a1 to a3. Bob comes in
 * at 2, is cut off after 3 and resumes up to 4.
 */
export function story(): Story {
  return {
    alice: {
      name: 'alice',
      user_id: 'alice',
      stayed: true,
      events: [
        { type: 'connected', connection: 1, since_revision: undefined },
        received(1, welcome(1)),
        received(1, memberAdded(2)),
        sent(1, 'a1'),
        sent(1, 'a2'),
        received(1, ack('a1', 1)),
        received(1, message(3)),
        received(1, ack('a2', 2)),
        received(1, message(4)),
        sent(1, 'a3'),
        received(1, ack('a3', 3)),
        received(1, message(5)),
      ],
    },
    bob: {
      name: 'bob',
      user_id: 'bob',
      stayed: true,
      events: [
        { type: 'connected', connection: 1, since_revision: undefined },
        received(1, welcome(2)),
        received(1, message(3)),
        { type: 'connected', connection: 2, since_revision: 3 },
        received(2, welcome(4)),
        received(2, message(4)),
        received(2, { type: 'resumed', recovered: true, from_revision: 3, to_revision: 4 }),
        received(2, message(5)),
      ],
    },
    rows: {
      last_sequence: 3,
      last_revision: 5,
      last_hash: 'hash5',
      messages: [1, 2, 3].map((sequence_number) => ({
        message_id: `message${sequence_number}`,
        sender_id: 'alice',
        client_message_id: `a${sequence_number}`,
        content: `text of a${sequence_number}`,
        sequence_number,
        revision: sequence_number + 2,
        created_at,
        is_changed: false,
      })),
      revisions: ['room_created', 'member_added', 'message', 'message', 'message'].map(
        (kind, index) => ({
          revision: index + 1,
          kind,
          message_id: kind === 'message' ? `message${index - 1}` : null,
          first_content: kind === 'message' ? `text of a${index - 1}` : null,
          previous_hash: index === 0 ? '' : `hash${index}`,
          hash: `hash${index + 1}`,
          computed_hash: `hash${index + 1}`,
        }),
      ),
    },
  }
}

const created_at = '2026-11-22T09:32:42.123Z'
const by = { type: 'system', timestamp: created_at, actor_id: 'alice' } as const

export function sent(connection: number, client_message_id: string): ClientEvent {
  return { type: 'sent', connection, client_message_id, content: `text of ${client_message_id}` }
}

export function received(connection: number, frame: DownFrame): ClientEvent {
  return { type: 'received', connection, frame }
}

export function message(revision: number): DownFrame {
  return { type: 'message', revision, message: messageOf(revision) }
}

function messageOf(revision: number): Message {
  const sequence_number = revision - 2
  return {
    message_id: `message${sequence_number}`,
    room_id: 'room',
    sender_id: 'alice',
    sender_display_name: 'Alice',
    client_message_id: `a${sequence_number}`,
    content: `text of a${sequence_number}`,
    data: null,
    message_type: 'text',
    mentions: [],
    file_id: null,
    file_url: null,
    file: null,
    reply_to: null,
    created_at,
    edited_at: null,
    deleted_at: null,
    deleted_by: null,
    pin: null,
    sequence_number,
    revision,
    changed_revision: revision,
    reactions: [],
  }
}

export function ack(client_message_id: string, sequence_number: number): DownFrame {
  const message_id = `message${sequence_number}`
  const revision = sequence_number + 2
  return { type: 'ack', client_message_id, message_id, sequence_number, revision, created_at }
}

function memberAdded(revision: number): DownFrame {
  const who = { user_id: 'bob', display_name: 'Bob', is_admin: false }
  const member = { ...who, role: 'editor', joined_at: created_at } as const
  return { ...by, revision, event: 'member_added', member }
}

export function statusChange(revision: number): DownFrame {
  return { ...by, revision, event: 'room_updated', changes: { status: 'resolved' } }
}

function welcome(last_revision: number): DownFrame {
  return {
    type: 'welcome',
    protocol_version: 1,
    connection_id: 'connection',
    room: details(last_revision),
    role: 'editor',
    last_sequence: Math.max(0, last_revision - 2),
    last_revision,
    online: [],
    online_count: 0,
    server_time: created_at,
  }
}

/** @param revisions of its messages, newest first */
export function snapshotOf(revision: number, revisions: readonly number[]): DownFrame {
  const messages = revisions.map(messageOf)
  return { type: 'snapshot', revision, room: details(revision), members: [], messages }
}

function details(last_revision: number): RoomDetails {
  return {
    room_id: 'room',
    title: 'Line 3 stopped',
    incident_type: 'other',
    severity: 'low',
    status: 'active',
    location: '',
    description: '',
    lots: [],
    created_at,
    updated_at: created_at,
    last_sequence: Math.max(0, last_revision - 2),
    last_revision,
  }
}
