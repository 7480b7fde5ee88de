import { expect, test } from 'vitest'
import {
  decide,
  type Decision,
  type Question,
} from '../../../web/src/notifications/notify-decision.ts'

const looking = {
  is_focused: true,
  open_room_id: 'here',
  is_at_bottom: true,
  are_notices_open: false,
}
const away = { ...looking, is_focused: false }

const ask = (overrides: Partial<Question>): Decision =>
  decide({
    kind: 'mention',
    room_id: 'there',
    level: 'mentions',
    is_quiet: false,
    attention: looking,
    is_another_tab_focused: false,
    is_leader: true,
    has_permission: true,
    ...overrides,
  })

const nothing = { show: 'nothing', is_heard: false }
const toast = { show: 'toast', is_heard: true }
const system = { show: 'system', is_heard: true }

test.each<[string, Partial<Question>, Decision | object]>([
  ['a mention elsewhere', {}, toast],
  ['a message elsewhere', { kind: 'message' }, nothing],
  ['a message where all are wanted', { kind: 'message', level: 'all' }, toast],
  ['a mention where all are wanted', { level: 'all' }, toast],
  ['a mention where nothing is wanted', { level: 'nothing' }, nothing],
  ['what is being read', { room_id: 'here' }, nothing],
  [
    'a mention below what is being read',
    { room_id: 'here', attention: { ...looking, is_at_bottom: false } },
    toast,
  ],
  [
    'a message below what is being read',
    {
      kind: 'message',
      level: 'all',
      room_id: 'here',
      attention: { ...looking, is_at_bottom: false },
    },
    nothing,
  ],
  ['a notice', { kind: 'notice', room_id: undefined }, toast],
  ['a notice where nothing is wanted', { kind: 'notice', level: 'nothing' }, nothing],
  [
    'a notice where notices are on screen',
    { kind: 'notice', room_id: undefined, attention: { ...looking, are_notices_open: true } },
    nothing,
  ],
  ['a notice, away', { kind: 'notice', room_id: undefined, attention: away }, system],
  ['quiet hours, looking', { is_quiet: true }, { show: 'toast', is_heard: false }],
  ['away', { attention: away }, system],
  ['away, in the open room', { attention: away, room_id: 'here' }, system],
  [
    'away, not permitted',
    { attention: away, has_permission: false },
    { show: 'nothing', is_heard: true },
  ],
  ['away, quiet hours', { attention: away, is_quiet: true }, nothing],
  ['away, another tab is in front', { attention: away, is_another_tab_focused: true }, nothing],
  ['away, another tab speaks', { attention: away, is_leader: false }, nothing],
  ['in front, another tab leads', { is_leader: false }, toast],
])('[WEB-5] %s', (_, overrides, expected) => {
  expect(ask(overrides)).toEqual(expected)
})
