import { expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import { RoomBench } from './room-builder.ts'

const limits = {
  lag_probe_bytes: 4_000,
  lag_shed_bytes: 8_000,
  lag_max_bytes: 16_000,
  lag_probe_grace_ms: 2_000,
}

/** About 1,500 bytes to everybody. */
const talk = (room: RoomBench, socket: string) => {
  room.says(socket, 'x'.repeat(1_000), {
    client_message_id: `c${room.now}${Math.imul(room.effects.length, 7)}`,
  })
  room.writes()
  room.passes(300)
}

test('[CONN-10] one that does not read is asked, then gets no typing, then is closed as slow', () => {
  const room = RoomBench.known(limits)
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  const keepUp = () => {
    const asked = room.heardOf(ann, 'ping').length
    while (pongs < asked) {
      room.sends(ann, { type: 'pong' })
      pongs += 1
    }
  }
  let pongs = 0
  for (let count = 0; count < 6; count += 1) {
    talk(room, ann)
    keepUp()
  }
  expect(room.heardOf(bob, 'ping')).toHaveLength(1)
  expect(room.closeOf(bob)).toBeUndefined()

  room.joins('eve')
  expect(room.comings(ann)).toContain('user_joined eve')
  expect(room.comings(bob)).not.toContain('user_joined eve')

  for (let count = 0; count < 12; count += 1) {
    talk(room, ann)
    keepUp()
  }
  expect(room.closeOf(bob)).toEqual({ code: closeCodes.unresponsive, reason: 'slow' })
  expect(room.closeOf(ann)).toBeUndefined()
})

test('[CONN-10] a burst is not held against one that had no time to answer', () => {
  const room = RoomBench.known({ ...limits, lag_probe_grace_ms: 60_000 })
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  for (let count = 0; count < 14; count += 1) talk(room, ann)
  expect(room.closeOf(bob)).toBeUndefined()
})

test('[CONN-10] a replay counts like a broadcast', () => {
  const room = RoomBench.known(limits)
  const bob = room.joins('bob')
  for (let count = 0; count < 6; count += 1) talk(room, bob)
  const ann = room.joins('ann', { since_revision: 1 })
  room.listensAfresh()
  talk(room, bob)
  expect(room.heardOf(ann, 'ping')).toHaveLength(1)
})

test('[CONN-10] a heartbeat does not make an old question young', () => {
  const room = RoomBench.known(limits)
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  for (let count = 0; count < 4; count += 1) talk(room, ann)
  const asked_at = room.state.sockets.get(bob)?.probe?.at
  expect(asked_at).toBeDefined()
  room.passes(30_000)
  expect(room.state.sockets.get(bob)?.probe?.at).toBe(asked_at)
})

test('[CONN-10] without bound it is not kept in any case', () => {
  const room = RoomBench.known({ ...limits, lag_probe_grace_ms: 60_000 })
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  for (let count = 0; count < 60 && !room.closeOf(bob); count += 1) {
    talk(room, ann)
    if (room.heardOf(ann, 'ping').length > 0) room.sends(ann, { type: 'pong' })
  }
  expect(room.closeOf(bob)).toEqual({ code: closeCodes.unresponsive, reason: 'slow' })
})
