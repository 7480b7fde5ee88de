import { beforeEach, expect, test } from 'vitest'
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import { Notifier, SOUND_REST_MS } from '../../../web/src/notifications/notifier.ts'
import type { Told } from '../../../web/src/notifications/show-notification.ts'
import { FakeClock, settle } from './fakes.ts'

const nameOf = (told: Told): string =>
  told.kind === 'notice' ? told.notice_id : `${told.room_title} ${told.sequence_number}`

let clock: FakeClock
let log: string[]
let is_focused: boolean
let can_ring: boolean
let notifier: Notifier

beforeEach(() => {
  clock = new FakeClock()
  log = []
  is_focused = false
  can_ring = true
  notifier = new Notifier({
    user_id: 'amy',
    clock,
    levelOf: () => 'mentions',
    quietHours: () => null,
    titleOf: () => 'Etcher 4',
    attention: () => ({
      is_focused,
      open_room_id: undefined,
      is_at_bottom: true,
      are_notices_open: false,
    }),
    otherTabs: async () => ({ is_another_tab_focused: false, is_leader: true }),
    hasPermission: () => true,
    toast: (told) => log.push(`toast ${nameOf(told)}`),
    notify: (told, is_heard) => log.push(`notify ${nameOf(told)} ${is_heard}`),
    ring: () => {
      log.push('ring')
      return can_ring
    },
    forget: (room_id) => log.push(`forget ${room_id}`),
  })
})

const mention = async (sequence_number: number) => {
  const frame: InboxDownFrame = {
    type: 'mention',
    room_id: 'room',
    read_sequence: 0,
    unread_count: 1,
    mention_count: 1,
    message_id: `message-${sequence_number}`,
    sequence_number,
    sender_id: 'bob',
    sender_display_name: 'Bob',
    preview: 'look',
  }
  notifier.onFrame(frame)
  await settle()
}

test('[WEB-5] a burst rings once, and again after a rest', async () => {
  await mention(1)
  await mention(2)
  clock.advance(SOUND_REST_MS)
  await mention(3)
  expect(log).toEqual([
    'ring',
    'notify Etcher 4 1 true',
    'notify Etcher 4 2 true',
    'ring',
    'notify Etcher 4 3 true',
  ])
})

test('[WEB-5] what could not be heard from the page is left to the system', async () => {
  can_ring = false
  await mention(1)
  expect(log).toEqual(['ring', 'notify Etcher 4 1 false'])
})

test('[WEB-5] in the page it is a toast', async () => {
  is_focused = true
  await mention(1)
  expect(log).toEqual(['ring', 'toast Etcher 4 1'])
})

test('[WEB-5] what is read, or no longer ours to see, is taken back', () => {
  const mark = { room_id: 'room', read_sequence: 3, mention_count: 0 }
  notifier.onFrame({ type: 'read', ...mark, unread_count: 1 })
  expect(log).toEqual([])
  notifier.onFrame({ type: 'read', ...mark, unread_count: 0 })
  notifier.onFrame({ type: 'room_removed', room_id: 'gone' })
  expect(log).toEqual(['forget room', 'forget gone'])
})

test('[DISP-1] a notice is told as a mention is, and once', async () => {
  const notice = {
    notice_id: 'notice-1',
    sender_id: 'press-line',
    sender_display_name: 'Press line',
    content: 'Mould 4 is due',
    priority: 'high',
    created_at: '2026-11-22T01:00:00.000Z',
    read_at: null,
  } as const
  notifier.onFrame({ type: 'notice', notice })
  notifier.onFrame({ type: 'notice', notice })
  await settle()
  expect(log).toEqual(['ring', 'notify notice-1 true'])
})
