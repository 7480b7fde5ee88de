/** When a replica's view of a person is as good as the primary's (DB-6). */
import { expect, test } from 'vitest'
import { isLevel, type Standpoint } from '../../../src/database/standpoint.ts'

const room = (overrides: Partial<Standpoint['rooms'][number]> = {}) => ({
  room_id: 'a',
  role: 'editor' as const,
  revision: 7,
  ...overrides,
})
const other = room({ room_id: 'b', revision: 3 })
const standpoint = (...rooms: Standpoint['rooms'][number][]): Standpoint => ({
  is_admin: false,
  rooms,
})
const primary = standpoint(room(), other)

const many = (count: number) =>
  standpoint(...Array.from({ length: count }, (_, index) => room({ room_id: `r${index}` })))

test.each<[string, Standpoint]>([
  ['it has come as far', standpoint(room(), other)],
  ['it has come further since', standpoint(room({ revision: 9 }), other)],
])('[DB-6] level: %s', (_, replica) => expect(isLevel(replica, primary)).toBe(true))

test.each<[string, Standpoint]>([
  ['one room lacks a revision', standpoint(room(), { ...other, revision: 2 })],
  ['it does not know a room yet', standpoint(room())],
  ['the person was removed since', standpoint(room(), other, room({ room_id: 'c' }))],
  ['removed from one, added to another', standpoint(room(), { ...other, room_id: 'c' })],
  ['the role is another', standpoint(room({ role: 'owner' }), other)],
  ['the member is no member yet', standpoint(room({ role: null }), other)],
  ['the admin is none any more', { ...primary, is_admin: true }],
  ['it knows nothing', standpoint()],
])('[DB-6] [SEC-2] not level: %s', (_, replica) => expect(isLevel(replica, primary)).toBe(false))

test('[DB-6] more rooms than are compared: never level', () => {
  expect(isLevel(many(1_000), many(1_000))).toBe(true)
  expect(isLevel(many(1_001), many(1_001))).toBe(false)
})
