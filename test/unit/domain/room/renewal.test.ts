import { expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import { RoomBench, started_at } from './room-builder.ts'

const ending = { token_expires_at: started_at + 90_000 }
const answerBeat = (room: RoomBench, socket: string, duration_ms: number) => {
  for (let left = duration_ms; left > 0; left -= 10_000) {
    room.passes(Math.min(left, 10_000))
    if (!room.closeOf(socket)) room.sends(socket, { type: 'pong' })
  }
}

test('[CONN-8] a token that ends is warned of once, a minute before, and then closes', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann', ending)
  const bob = room.joins('bob')
  answerBeat(room, ann, 29_000)
  expect(room.heardOf(ann, 'auth_required')).toEqual([])
  answerBeat(room, ann, 1_000)
  const expires_at = new Date(ending.token_expires_at).toISOString()
  expect(room.heardOf(ann, 'auth_required')).toEqual([{ type: 'auth_required', expires_at }])
  room.sends(bob, { type: 'pong' })
  answerBeat(room, ann, 59_000)
  expect(room.closeOf(ann)).toBeUndefined()
  room.passes(1_000)
  expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.token_expired })
  expect(room.heardOf(ann, 'auth_required')).toHaveLength(1)
})

test('[CONN-8] it is renewed in place', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann', ending)
  answerBeat(room, ann, 40_000)
  room.sends(ann, { type: 'auth', token: 'fresh', ref: 'r' })
  expect(room.asked('authenticate')).toMatchObject([{ socket: ann, token: 'fresh', ref: 'r' }])
  const result = { user_id: 'ann', expires_at: started_at + 3_600_000 }
  room.give({ type: 'authenticated', socket: ann, ref: 'r', result })
  expect(room.heardOf(ann, 'authenticated')).toHaveLength(1)
  answerBeat(room, ann, 600_000)
  expect(room.closeOf(ann)).toBeUndefined()
  expect(room.heardOf(ann, 'auth_required')).toHaveLength(1)
  room.sleeps()
  answerBeat(room, ann, 2_920_000)
  expect(room.heardOf(ann, 'auth_required')).toHaveLength(2)
  expect(room.closeOf(ann)).toBeUndefined()
})

test('[CONN-8] the new token is warned of in its turn', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann', ending)
  answerBeat(room, ann, 40_000)
  const result = { user_id: 'ann', expires_at: room.now + 100_000 }
  room.give({ type: 'authenticated', socket: ann, ref: undefined, result })
  answerBeat(room, ann, 40_000)
  expect(room.heardOf(ann, 'auth_required')).toHaveLength(2)
})

test.each([
  ['one that is not valid', undefined, 'unauthenticated'],
  ['one that has ended', { user_id: 'ann', expires_at: started_at }, 'unauthenticated'],
  ['somebody else’s', { user_id: 'bob', expires_at: started_at + 3_600_000 }, 'forbidden'],
])('[CONN-8] %s renews nothing', (_, result, code) => {
  const room = RoomBench.known()
  const ann = room.joins('ann', ending)
  room.give({ type: 'authenticated', socket: ann, ref: 'r', result })
  expect(room.heardOf(ann, 'error')).toMatchObject([{ code, ref: 'r' }])
  answerBeat(room, ann, 90_000)
  expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.token_expired })
})

test('[CONN-8] after its end not one more frame is obeyed, however late the alarm', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann', ending)
  room.says(ann, 'in time')
  expect(room.asked('commit')).toHaveLength(1)
  room.writes()
  room.now = ending.token_expires_at
  room.says(ann, 'too late')
  expect(room.asked('commit')).toHaveLength(1)
  expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.token_expired })
})
