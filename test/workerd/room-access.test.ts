/** Members removed, roles changed, tokens renewed: what an open socket feels of it, and how soon. */
import type { MessageFrame } from '../../src/protocol/message.ts'
import { describe, expect, test } from 'vitest'
import { signToken } from '../../src/identity/tokens.ts'
import { addMember, invite, openRoom, say, signIn, type Caller } from './http-client.ts'
import { bindings, evict, type Eviction } from './support/bindings.ts'
import { connect, join, sequencesOf, upgrade } from './support/socket.ts'

const twoInARoom = async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  return { ann, ben, room_id }
}

const memberPath = (room_id: string, { user_id }: Caller) =>
  `/api/rooms/${room_id}/members/${encodeURIComponent(user_id)}`

/** A token of this person that ends so many milliseconds from now. */
const tokenFor = async (person: Caller, lifetime_ms: number): Promise<string> => {
  const issued_at = Date.now() + lifetime_ms - 12 * 3_600_000
  const signed = await signToken(bindings, person, issued_at)
  return signed.token
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const twins: Eviction[] = ['none', 'hibernate']

const isText = (frame: MessageFrame): boolean => frame.message.message_type === 'text'

describe.concurrent.each(twins)('membership (eviction: %s)', (eviction) => {
  test('[CONN-8] [SEC-2] a removed person’s sockets all close with 4403 at once, the others hear of it', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const one = await join(ann, room_id)
    const theirs = [await join(ben, room_id), await join(ben, room_id), await connect(ben, room_id)]
    await evict(room_id, eviction)
    // Long before the next heartbeat would find it out.
    const started = Date.now()
    expect((await ann.delete(memberPath(room_id, ben))).status).toBe(204)
    for (const socket of theirs) expect(await socket.closed).toMatchObject({ code: 4403 })
    expect(Date.now() - started).toBeLessThan(5_000)
    await one.next('system', (frame) => frame.event === 'member_removed')
    await one.next('system', (frame) => frame.event === 'user_left')

    await say(ann, room_id, 'among us')
    expect((await one.next('message', isText)).message.content).toBe('among us')
    for (const { frames } of theirs) {
      expect(frames.map((frame) => frame.type)).not.toContain('message')
      expect(frames.at(-1)).not.toMatchObject({ event: 'member_removed' })
    }
    expect((await upgrade(ben, room_id)).status).toBe(403)
  })

  test('[CONN-8] [SEC-2] of frames sent around the removal none is written after it', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    await evict(room_id, eviction)
    const removal = ann.delete(memberPath(room_id, ben))
    for (let count = 0; count < 100; count += 1) {
      other.say('am I still in?')
      await pause(1)
    }
    expect(await other.closed).toMatchObject({ code: 4403 })
    await removal
    await one.next('system', (frame) => frame.event === 'member_removed')
    await say(ann, room_id, 'the end')
    await one.next('message', (frame) => frame.message.content === 'the end')
    const told = one.frames.map((frame) => {
      if (frame.type === 'message') return frame.message.sender_id
      return 'event' in frame ? frame.event : frame.type
    })
    expect(told.lastIndexOf(ben.user_id)).toBeLessThan(told.indexOf('member_removed'))
    const numbers = sequencesOf(one)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })

  test('[CONN-8] a changed role is obeyed from the next frame on', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const other = await join(ben, room_id)
    await evict(room_id, eviction)
    await ann.patch(memberPath(room_id, ben), { role: 'viewer' })
    other.send({ type: 'message', content: 'may I?', ref: 'v' })
    expect(await other.next('error')).toMatchObject({ code: 'forbidden', ref: 'v' })
    await ann.patch(memberPath(room_id, ben), { role: 'editor' })
    await evict(room_id, eviction)
    other.say('again')
    // After the two that say how the role changed.
    expect(await other.next('ack')).toMatchObject({ sequence_number: 3 })
  })

  test('[MSG-1] a viewer reads and may not write', async () => {
    const { ann, room_id } = await twoInARoom()
    const vic = await signIn('vic')
    await invite(ann, room_id, { user_id: vic.user_id, role: 'viewer' })
    const viewer = await join(vic, room_id)
    await evict(room_id, eviction)
    viewer.send({ type: 'message', content: 'hello', client_message_id: 'c' })
    expect(await viewer.next('error')).toMatchObject({ code: 'forbidden', ref: 'c' })
    await say(ann, room_id, 'hear')
    expect((await viewer.next('message')).message.content).toBe('hear')
  })

  test('[API-4] a room that is archived takes no messages until it is opened again', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const other = await join(ben, room_id)
    await ann.patch(`/api/rooms/${room_id}`, { status: 'archived' })
    await other.next('system', (frame) => frame.event === 'room_updated')
    await evict(room_id, eviction)
    other.say('one more thing')
    expect(await other.next('error')).toMatchObject({ code: 'forbidden' })
    await ann.patch(`/api/rooms/${room_id}`, { status: 'active' })
    other.say('now')
    expect(await other.next('ack')).toMatchObject({ sequence_number: 3 })
  })

  test('[CONN-8] a token that ends soon: auth_required, a renewal in place, and the socket lives on', async () => {
    const { ann, room_id } = await twoInARoom()
    const socket = await join({ ...ann, token: await tokenFor(ann, 5_000) }, room_id)
    const { expires_at } = await socket.next('auth_required')
    await evict(room_id, eviction)
    socket.send({ type: 'auth', token: ann.token })
    const renewed = await socket.next('authenticated')
    expect(Date.parse(renewed.expires_at)).toBeGreaterThan(Date.now() + 3_600_000)
    await pause(Date.parse(expires_at) + 500 - Date.now())
    socket.say('still here')
    expect(await socket.next('ack')).toMatchObject({ sequence_number: 1 })
  })

  test('[CONN-8] a token that is not renewed: 4401, though the room slept', async () => {
    const { ann, room_id } = await twoInARoom()
    const socket = await join({ ...ann, token: await tokenFor(ann, 4_000) }, room_id)
    await socket.next('auth_required')
    await evict(room_id, eviction)
    expect(await socket.closed).toMatchObject({ code: 4401 })
  })

  test('[CONN-8] a bad token, or one of somebody else, renews nothing', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const socket = await join(ann, room_id)
    await evict(room_id, eviction)
    socket.send({ type: 'auth', token: 'x.y.z', ref: 'a' })
    expect(await socket.next('error')).toMatchObject({ code: 'unauthenticated', ref: 'a' })
    socket.send({ type: 'auth', token: ben.token, ref: 'b' })
    expect(await socket.next('error')).toMatchObject({ code: 'forbidden', ref: 'b' })
  })
})
