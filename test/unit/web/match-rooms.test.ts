import { expect, test } from 'vitest'
import type { Room } from '../../../src/protocol/room.ts'
import { en } from '../../../web/src/i18n/en.ts'
import { choicesOf } from '../../../web/src/switcher/choices.ts'
import { matchRooms } from '../../../web/src/switcher/match-rooms.ts'
import { aCard } from './builders.ts'

const room = (title: string, overrides: Partial<Room> = {}): Room =>
  aCard({ room_id: title, title, location: '', lots: [], ...overrides })

const titles = (rooms: readonly Room[], words: string, open_room_id?: string): string[] =>
  matchRooms(rooms, {
    words,
    open_room_id,
    typeName: ({ incident_type }) => en.incident_type[incident_type],
  }).map((match) => match.room.title)

test('[WEB-1] title, place, lot and type are found, beginnings of the title first', () => {
  const rooms = [
    room('Old pump', { location: 'Etch bay' }),
    room('Sketch of bay 4'),
    room('Etch 4'),
    room('Quiet', { lots: ['ETCH-77'] }),
    room('Other', { incident_type: 'quality_issue' }),
  ]
  expect(titles(rooms, 'etch')).toEqual(['Etch 4', 'Sketch of bay 4', 'Old pump', 'Quiet'])
  expect(titles(rooms, 'quality')).toEqual(['Other'])
  expect(titles(rooms, 'etch pump')).toEqual(['Old pump'])
  expect(titles(rooms, 'nowhere')).toEqual([])
})

test('[WEB-1] Chinese is found anywhere, and full-width letters are letters', () => {
  const rooms = [room('三號線：晶圓搬運機停機'), room('Ｌｉｎｅ 3')]
  expect(titles(rooms, '搬運')).toEqual(['三號線：晶圓搬運機停機'])
  expect(titles(rooms, 'line')).toEqual(['Ｌｉｎｅ 3'])
})

test('[WEB-1] letters in their order mean a title, after everything that has them together', () => {
  const rooms = [room('Line 3 stopped'), room('Pump l3s')]
  expect(titles(rooms, 'l3s')).toEqual(['Pump l3s', 'Line 3 stopped'])
  const [match] = matchRooms([room('Line 3 stopped')], {
    words: 'l3st',
    open_room_id: undefined,
    typeName: () => '',
  })
  expect(match?.marks).toEqual([
    { start: 0, end: 1 },
    { start: 5, end: 6 },
    { start: 7, end: 9 },
  ])
})

test('[WEB-1] with nothing typed: mentions, unread, the recent ones, the open one last', () => {
  const rooms = [
    room('open', { unread_count: 3, mention_count: 1 }),
    room('recent'),
    room('archived', { status: 'archived' }),
    room('unread', { unread_count: 2 }),
    room('mentioned', { unread_count: 1, mention_count: 1 }),
  ]
  expect(titles(rooms, '', 'open')).toEqual(['mentioned', 'unread', 'recent', 'archived', 'open'])
})

const keysOf = (words: string, open_room_id?: string) =>
  choicesOf({ rooms: [], words, open_room_id, t: en }).map(({ key }) => key)

test('[WEB-8] whatever is typed can be searched for everywhere; commands go by their names', () => {
  expect(keysOf('')).toEqual(['search', 'mentions', 'new_room', 'settings', 'keys'])
  expect(keysOf('', 'a')).toContain('report')
  expect(keysOf('setti')).toEqual(['search', 'settings'])
  expect(
    choicesOf({ rooms: [], words: ' pump ', open_room_id: undefined, t: en })[0],
  ).toMatchObject({
    text: 'Search all rooms for “pump”',
    act: { kind: 'go', route: { kind: 'search', query: 'pump' } },
  })
})
