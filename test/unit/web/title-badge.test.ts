import { expect, test } from 'vitest'
import { faviconOf, titleOf, waitingOf } from '../../../web/src/notifications/title-badge.ts'

const rooms = [
  { room_id: 'a', unread_count: 3, mention_count: 1 },
  { room_id: 'b', unread_count: 2, mention_count: 2 },
]

test('[WEB-5] the number is of mentions, the dot of anything unread that is not muted', () => {
  expect(waitingOf(rooms, () => 'mentions', 0)).toEqual({ mention_count: 3, has_unread: true })
  expect(waitingOf(rooms, () => 'nothing', 0)).toEqual({ mention_count: 3, has_unread: false })
  expect(waitingOf([], () => 'all', 0)).toEqual({ mention_count: 0, has_unread: false })
})

test('[WEB-5] a notice counts like a mention', () => {
  expect(waitingOf(rooms, () => 'mentions', 2)).toMatchObject({ mention_count: 5 })
})

test.each([
  ['Etcher 4', 0, false, 'Etcher 4 · Muster'],
  ['Etcher 4', 0, true, '• Etcher 4 · Muster'],
  ['Etcher 4', 2, true, '(2) Etcher 4 · Muster'],
  [undefined, 120, true, '(99+) Muster'],
])('[WEB-5] the title of %s with %i mentions', (name, mention_count, has_unread, expected) => {
  expect(titleOf(name, { mention_count, has_unread })).toBe(expected)
})

test('[WEB-5] the icon shows the same', () => {
  expect(faviconOf({ mention_count: 0, has_unread: false })).toBe('/favicon.svg')
  expect(faviconOf({ mention_count: 0, has_unread: true })).toMatch(/^data:image\/svg\+xml,/)
  expect(decodeURIComponent(faviconOf({ mention_count: 7, has_unread: true }))).toContain('>7<')
})
