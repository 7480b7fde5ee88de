import { expect, test } from 'vitest'
import { roomChanges } from '../../../web/src/rooms/room-changes.ts'
import { filterRooms } from '../../../web/src/rooms/room-filter.ts'
import { accessOf } from '../../../web/src/room/access.ts'
import { aCard, aRoom } from './builders.ts'

const rooms = [
  aCard({ room_id: '1', title: 'Line 3 stopped', lots: ['A12-77'] }),
  aCard({ room_id: '2', title: '光阻液不足', location: '十二廠', status: 'resolved' }),
]
const ids = (filter: Parameters<typeof filterRooms>[1]) =>
  filterRooms(rooms, filter).map((room) => room.room_id)

test('[WEB-1] open rooms, all rooms, and the one on screen in any case', () => {
  expect(ids({ words: '', scope: 'open', keep: undefined })).toEqual(['1'])
  expect(ids({ words: '', scope: 'open', keep: '2' })).toEqual(['1', '2'])
  expect(ids({ words: '', scope: 'all', keep: undefined })).toEqual(['1', '2'])
})

test('[WEB-1] every word must occur in title, location or lots', () => {
  expect(ids({ words: 'a12 LINE', scope: 'all', keep: undefined })).toEqual(['1'])
  expect(ids({ words: '十二廠', scope: 'all', keep: undefined })).toEqual(['2'])
  expect(ids({ words: 'line nowhere', scope: 'all', keep: undefined })).toEqual([])
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
