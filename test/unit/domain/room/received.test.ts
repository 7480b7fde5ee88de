import { expect, test } from 'vitest'
import { closeCodes } from '../../../../src/protocol/close-codes.ts'
import { FRAME_MAX_BYTES } from '../../../../src/protocol/limits.ts'
import { RoomBench, uuid } from './room-builder.ts'

test.each([
  ['not JSON', '{', 'bad_request', undefined],
  ['an unknown type', '{"type":"nonsense","ref":"r"}', 'bad_request', 'r'],
  ['a wrong field', '{"type":"message","content":7,"client_message_id":"c"}', 'bad_request', 'c'],
  ['no object', '[1,2,3]', 'bad_request', undefined],
  ['deep nesting', '['.repeat(60_000), 'bad_request', undefined],
  ['too large', `{"type":"ping","x":"${'x'.repeat(FRAME_MAX_BYTES)}"}`, 'too_large', undefined],
])('[CONN-11] %s: an error with a stable code and the reference', (_, data, code, ref) => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  const bob = room.joins('bob')
  room.sends(ann, data)
  const [error] = room.heardOf(ann, 'error')
  expect(error).toMatchObject({ code })
  expect(error?.ref).toBe(ref)
  expect(room.closeOf(ann)).toBeUndefined()
  room.says(bob, 'the room goes on')
  room.writes()
  expect(room.revisions(ann)).toEqual([2])
})

test('[CONN-11] binary frames are refused', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  room.give({ type: 'received', socket: ann, data: new ArrayBuffer(3), id: uuid(1) })
  expect(room.heardOf(ann, 'error')).toMatchObject([{ code: 'bad_request' }])
})

test('[CONN-11] repeated abuse closes, and only that socket', () => {
  const room = RoomBench.known()
  const [ann, bob] = [room.joins('ann'), room.joins('bob')]
  for (let count = 0; count < 20; count += 1) room.sends(ann, 'nonsense')
  expect(room.closeOf(ann)).toMatchObject({ code: closeCodes.abuse })
  expect(room.closeOf(bob)).toBeUndefined()
})

test('[CONN-11] control: a mistake now and then is no abuse', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  for (let count = 0; count < 60; count += 1) {
    room.sends(ann, 'nonsense')
    if (count % 15 === 0) room.sends(ann, { type: 'ping' })
  }
  expect(room.closeOf(ann)).toBeUndefined()
})

test('[CONN-9] frames of a socket that was closed are heard by nobody', () => {
  const room = RoomBench.known()
  const ann = room.joins('ann')
  room.leaves(ann)
  expect(room.says(ann, 'late')).toEqual([])
})
