import { expect, test } from 'vitest'
import type { InboxDownFrame, InboxRoom } from '../../../src/protocol/inbox.ts'
import { applyToRooms } from '../../../web/src/sync/room-list.ts'
import { aCard, at } from './builders.ts'

const first = aCard({ room_id: 'first', unread_count: 4 })
const second = aCard({ room_id: 'second' })
const rooms = [first, second]

const inInbox = (overrides: Partial<InboxRoom> = {}): InboxRoom => ({
  room_id: 'first',
  title: 'Line 3 stopped',
  status: 'active',
  severity: 'high',
  my_role: 'editor',
  read_sequence: 0,
  unread_count: 0,
  mention_count: 0,
  last_sequence: 0,
  last_activity_at: at,
  last_message: null,
  ...overrides,
})

const welcome = (...told: InboxRoom[]): InboxDownFrame => ({
  type: 'inbox_welcome',
  protocol_version: 1,
  user: { user_id: 'alice@muster.test', display_name: 'Alice', is_admin: false },
  rooms: told,
  server_time: at,
})

test('[INBOX-1] a greeting replaces what changes, and keeps what it does not tell', () => {
  const told = applyToRooms(
    rooms,
    welcome(inInbox({ unread_count: 7 }), inInbox({ room_id: 'second' })),
  )
  expect(told).toEqual({ rooms: [{ ...first, unread_count: 7 }, second], is_stale: false })
})

test('[INBOX-1] a room that the greeting lacks is gone, unless one sees it as an admin', () => {
  expect(applyToRooms(rooms, welcome(inInbox())).rooms).toEqual([{ ...first, unread_count: 0 }])
  const foreign = { ...second, my_role: null }
  expect(applyToRooms([first, foreign], welcome(inInbox())).rooms).toContainEqual(foreign)
})

test('[INBOX-1] a room that only the greeting has makes the list stale', () => {
  expect(applyToRooms([first], welcome(inInbox(), inInbox({ room_id: 'new' })))).toMatchObject({
    is_stale: true,
  })
})

test('[INBOX-1] activity brings counts, time and the last message of its room alone', () => {
  const activity = {
    room_id: 'second',
    read_sequence: 3,
    unread_count: 2,
    mention_count: 1,
    last_sequence: 5,
    last_activity_at: '2026-11-22T02:00:00.000Z',
    last_message: {
      sender_id: 'bob@muster.test',
      sender_display_name: 'Bob',
      message_type: 'text',
      preview: 'hi',
    },
  } as const
  const told = applyToRooms(rooms, { type: 'activity', ...activity })
  expect(told).toEqual({ rooms: [first, { ...second, ...activity }], is_stale: false })
})

test('[INBOX-2] a mention and a moved mark bring counts', () => {
  const mark = { room_id: 'first', read_sequence: 9, unread_count: 1, mention_count: 1 }
  const mention: InboxDownFrame = {
    type: 'mention',
    ...mark,
    message_id: 'message-1',
    sequence_number: 10,
    sender_id: 'bob@muster.test',
    sender_display_name: 'Bob',
    preview: '@Alice',
  }
  expect(applyToRooms(rooms, mention).rooms[0]).toEqual({ ...first, ...mark })
  const read = { ...mark, unread_count: 0, mention_count: 0 }
  expect(applyToRooms(rooms, { type: 'read', ...read }).rooms[0]).toEqual({ ...first, ...read })
})

test('[INBOX-1] rooms change, come and go', () => {
  const changes = { title: 'Line 4', status: 'resolved' } as const
  const changed = applyToRooms(rooms, { type: 'room_changed', room_id: 'first', changes })
  expect(changed.rooms[0]).toEqual({ ...first, ...changes })
  const removed = applyToRooms(rooms, { type: 'room_removed', room_id: 'first' })
  expect(removed).toEqual({ rooms: [second], is_stale: false })
  const added = applyToRooms(rooms, { type: 'room_added', room: inInbox({ room_id: 'new' }) })
  expect(added).toEqual({ rooms, is_stale: true })
})
