import { expect, test } from 'vitest'
import { pathOf, routeOf } from '../../../web/src/routing.ts'

test.each([
  ['/', { kind: 'rooms' }],
  ['', { kind: 'rooms' }],
  ['/rooms/abc', { kind: 'room', room_id: 'abc' }],
  ['/rooms/abc/', { kind: 'room', room_id: 'abc' }],
  ['/rooms', { kind: 'unknown' }],
  ['/rooms/abc/more', { kind: 'unknown' }],
  ['/elsewhere', { kind: 'unknown' }],
])('[WEB-1] %s', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})

test('[WEB-1] an address leads back to where it came from', () => {
  expect(routeOf(pathOf({ kind: 'room', room_id: 'abc' }))).toEqual({
    kind: 'room',
    room_id: 'abc',
  })
  expect(routeOf(pathOf({ kind: 'rooms' }))).toEqual({ kind: 'rooms' })
})
