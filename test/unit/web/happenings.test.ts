import { expect, test } from 'vitest'
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import { Happenings } from '../../../web/src/notifications/happenings.ts'

const room_id = '01920000-0000-7000-8000-0000000000aa'
const at = '2026-11-22T01:00:00.000Z'

const activity = (
  last_sequence: number,
  overrides: Partial<Extract<InboxDownFrame, { type: 'activity' }>> = {},
): InboxDownFrame => ({
  type: 'activity',
  room_id,
  read_sequence: 0,
  unread_count: 1,
  mention_count: 0,
  last_sequence,
  last_activity_at: at,
  last_message: {
    sender_id: 'bob',
    sender_display_name: 'Bob',
    message_type: 'text',
    preview: `message ${last_sequence}`,
  },
  ...overrides,
})

const mention = (
  sequence_number: number,
  overrides: Partial<Extract<InboxDownFrame, { type: 'mention' }>> = {},
): InboxDownFrame => ({
  type: 'mention',
  room_id,
  read_sequence: 0,
  unread_count: 1,
  mention_count: 1,
  message_id: '01920000-0000-7000-8000-0000000000bb',
  sequence_number,
  sender_id: 'bob',
  sender_display_name: 'Bob',
  preview: 'look',
  ...overrides,
})

const welcome = (last_sequence: number, mention_count: number): InboxDownFrame => ({
  type: 'inbox_welcome',
  protocol_version: 1,
  user: { user_id: 'amy', display_name: 'Amy', is_admin: false },
  server_time: at,
  rooms: [
    {
      room_id,
      title: 'Etcher 4',
      status: 'active',
      severity: 'high',
      my_role: 'editor',
      read_sequence: 0,
      unread_count: 1,
      mention_count,
      last_sequence,
      last_activity_at: at,
      last_message: null,
    },
  ],
})

const kinds = (frames: readonly InboxDownFrame[]): string[] => {
  const happenings = new Happenings('amy')
  return frames.flatMap((frame) =>
    happenings
      .take(frame)
      .map((one) => `${one.kind} ${one.kind === 'notice' ? one.notice_id : one.sequence_number}`),
  )
}

test('[WEB-5] a message is told once, however often the inbox speaks of it', () => {
  expect(kinds([welcome(4, 0), activity(5), activity(5), activity(6)])).toEqual([
    'message 5',
    'message 6',
  ])
})

test('[WEB-5] a mention is told at once, and not again as a message', () => {
  expect(kinds([welcome(4, 0), mention(5), activity(5), activity(6)])).toEqual([
    'mention 5',
    'message 6',
  ])
})

test('[WEB-5] a mention that comes after its message is told all the same', () => {
  expect(kinds([welcome(4, 0), activity(5), mention(5), mention(5)])).toEqual([
    'message 5',
    'mention 5',
  ])
})

test('[WEB-5] what oneself said, what the system noted and what is read already is not told', () => {
  const last_message = {
    sender_id: 'amy',
    sender_display_name: 'Amy',
    message_type: 'text',
    preview: 'mine',
  } as const
  expect(
    kinds([
      welcome(4, 0),
      activity(5, { last_message }),
      activity(6, { last_message: { ...last_message, sender_id: 'bob', message_type: 'system' } }),
      activity(7, { read_sequence: 7 }),
      mention(8, { read_sequence: 8 }),
      mention(9, { sender_id: 'amy' }),
      activity(10, { last_message: null }),
    ]),
  ).toEqual([])
})

test('[WEB-5] mentions that came without a connection are told by the next greeting', () => {
  const happenings = new Happenings('amy')
  expect(happenings.take(welcome(4, 1))).toEqual([])
  expect(happenings.take(welcome(9, 3))).toMatchObject([{ kind: 'mention', missed_count: 2 }])
  expect(happenings.take(welcome(9, 3))).toEqual([])
})

test('[WEB-5] the first message of a room one was just added to is told', () => {
  expect(kinds([welcome(4, 0), activity(1, { room_id: `${room_id.slice(0, -1)}b` })])).toEqual([
    'message 1',
  ])
})

test('[WEB-5] a mention of before the page was opened is not told anew', () => {
  expect(kinds([welcome(4, 1), mention(4), mention(5)])).toEqual(['mention 5'])
})
