/** Who has read up to where: a list over REST, and on the socket what moves (INBOX-2). */
import { describe, expect, test } from 'vitest'
import type { MemberMarkList } from '../../src/protocol/read-mark.ts'
import { invite, openRoom, say, signIn, type Caller } from './http-client.ts'
import { evict, type Eviction } from './support/bindings.ts'
import { join } from './support/socket.ts'

const twins: Eviction[] = ['none', 'hibernate']

/** A room of ann in which ben only reads, and two things were said. */
const annAndBen = async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann)
  await invite(ann, room_id, { user_id: ben.user_id, role: 'viewer' })
  const first = await say(ann, room_id, 'first')
  const { sequence_number } = await say(ann, room_id, 'second')
  return { ann, ben, room_id, first: first.sequence_number, second: sequence_number }
}

const listed = async (person: Caller, room_id: string) => {
  const { body } = await person.get<MemberMarkList>(`/api/rooms/${room_id}/read-marks`)
  return new Map(body.read_marks.map(({ user_id, read_sequence }) => [user_id, read_sequence]))
}

describe.concurrent.each(twins)('who has read (eviction: %s)', (eviction) => {
  test('[INBOX-2] the others hear how far somebody has read, a viewer as well', async () => {
    const { ann, ben, room_id, first, second } = await annAndBen()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    for (const sequence_number of [first, second]) {
      await evict(room_id, eviction)
      other.send({ type: 'read', sequence_number })
      expect(await one.next('read_marks')).toEqual({
        type: 'read_marks',
        read_marks: [{ user_id: ben.user_id, read_sequence: sequence_number }],
      })
    }
    expect((await listed(ann, room_id)).get(ben.user_id)).toBe(second)
  })

  test('[INBOX-2] who comes later reads the list, and is told of nothing that was', async () => {
    const { ann, ben, room_id, second } = await annAndBen()
    const other = await join(ben, room_id)
    other.send({ type: 'read', sequence_number: second })
    await other.next('read_marks')
    await evict(room_id, eviction)
    const one = await join(ann, room_id)
    expect((await listed(ann, room_id)).get(ben.user_id)).toBe(second)
    one.say('third')
    await one.next('message')
    expect(one.frames.filter(({ type }) => type === 'read_marks')).toEqual([])
  })
})

test('[SEC-2] a member who was removed is not listed, and lists nothing', async () => {
  const { ann, ben, room_id, second } = await annAndBen()
  await ben.put(`/api/rooms/${room_id}/read`, { sequence_number: second })
  expect(await listed(ben, room_id)).toEqual(
    new Map([
      [ben.user_id, second],
      [ann.user_id, 0],
    ]),
  )
  await ann.delete(`/api/rooms/${room_id}/members/${encodeURIComponent(ben.user_id)}`)
  expect([...(await listed(ann, room_id)).keys()]).toEqual([ann.user_id])
  expect((await ben.get(`/api/rooms/${room_id}/read-marks`)).status).toBe(403)
})
