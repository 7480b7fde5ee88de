/** Who is online and who types; kept by the sockets alone, so a sleeping room keeps them too. */
import { runDurableObjectAlarm } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { addMember, invite, openRoom, signIn } from './http-client.ts'
import { evict, roomOf, type Eviction } from './support/bindings.ts'
import { connect, join } from './support/socket.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const twoInARoom = async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  return { ann, ben, room_id }
}

const twins: Eviction[] = ['none', 'hibernate']

describe.concurrent.each(twins)('presence (eviction: %s)', (eviction) => {
  test('[PRES-1] joined on the first socket, left some seconds after the last; a second tab says nothing', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const one = await join(ann, room_id)
    const [tab, secondTab] = [await join(ben, room_id), await join(ben, room_id)]
    expect(await one.next('system')).toMatchObject({
      event: 'user_joined',
      user_id: ben.user_id,
      display_name: ben.display_name,
    })
    await evict(room_id, eviction)
    tab.close()
    await pause(300)
    secondTab.close()
    const closed_at = Date.now()
    expect(await one.next('system')).toMatchObject({ event: 'user_left', user_id: ben.user_id })
    expect(Date.now() - closed_at).toBeGreaterThan(4_500)
  })

  test('[PRES-1] a reload within the grace makes no flicker', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const one = await join(ann, room_id)
    const before = await join(ben, room_id)
    await one.next('system')
    before.close()
    await pause(200)
    await evict(room_id, eviction)
    await join(ben, room_id)
    await pause(5_500)
    expect(one.frames.filter((frame) => frame.type === 'system')).toHaveLength(1)
  })

  test('[PRES-4] a newcomer is told who is online, idle or active', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const one = await join(ann, room_id)
    one.send({ type: 'presence', state: 'idle' })
    await one.next('presence', (frame) => frame.online[0]?.state === 'idle')
    await evict(room_id, eviction)
    const other = await connect(ben, room_id)
    const { online, online_count } = await other.next('welcome')
    expect(online_count).toBe(2)
    expect(online).toMatchObject([
      { user_id: ann.user_id, state: 'idle' },
      { user_id: ben.user_id, state: 'active' },
    ])
  })

  test('[PRES-3] [PRES-4] typing goes to the others, and ends by itself after three seconds', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    one.send({ type: 'typing' })
    expect(await other.next('typing')).toEqual({ type: 'typing', user_ids: [ann.user_id] })
    const told_at = Date.now()
    await evict(room_id, eviction)
    expect(await other.next('typing')).toEqual({ type: 'typing', user_ids: [] })
    expect(Date.now() - told_at).toBeGreaterThan(2_000)
    for (const frame of one.frames)
      if (frame.type === 'typing') expect(frame.user_ids).not.toContain(ann.user_id)
  })

  test('[PRES-3] typing ends on send and on disconnect', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    for (const end of [() => one.say('done'), () => one.close()]) {
      one.send({ type: 'typing' })
      await other.next('typing', (frame) => frame.user_ids.length === 1)
      const told_at = Date.now()
      await evict(room_id, eviction)
      end()
      await other.next('typing', (frame) => frame.user_ids.length === 0)
      expect(Date.now() - told_at).toBeLessThan(3_000)
    }
  })
})

test.concurrent(
  '[PRES-1] of several who leave while the room sleeps each is seen leaving',
  async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const one = await join(ann, room_id)
    const others = []
    for (const name of ['ben', 'cid', 'dee', 'eva']) {
      const person = await signIn(name)
      await invite(ann, room_id, { user_id: person.user_id, role: 'viewer' })
      others.push({ person, socket: await join(person, room_id) })
    }
    await evict(room_id, 'hibernate')
    for (const { socket } of others) socket.close()
    for (const { person } of others)
      await one.next(
        'system',
        (frame) => frame.event === 'user_left' && frame.user_id === person.user_id,
      )
  },
)

test.concurrent(
  '[PRES-4] the alarm of a room that sleeps tells what is due, and nothing twice',
  async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    await one.next('system')
    other.close()
    await pause(200)
    await evict(room_id, 'hibernate')
    await runDurableObjectAlarm(roomOf(room_id))
    expect(one.frames.filter((frame) => frame.type === 'system')).toHaveLength(1)
    await one.next('system', (frame) => frame.event === 'user_left')
    await evict(room_id, 'hibernate')
    await runDurableObjectAlarm(roomOf(room_id))
    await pause(200)
    expect(one.frames.filter((frame) => frame.type === 'system')).toHaveLength(2)
  },
)
