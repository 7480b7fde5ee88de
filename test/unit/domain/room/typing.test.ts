import { expect, test } from 'vitest'
import { anItem, RoomBench } from './room-builder.ts'

const listOf = (room: RoomBench, socket: string) => room.heardOf(socket, 'typing').at(-1)?.user_ids

const types = (room: RoomBench, socket: string, is_typing = true) =>
  room.sends(socket, { type: 'typing', is_typing })

test('[PRES-3] the whole list goes to the others and leaves out the receiver', () => {
  const room = RoomBench.known()
  const [ann, bob, eve] = [room.joins('ann'), room.joins('bob'), room.joins('eve')]
  types(room, ann)
  types(room, bob)
  room.passes(500)
  expect(listOf(room, eve)).toEqual(['ann', 'bob'])
  expect(listOf(room, ann)).toEqual(['bob'])
  expect(listOf(room, bob)).toEqual(['ann'])
})

test('[PRES-3] it clears itself 3 s after the last key', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  types(room, ann)
  room.passes(2_000)
  types(room, ann)
  room.passes(2_999)
  expect(listOf(room, bob)).toEqual(['ann'])
  room.passes(1)
  expect(listOf(room, bob)).toEqual([])
})

test('[PRES-3] it ends with the message, with the person, and when the text is empty again', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  const stops = [
    () => {
      room.says(ann, 'done')
      room.writes()
    },
    () => types(room, ann, false),
    () => room.leaves(ann),
  ]
  for (const stop of stops) {
    types(room, ann)
    room.passes(600)
    expect(listOf(room, bob)).toEqual(['ann'])
    stop()
    room.passes(600)
    expect(listOf(room, bob)).toEqual([])
  }
})

test('[PRES-3] a message over REST ends it, too', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  types(room, ann)
  room.passes(600)
  const item = { ...anItem('ann'), content: 'done' }
  room.give({ type: 'submitted', request: 'r', item, is_admin: false })
  room.passes(600)
  expect(listOf(room, bob)).toEqual([])
})

test('[PRES-3] each telling is one frame to each', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  types(room, ann)
  types(room, bob)
  room.passes(500)
  for (const socket of [ann, bob])
    for (const { user_ids } of room.heardOf(socket, 'typing')) expect(user_ids).toHaveLength(1)
})

test('[PRES-3] one of several sockets that goes does not end it', () => {
  const room = RoomBench.known()
  const [ann, again, bob] = [room.joins('ann'), room.joins('ann'), room.joins('bob')]
  types(room, ann)
  room.leaves(again)
  room.passes(600)
  expect(listOf(room, bob)).toEqual(['ann'])
})

test('[PRES-3] it is throttled, and told again while keys are pressed, so that a lost one heals', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  for (let step = 0; step < 100; step += 1) {
    types(room, ann)
    room.passes(100)
  }
  const told = room.heardOf(bob, 'typing').length
  expect(told).toBeGreaterThanOrEqual(5)
  expect(told).toBeLessThanOrEqual(20)
})

test('[CONN-10] one that lags is told nothing of it, typist or not', () => {
  const room = RoomBench.known({ lag_shed_bytes: 1_000, lag_probe_bytes: 1_000_000 })
  const [ann, bob, eve] = [room.joins('ann'), room.joins('bob'), room.joins('eve')]
  room.says(ann, 'x'.repeat(2_000), { client_message_id: 'c' })
  room.writes()
  room.passes(30_000)
  room.sends(bob, { type: 'pong' })
  room.sends(ann, { type: 'typing', is_typing: true })
  room.passes(600)
  expect(listOf(room, bob)).toEqual(['ann'])
  expect(listOf(room, eve)).toBeUndefined()
  expect(listOf(room, ann)).toBeUndefined()
})
