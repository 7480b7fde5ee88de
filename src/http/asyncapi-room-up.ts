/** What each frame up means to a room, what it is answered with, and an example of each form. */
import type * as z from 'zod/mini'
import { fileUrl } from '../protocol/file-url.ts'
import type { UpFrame } from '../protocol/up.ts'
import type { UpNotes } from './asyncapi-channel.ts'
import { cast } from './documented-cast.ts'

const { lin, message_id, client_message_id } = cast
const emoji = '👍'

export const roomUpNotes: UpNotes<z.input<typeof UpFrame>> = {
  message: {
    summary: 'Say something: words, a picture, a file, or readings (MSG-1, MSG-4).',
    examples: [
      {
        type: 'message',
        content: 'Pressure is back at 4.1 bar 👍 @Lin',
        client_message_id,
        mentions: [lin],
        reply_to: cast.reply_to,
      },
      {
        type: 'message',
        message_type: 'image_ref',
        content: 'The seal, from below',
        file_id: cast.image_id,
        file_url: fileUrl(cast.image_id),
        client_message_id,
      },
      {
        type: 'message',
        message_type: 'file_ref',
        file_id: cast.file_id,
        client_message_id,
      },
      {
        type: 'message',
        message_type: 'incident_data',
        content: { temperature: 81.5, line: 3, valve: { open: false } },
        client_message_id,
      },
    ],
    answers: ['ack', 'error'],
    told: ['message'],
  },
  edit_message: {
    summary: 'Other words for an own message, for a while after it was said (MSG-7).',
    examples: [
      { type: 'edit_message', message_id, content: 'Pressure is back at 4.2 bar', ref: 'edit-1' },
    ],
    answers: ['change_ack', 'error'],
    told: ['message_edited'],
  },
  delete_message: {
    summary: 'Take back an own message, or any as an owner (MSG-8).',
    examples: [{ type: 'delete_message', message_id, ref: 'delete-1' }],
    answers: ['change_ack', 'error'],
    told: ['message_deleted'],
  },
  add_reaction: {
    summary: 'React with one emoji; the same again changes nothing (MSG-9).',
    examples: [{ type: 'add_reaction', message_id, emoji, ref: 'react-1' }],
    answers: ['change_ack', 'error'],
    told: ['reaction_added'],
  },
  remove_reaction: {
    summary: 'Take an own reaction back (MSG-9).',
    examples: [{ type: 'remove_reaction', message_id, emoji, ref: 'react-2' }],
    answers: ['change_ack', 'error'],
    told: ['reaction_removed'],
  },
  pin_message: {
    summary: "Mark a message for the incident's timeline, or correct its event time (MSG-11).",
    examples: [
      { type: 'pin_message', message_id, ref: 'pin-1' },
      { type: 'pin_message', message_id, event_at: '2026-11-22T09:30:00+08:00', ref: 'pin-2' },
    ],
    answers: ['change_ack', 'error'],
    told: ['message_pinned'],
  },
  unpin_message: {
    summary: 'Take a message off the timeline (MSG-11).',
    examples: [{ type: 'unpin_message', message_id, ref: 'pin-3' }],
    answers: ['change_ack', 'error'],
    told: ['message_unpinned'],
  },
  typing: {
    summary: 'Keys are being pressed, or no longer; repeat it at most every 2 s (PRES-3).',
    examples: [{ type: 'typing' }, { type: 'typing', is_typing: false }],
    answers: [],
    told: ['typing'],
  },
  presence: {
    summary: 'The person is at the screen, or has left it (PRES-2).',
    examples: [
      { type: 'presence', state: 'idle' },
      { type: 'presence', state: 'active' },
    ],
    answers: [],
    told: ['presence'],
  },
  read: {
    summary: 'I have read this far; the mark moves only forward, on all my devices (INBOX-2).',
    examples: [{ type: 'read', sequence_number: 1 }],
    answers: [],
    told: ['read_marks'],
  },
  resume: {
    summary:
      'As the first frame: the last revision this client applied. Everything after it follows, ' +
      'then `resumed` (CONN-5).',
    examples: [{ type: 'resume', since_revision: 1 }],
    answers: ['resumed', 'error'],
    told: [],
  },
  auth: {
    summary: 'A new token for this socket, before the old one expires (CONN-8).',
    examples: [{ type: 'auth', token: cast.token, ref: 'auth-1' }],
    answers: ['authenticated', 'error'],
    told: [],
  },
  ping: {
    summary: 'Are you there? Answered without waking a sleeping room (CONN-6).',
    examples: [{ type: 'ping' }],
    answers: ['pong'],
    told: [],
  },
  pong: {
    summary: 'The answer to a `ping`, within 10 s (CONN-6).',
    examples: [{ type: 'pong' }],
    answers: [],
    told: [],
  },
}
