import { expect, test } from 'vitest'
import { pathOf, routeOf, type KnownRoute } from '../../../web/src/routing.ts'

const oneWay = (narrowed: { status?: string; to?: string }) =>
  ({ kind: 'one_way', tab: 'sent', ...narrowed }) as const

test.each([
  ['/', { kind: 'rooms' }],
  ['', { kind: 'rooms' }],
  ['/rooms/abc', { kind: 'room', room_id: 'abc' }],
  ['/rooms/abc/', { kind: 'room', room_id: 'abc' }],
  ['/rooms/abc/messages/def', { kind: 'room', room_id: 'abc', message_id: 'def' }],
  ['/search', { kind: 'search', query: '' }],
  ['/search?q=%E6%BC%8F%20A', { kind: 'search', query: '漏 A' }],
  ['/search/more', { kind: 'unknown' }],
  ['/rooms/abc/messages', { kind: 'unknown' }],
  ['/rooms/abc/messages/def/more', { kind: 'unknown' }],
  ['/rooms', { kind: 'unknown' }],
  ['/rooms/abc/more', { kind: 'unknown' }],
  ['/one-way', { kind: 'one_way', tab: 'sent' }],
  ['/one-way/received', { kind: 'one_way', tab: 'received' }],
  ['/one-way/sent?status=dead&to=email', oneWay({ status: 'dead', to: 'email' })],
  ['/one-way/sent/more', { kind: 'unknown' }],
  ['/one-way/elsewhere', { kind: 'unknown' }],
  ['/ops', { kind: 'ops', tab: 'now' }],
  ['/ops/configuration', { kind: 'ops', tab: 'configuration' }],
  ['/ops/elsewhere', { kind: 'unknown' }],
  ['/ops/alerts/more', { kind: 'unknown' }],
  ['/elsewhere', { kind: 'unknown' }],
])('[WEB-1] %s', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})

test.each<KnownRoute>([
  { kind: 'rooms' },
  { kind: 'room', room_id: 'abc' },
  { kind: 'room', room_id: 'abc', message_id: 'def' },
  { kind: 'search', query: '' },
  oneWay({}),
  oneWay({ status: 'dead', to: 'whatsapp' }),
  { kind: 'one_way', tab: 'received' },
  { kind: 'ops', tab: 'now' },
  { kind: 'ops', tab: 'alerts' },
  { kind: 'search', query: 'A12-77 & 漏水?' },
])('[WEB-1] the address of $kind leads back to it', (route) => {
  expect(routeOf(pathOf(route))).toEqual(route)
})

test('[API-3] the mentions have an address', () => {
  expect(routeOf('/mentions')).toEqual({ kind: 'mentions' })
  expect(pathOf({ kind: 'mentions' })).toBe('/mentions')
})
