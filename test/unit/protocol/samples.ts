/** One frame of each kind, as full as it can be. */
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { UpFrame } from '../../../src/protocol/up.ts'
import { aMember, aMessage, someDetails, uuid } from '../domain/room/room-builder.ts'

const at = '2026-11-22T09:32:42.123Z'
const change = { type: 'system', revision: 3, timestamp: at, actor_id: 'olga' } as const
const online = [{ user_id: 'ann', display_name: 'Ann', state: 'idle', last_seen_at: at } as const]

export const upFrames: readonly UpFrame[] = [
  {
    type: 'message',
    content: 'hello',
    message_type: 'text',
    client_message_id: 'c',
    mentions: ['bob'],
    reply_to: uuid(1),
    ref: 'r',
  },
  { type: 'edit_message', message_id: uuid(2), content: 'better words', ref: 'r' },
  { type: 'delete_message', message_id: uuid(2), ref: 'r' },
  { type: 'add_reaction', message_id: uuid(2), emoji: '👍🏽', ref: 'r' },
  { type: 'remove_reaction', message_id: uuid(2), emoji: '❤️', ref: 'r' },
  { type: 'pin_message', message_id: uuid(2), event_at: at, ref: 'r' },
  { type: 'unpin_message', message_id: uuid(2), ref: 'r' },
  { type: 'typing', is_typing: false, ref: 'r' },
  { type: 'presence', state: 'idle', ref: 'r' },
  { type: 'read', sequence_number: 7, ref: 'r' },
  { type: 'resume', since_revision: 7, ref: 'r' },
  { type: 'auth', token: 't', ref: 'r' },
  { type: 'ping' },
  { type: 'pong' },
]

const done = { revision: 3, actor_id: 'ann', timestamp: at, message_id: uuid(2) } as const
const reaction = { emoji: '👍', user_id: 'ann' }

export const downFrames: readonly DownFrame[] = [
  { type: 'message', revision: 2, message: aMessage(2) },
  { ...change, event: 'room_created' },
  { ...change, event: 'room_updated', changes: { status: 'resolved', lots: ['A12-77'] } },
  { ...change, event: 'member_added', member: aMember('ann') },
  { ...change, event: 'member_role_changed', user_id: 'ann', role: 'viewer' },
  { ...change, event: 'member_removed', user_id: 'ann' },
  { ...done, type: 'message_edited', content: 'better', mentions: ['ann'], edited_at: at },
  { ...done, type: 'message_deleted', deleted_at: at, deleted_by: 'ann' },
  { ...done, ...reaction, type: 'reaction_added', count: 1, first_revision: 3 },
  { ...done, ...reaction, type: 'reaction_removed', count: 0, first_revision: null },
  { ...done, type: 'message_pinned', pin: { pinned_by: 'ann', pinned_at: at, event_at: at } },
  { ...done, type: 'message_unpinned' },
  {
    type: 'change_ack',
    message_id: uuid(2),
    status: 'unchanged',
    ref: 'r',
    dropped_mentions: ['@x'],
  },
  {
    type: 'ack',
    client_message_id: 'c',
    message_id: uuid(2),
    sequence_number: 1,
    revision: 2,
    created_at: at,
    ref: 'r',
    dropped_mentions: ['stranger'],
  },
  { type: 'system', event: 'user_joined', user_id: 'ann', display_name: 'Ann', timestamp: at },
  { type: 'system', event: 'user_left', user_id: 'ann', display_name: 'Ann', timestamp: at },
  { type: 'typing', user_ids: ['ann'] },
  { type: 'presence', online, online_count: 1 },
  { type: 'degraded', level: 2, paused: ['typing', 'presence'], database: 'away' },
  { type: 'read_marks', read_marks: [{ user_id: 'ann', read_sequence: 3 }] },
  {
    type: 'welcome',
    protocol_version: 1,
    connection_id: 'x',
    room: someDetails(),
    role: null,
    last_sequence: 1,
    last_revision: 2,
    online,
    online_count: 1,
    server_time: at,
  },
  { type: 'resumed', recovered: true, from_revision: 1, to_revision: 2 },
  {
    type: 'snapshot',
    revision: 2,
    room: someDetails(),
    members: [aMember('ann')],
    messages: [aMessage(2)],
  },
  { type: 'ping' },
  { type: 'pong' },
  { type: 'auth_required', expires_at: at },
  { type: 'authenticated', expires_at: at },
  { type: 'error', code: 'rate_limited', message: 'm', ref: 'r', retry_after_ms: 5 },
]

/** What tells a frame from others: its type, and its event where it has one. */
export const nameOf = (frame: UpFrame | DownFrame): string =>
  'event' in frame ? `${frame.type} ${frame.event}` : frame.type
