import { expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import { nextWake } from '../../../../src/domain/room/next-wake.ts'
import { RoomBench, started_at } from './room-builder.ts'

test('[CONN-6] it pings every 30 s and closes who is silent for 10 s, presence and all', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  room.passes(29_999)
  expect(room.heardOf(ann, 'ping')).toEqual([])
  room.passes(1)
  expect(room.heardOf(ann, 'ping')).toHaveLength(1)
  room.sends(bob, { type: 'pong' })
  room.passes(9_999)
  expect(room.closeOf(ann)).toBeUndefined()
  room.passes(1)
  expect(room.closeOf(ann)).toEqual({ code: closeCodes.unresponsive, reason: 'no pong' })
  expect(room.closeOf(bob)).toBeUndefined()
  room.passes(5_000)
  expect(room.comings(bob)).toContain('user_left ann')
  room.passes(15_000)
  expect(room.heardOf(bob, 'ping')).toHaveLength(2)
})

test('[CONN-6] the beat of a room begins with its first socket', () => {
  const room = RoomBench.known()
  room.passes(25_000)
  const ann = room.joins('ann')
  room.passes(29_999)
  expect(room.heardOf(ann, 'ping')).toEqual([])
  room.passes(1)
  expect(room.heardOf(ann, 'ping')).toHaveLength(1)
})

test('[CONN-6] any frame shows that somebody is there', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  room.passes(30_000)
  room.sends(ann, { type: 'typing', is_typing: true })
  room.passes(20_000)
  expect(room.closeOf(ann)).toBeUndefined()
})

test('[CONN-6] a client may ping too', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  room.sends(ann, { type: 'ping' })
  expect(room.heardOf(ann, 'pong')).toHaveLength(1)
})

test('[CONN-6] between beats an idle room sleeps: nothing is due but the next one', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  expect(nextWake(room.state)).toBe(started_at + 30_000)
  room.passes(30_000)
  room.sends(ann, { type: 'pong' })
  expect(nextWake(room.state)).toBe(started_at + 60_000)
})

test('[CONN-6] an empty room has nothing to do', () => {
  const room = RoomBench.known()
  room.leaves(room.joins('ann'))
  room.passes(60_000)
  expect(nextWake(room.state)).toBeUndefined()
})
