/** A person's own socket in the AsyncAPI document: what its frames mean, with examples. */
import type * as z from 'zod/mini'
import { InboxDownFrame, InboxUpFrame } from '../protocol/inbox.ts'
import { PROTOCOL_VERSION } from '../protocol/version.ts'
import type { Channel, DownNotes, UpNotes } from './asyncapi-channel.ts'
import { roomDownNotes } from './asyncapi-room-down.ts'
import { roomUpNotes } from './asyncapi-room-up.ts'
import { cast } from './documented-cast.ts'
import { components } from './openapi-components.ts'

const { room_id, message_id, mei, lin } = cast
const [room] = components.InboxRooms.example.rooms
const { title: _, status: __, severity: ___, my_role: ____, ...activity } = room
const { last_sequence: _____, last_activity_at: ______, last_message: _______, ...mark } = activity

const upNotes: UpNotes<z.input<typeof InboxUpFrame>> = {
  read: {
    summary: 'I have read this room so far; told to all my devices (INBOX-2).',
    examples: [{ type: 'read', room_id, sequence_number: 1 }],
    answers: ['read', 'error'],
    told: [],
  },
  auth: roomUpNotes.auth,
  ping: roomUpNotes.ping,
  pong: roomUpNotes.pong,
}

const downNotes: DownNotes<InboxDownFrame> = {
  inbox_welcome: {
    summary: 'The first frame, and again where the server lost track: all my rooms (INBOX-1).',
    examples: [
      {
        type: 'inbox_welcome',
        protocol_version: PROTOCOL_VERSION,
        user: { user_id: mei, display_name: '陳美', is_admin: false },
        rooms: [room],
        server_time: '2026-11-22T09:35:10.456Z',
      },
    ],
  },
  activity: {
    summary: 'Something was said; bursts are told about once a second (INBOX-1).',
    examples: [{ type: 'activity', ...activity }],
  },
  mention: {
    summary: 'You were mentioned; at once (INBOX-1).',
    examples: [
      {
        type: 'mention',
        ...mark,
        message_id,
        sequence_number: 2,
        sender_id: lin,
        sender_display_name: 'Lin',
        preview: '@陳美 is the seal ordered?',
      },
    ],
  },
  room_added: {
    summary: 'You are a member of one more room (INBOX-1).',
    examples: [{ type: 'room_added', room }],
  },
  room_removed: {
    summary: 'You are no longer a member; nothing more is heard of the room (INBOX-1).',
    examples: [{ type: 'room_removed', room_id }],
  },
  room_changed: {
    summary: 'The room, or your role in it, is another now (INBOX-1).',
    examples: [{ type: 'room_changed', room_id, changes: { status: 'resolved' } }],
  },
  read: {
    summary: 'Your mark moved, on whichever device (INBOX-2).',
    examples: [{ type: 'read', ...mark }],
  },
  one_way: {
    summary:
      'What became of one-way messages that you posted, about once a second: how many arrived, and ' +
      'which did not and why (DISP-5).',
    examples: [
      {
        type: 'one_way',
        committed: 499,
        delivered: 0,
        outcomes: [
          {
            tracking_id: '0198d7f6-10a2-7c33-8a5b-91d0c3e7f002',
            recipient: { type: 'room', id: room_id },
            status: 'rejected',
            reason: { code: 'bad_request', message: 'content: must not be blank' },
            at: '2026-11-22T09:35:10.456Z',
          },
        ],
        more: 0,
      },
    ],
  },
  notice: {
    summary: 'A one-way message to you; it stays in your notices until you have read it (DISP-1).',
    examples: [
      {
        type: 'notice',
        notice: {
          notice_id: '0198d7f6-10a2-7c33-8a5b-91d0c3e7f001',
          sender_id: lin,
          sender_display_name: 'Lin',
          content: 'Chiller 3 is back at 4.1 °C',
          priority: 'high',
          created_at: '2026-11-22T09:35:10.456Z',
          read_at: null,
        },
      },
    ],
  },
  ping: roomDownNotes.ping,
  pong: roomDownNotes.pong,
  auth_required: roomDownNotes.auth_required,
  authenticated: roomDownNotes.authenticated,
  error: roomDownNotes.error,
}

export const inboxChannel: Channel = {
  name: 'inbox',
  address: '/ws',
  title: 'The inbox: my own socket',
  description:
    'One per person, for all their rooms. It tells how things stand, not what happened: whoever ' +
    'connects again gets the whole state and has missed nothing.',
  up: InboxUpFrame,
  down: InboxDownFrame,
  up_notes: upNotes,
  down_notes: downNotes,
}
