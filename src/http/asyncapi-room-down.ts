/** What each frame down from a room means, and an example of each form. */
import type { DownFrame } from '../protocol/down.ts'
import { RoomDetails } from '../protocol/room.ts'
import { PROTOCOL_VERSION } from '../protocol/version.ts'
import type { DownNotes } from './asyncapi-channel.ts'
import { cast } from './documented-cast.ts'
import { components } from './openapi-components.ts'

const { mei, lin, message_id, client_message_id } = cast
const at = '2026-11-22T09:32:42.123Z'
const later = '2026-11-22T09:35:10.456Z'
const emoji = '👍'

const message = components.Message.example
/** The room as its socket tells it: without the caller's own part. */
const all: Readonly<Record<string, unknown>> = components.Room.example
const room = Object.fromEntries(Object.keys(RoomDetails.shape).map((name) => [name, all[name]]))
const online = [
  { user_id: mei, display_name: '陳美', state: 'active', last_seen_at: at },
  { user_id: lin, display_name: 'Lin', state: 'idle', last_seen_at: at },
]

const change = { type: 'system', revision: 7, timestamp: later, actor_id: mei } as const
const done = { revision: 7, actor_id: mei, timestamp: later, message_id }

export const roomDownNotes: DownNotes<DownFrame> = {
  message: {
    summary: 'Somebody said something (MSG-2).',
    examples: [{ type: 'message', revision: message.revision, message }],
  },
  message_edited: {
    summary: 'A message has other words (MSG-7).',
    examples: [
      {
        type: 'message_edited',
        ...done,
        content: 'Pressure is back at 4.2 bar',
        mentions: [],
        edited_at: later,
      },
    ],
  },
  message_deleted: {
    summary: 'A message keeps its place and has no words any more (MSG-8).',
    examples: [{ type: 'message_deleted', ...done, deleted_at: later, deleted_by: mei }],
  },
  reaction_added: {
    summary: 'Somebody reacted (MSG-9).',
    examples: [
      { type: 'reaction_added', ...done, emoji, user_id: mei, count: 1, first_revision: 7 },
    ],
  },
  reaction_removed: {
    summary: 'Somebody took a reaction back (MSG-9).',
    examples: [
      { type: 'reaction_removed', ...done, emoji, user_id: mei, count: 0, first_revision: null },
    ],
  },
  message_pinned: {
    summary: 'A message is on the timeline, or its event time was corrected (MSG-11).',
    examples: [
      {
        type: 'message_pinned',
        ...done,
        pin: { pinned_by: mei, pinned_at: later, event_at: at },
      },
    ],
  },
  message_unpinned: {
    summary: 'A message is off the timeline (MSG-11).',
    examples: [{ type: 'message_unpinned', ...done }],
  },
  'system.room_created': {
    summary: 'The room was opened: its first revision.',
    examples: [{ ...change, revision: 1, event: 'room_created' }],
  },
  'system.room_updated': {
    summary: 'Title, status or other details changed; the fields that are new (API-4).',
    examples: [{ ...change, event: 'room_updated', changes: { status: 'resolved' } }],
  },
  'system.member_added': {
    summary: 'Somebody became a member (API-4).',
    examples: [
      {
        ...change,
        event: 'member_added',
        member: { ...components.Member.example, user_id: lin, display_name: 'Lin', role: 'editor' },
      },
    ],
  },
  'system.member_role_changed': {
    summary: 'Somebody has another role, obeyed from now on (CONN-8).',
    examples: [{ ...change, event: 'member_role_changed', user_id: lin, role: 'viewer' }],
  },
  'system.member_removed': {
    summary: 'Somebody is no longer a member; they themselves hear a close (CONN-8).',
    examples: [{ ...change, event: 'member_removed', user_id: lin }],
  },
  'system.user_joined': {
    summary: "A person's first socket came (PRES-1).",
    examples: [
      {
        type: 'system',
        event: 'user_joined',
        user_id: lin,
        display_name: 'Lin',
        timestamp: at,
      },
    ],
  },
  'system.user_left': {
    summary: "A person's last socket is gone, for longer than a reload takes (PRES-1).",
    examples: [
      { type: 'system', event: 'user_left', user_id: lin, display_name: 'Lin', timestamp: later },
    ],
  },
  ack: {
    summary: 'Your message is committed, with its numbers; never before (MSG-2).',
    examples: [
      {
        type: 'ack',
        client_message_id,
        message_id,
        sequence_number: 2,
        revision: 4,
        created_at: at,
        dropped_mentions: ['nobody@example.com'],
      },
    ],
  },
  change_ack: {
    summary: 'Your change of a message is committed, or it was so already.',
    examples: [{ type: 'change_ack', message_id, status: 'changed', ref: 'edit-1' }],
  },
  typing: {
    summary: 'Everybody but you who types now; forget it after 3 s (PRES-3).',
    examples: [{ type: 'typing', user_ids: [lin] }],
  },
  presence: {
    summary: 'Who is online; in a crowd only the count (PRES-2).',
    examples: [{ type: 'presence', online: online, online_count: 2 }],
  },
  read_marks: {
    summary:
      'How far members have read: those whose mark moved, at most once a second, and not in a ' +
      'crowd. `GET /api/rooms/{room_id}/read-marks` lists all (INBOX-2).',
    examples: [{ type: 'read_marks', read_marks: [{ user_id: lin, read_sequence: 2 }] }],
  },
  degraded: {
    summary:
      'How the room fares: what is left out for a while so that messages go on, and whether the ' +
      'database can be reached. At a change, and after `welcome` where it is not well (LIM-2, LIM-3).',
    examples: [
      { type: 'degraded', level: 1, paused: ['typing'], database: 'reachable' },
      { type: 'degraded', level: 0, paused: [], database: 'away' },
    ],
  },
  welcome: {
    summary: 'Always the first frame: who you are here, and where the room stands (CONN-3).',
    examples: [
      {
        type: 'welcome',
        protocol_version: PROTOCOL_VERSION,
        connection_id: '0198d7f4-4d44-7b54-9c64-3e74f84a94b0',
        room: room,
        role: 'owner',
        last_sequence: room['last_sequence'],
        last_revision: room['last_revision'],
        online: online,
        online_count: 2,
        server_time: at,
      },
    ],
  },
  resumed: {
    summary: 'Ends a replay, or says that a snapshot comes instead (CONN-5).',
    examples: [
      { type: 'resumed', recovered: true, from_revision: 1, to_revision: 7 },
      { type: 'resumed', recovered: false, from_revision: 1, to_revision: 2_048 },
    ],
  },
  snapshot: {
    summary: 'The room as of `revision`; replaces all the client knew (CONN-5).',
    examples: [
      {
        type: 'snapshot',
        revision: room['last_revision'],
        room: room,
        members: [components.Member.example],
        messages: [message],
      },
    ],
  },
  ping: {
    summary: 'Are you there? A client that is silent for 10 s is closed (CONN-6).',
    examples: [{ type: 'ping' }],
    answers: ['pong'],
  },
  pong: { summary: 'The answer to your `ping` (CONN-6).', examples: [{ type: 'pong' }] },
  auth_required: {
    summary: 'Your token ends soon: send `auth` with another (CONN-8).',
    examples: [{ type: 'auth_required', expires_at: later }],
    answers: ['auth'],
  },
  authenticated: {
    summary: 'The new token holds until then (CONN-8).',
    examples: [{ type: 'authenticated', expires_at: later }],
  },
  error: {
    summary: 'Your frame was refused; `ref` is its `ref` or `client_message_id` (CONN-11).',
    examples: [
      {
        type: 'error',
        code: 'unavailable',
        message: 'the database does not answer; send it again with the same id',
        ref: client_message_id,
        retry_after_ms: 1_000,
      },
      {
        type: 'error',
        code: 'bad_request',
        message: 'content: must not be blank',
        ref: 'edit-1',
      },
    ],
  },
}
