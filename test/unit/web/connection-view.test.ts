import { expect, test } from 'vitest'
import { bannerOf } from '../../../web/src/room/banner.ts'
import { connectionView } from '../../../web/src/room/connection-view.ts'
import type { RoomState } from '../../../web/src/sync/room-sync.ts'
import { allWell } from '../../../web/src/sync/room-view.ts'
import { emptyTimeline } from '../../../web/src/sync/timeline.ts'

type Told = Parameters<typeof bannerOf>[0]

const told = (overrides: Partial<Told> = {}): Told => ({
  connection: { kind: 'live' },
  hindrance: undefined,
  degraded: allWell,
  timeline: { ...emptyTimeline, last_revision: 4 },
  ...overrides,
})

const hindered = (code: 'unavailable' | 'database_busy' | 'rate_limited') =>
  told({ hindrance: { code, client_message_id: 'a', retry_at: 0 } })

const busy: RoomState['degraded'] = { paused: ['typing', 'presence'], database: 'reachable' }
const away: RoomState['degraded'] = { paused: [], database: 'away' }

test('[LIM-3] read-only while the server is there without its database', () => {
  expect(connectionView(told())).toBe('live')
  expect(connectionView(hindered('unavailable'))).toBe('read_only')
  expect(connectionView(told({ degraded: away }))).toBe('read_only')
  expect(connectionView(hindered('database_busy'))).toBe('live')
})

test('[LIM-1] who has to wait is not disconnected', () => {
  expect(connectionView(hindered('rate_limited'))).toBe('live')
  expect(bannerOf(hindered('rate_limited'))).toBeUndefined()
})

test('[WEB-3] what ended for good shows no more than that there is nothing live', () => {
  expect(connectionView(told({ connection: { kind: 'offline' } }))).toBe('offline')
  expect(connectionView(told({ connection: { kind: 'connecting' } }))).toBe('connecting')
  expect(connectionView(told({ connection: { kind: 'signed_out' } }))).toBe('offline')
})

test('[LIM-2] the banner says the gravest of what is wrong', () => {
  expect(bannerOf(told())).toBeUndefined()
  expect(bannerOf(told({ degraded: busy }))).toBe('busy')
  expect(bannerOf(told({ degraded: { ...busy, database: 'away' } }))).toBe('read_only')
  const waiting = { kind: 'waiting', retry_at: 0 } as const
  expect(bannerOf(told({ degraded: away, connection: waiting }))).toBe('reconnecting')
  expect(bannerOf(told({ degraded: busy, connection: { kind: 'offline' } }))).toBe('offline')
})

test('[WEB-3] the first connection of a room is no reconnection', () => {
  const connection = { kind: 'connecting' } as const
  expect(bannerOf(told({ connection, timeline: emptyTimeline }))).toBeUndefined()
  expect(bannerOf(told({ connection }))).toBe('reconnecting')
})
