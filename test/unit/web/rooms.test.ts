import { expect, test } from 'vitest'
import type { Room } from '../../../src/protocol/room.ts'
import { roomChanges } from '../../../web/src/rooms/room-changes.ts'
import { holdsSeveral, withLots } from '../../../web/src/rooms/lots.ts'
import {
  filterRooms,
  inHeldOrder,
  sectionsOf,
  type RoomFilter,
} from '../../../web/src/rooms/room-filter.ts'
import { accessOf } from '../../../web/src/room/access.ts'
import { aCard, aRoom } from './builders.ts'

const rooms = [
  aCard({ room_id: '1', title: 'Line 3 stopped', lots: ['A12-77'] }),
  aCard({
    room_id: '2',
    title: '光阻液不足',
    location: '十二廠',
    status: 'resolved',
    severity: 'low',
  }),
]
const idsOf = (list: readonly { readonly room_id: string }[]) => list.map((room) => room.room_id)
const ids = (filter: Partial<RoomFilter>) =>
  idsOf(filterRooms(rooms, { words: '', severities: [], ...filter }))

test('[WEB-1] every word must occur in title, location or lots', () => {
  expect(ids({ words: 'a12 LINE' })).toEqual(['1'])
  expect(ids({ words: '十二廠' })).toEqual(['2'])
  expect(ids({ words: 'line nowhere' })).toEqual([])
})

test('[WEB-1] only the chosen severities, all of them when none is chosen', () => {
  expect(ids({})).toEqual(['1', '2'])
  expect(ids({ severities: ['critical', 'low'] })).toEqual(['2'])
  expect(ids({ severities: ['medium'] })).toEqual([])
})

test('[WEB-1] what goes on comes first, empty sections are left out', () => {
  const sections = sectionsOf([...rooms].toReversed()).map(({ status, rooms: list }) => [
    status,
    idsOf(list),
  ])
  expect(sections).toEqual([
    ['active', ['1']],
    ['resolved', ['2']],
  ])
})

test('[UI-6] a held order moves nothing; what came since stands at the end', () => {
  const [one, two] = rooms as [Room, Room]
  const three = aCard({ room_id: '3' })
  expect(idsOf(inHeldOrder([three, two, one], ['1', '2']))).toEqual(['1', '2', '3'])
})

test('[WEB-1] lots are told apart by commas of any width, lines and tabs', () => {
  expect(withLots(['a'], 'b，c、d\te\nf;g')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  expect(withLots(['a'], ' a , lot 7,, ')).toEqual(['a', 'lot 7'])
  expect(holdsSeveral('lot 7')).toBe(false)
  expect(holdsSeveral('lot 7，')).toBe(true)
})

test('[WEB-1] lots are as long and as many as a room may have, and well formed', () => {
  const [long] = withLots([], `${'x'.repeat(99)}😀`)
  expect(long).toBe('x'.repeat(99))
  expect(withLots([], Array.from({ length: 200 }, (_, n) => n).join(','))).toHaveLength(100)
})

test('[WEB-1] a form sends only what it changed', () => {
  const before = aRoom({ lots: ['a,b'] })
  expect(roomChanges(before, { ...before })).toBeUndefined()
  expect(roomChanges(before, { ...before, status: 'resolved', lots: ['a', 'b'] })).toEqual({
    status: 'resolved',
    lots: ['a', 'b'],
  })
})

test.each([
  ['owner', 'active', undefined, true],
  ['editor', 'active', undefined, true],
  ['viewer', 'active', 'viewer', false],
  ['editor', 'archived', 'archived', false],
  ['owner', 'archived', 'archived', true],
] as const)(
  '[WEB-3] a %s of an %s room: read-only %s',
  (role, status, read_only, can_edit_room) => {
    const user = { user_id: 'a', display_name: 'A', is_admin: false }
    expect(accessOf(user, role, status)).toMatchObject({ read_only, can_edit_room })
  },
)

test('[WEB-3] an admin may write without being a member', () => {
  const admin = { user_id: 'a', display_name: 'A', is_admin: true }
  expect(accessOf(admin, null, 'active')).toMatchObject({ read_only: undefined })
})
