/** Talking in a room, in the real runtime with the real database; with the room asleep between. */
import { describe, expect, test } from 'vitest'
import { addMember, crowdInto, openRoom, readPage, say, signIn } from '../http-client.ts'
import { evict, timesRun, type Eviction } from '../support/bindings.ts'
import { connect, join, revisionsOf, sequencesOf } from '../support/socket.ts'

const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

const twoInARoom = async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  return { ann, ben, room_id }
}

/** Twins: the same story, with the room put to sleep in the middle of it. */
const twins: Eviction[] = ['none', 'hibernate']

describe.each(twins)('two sockets talk (eviction: %s)', (eviction) => {
  test('[MSG-2] the sender hears ack, everybody the message, after the commit, with the same numbers', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    await evict(room_id, eviction)
    one.say('the belt is hot', 'c-1')
    const ack = await one.next('ack')
    const mine = await one.next('message')
    const theirs = await other.next('message')
    expect(theirs).toEqual(mine)
    expect(theirs.message).toMatchObject({
      content: 'the belt is hot',
      client_message_id: 'c-1',
      sequence_number: 1,
      sender_id: ann.user_id,
      sender_display_name: ann.display_name,
    })
    const { message_id, sequence_number, created_at } = theirs.message
    expect(ack).toMatchObject({
      ...{ client_message_id: 'c-1', message_id, sequence_number, created_at },
      revision: theirs.revision,
    })
    expect((await readPage(ben, room_id)).messages).toEqual([theirs.message])
  })

  test('[MSG-3] a repeat is acked with the first result and told to nobody', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    one.say('once', 'same')
    const first = await one.next('ack')
    await evict(room_id, eviction)
    one.say('once', 'same')
    expect(await one.next('ack')).toEqual(first)
    one.say('something else', 'same')
    expect(await one.next('error')).toMatchObject({ code: 'conflict', ref: 'same' })
    one.say('the end')
    for (const socket of [one, other]) {
      await socket.next('message', (frame) => frame.message.content === 'the end')
      expect(sequencesOf(socket)).toEqual([1, 2])
    }
  })

  test('[SEQ-6] a hundred messages of one socket keep their order, nothing lost or doubled', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    for (const number of oneTo(50)) one.say(String(number))
    await one.next('message', (frame) => frame.message.content === '50')
    await evict(room_id, eviction)
    for (const number of oneTo(50)) one.say(String(50 + number))
    for (const socket of [one, other]) {
      await socket.next('message', (frame) => frame.message.content === '100')
      expect(sequencesOf(socket)).toEqual(oneTo(100))
      const contents = socket.frames.flatMap((f) =>
        f.type === 'message' ? [f.message.content] : [],
      )
      expect(contents).toEqual(oneTo(100).map(String))
    }
  })

  test('[SEQ-3] what another writer committed is told first, in order', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const [one, other] = [await join(ann, room_id), await join(ben, room_id)]
    one.say('first')
    await other.next('message')
    await crowdInto(room_id, ann.user_id, 5)
    await evict(room_id, eviction)
    one.say('last')
    for (const socket of [one, other]) {
      await socket.next('message', (frame) => frame.message.content === 'last')
      expect(sequencesOf(socket)).toEqual(oneTo(7))
    }
  })

  test('[API-8] a message over REST reaches the sockets like any other', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const other = await join(ben, room_id)
    await evict(room_id, eviction)
    const message = await say(ann, room_id, 'over REST')
    expect((await other.next('message')).message).toEqual(message)
  })

  test('[MSG-10] mentions of people who are not here are reported in the ack', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const one = await join(ann, room_id)
    await evict(room_id, eviction)
    const mentions = [ben.user_id, 'nobody@example.com']
    one.send({ type: 'message', content: 'you two', mentions, ref: 'r' })
    expect(await one.next('ack')).toMatchObject({
      ref: 'r',
      dropped_mentions: ['nobody@example.com'],
    })
    expect((await one.next('message')).message.mentions).toEqual([ben.user_id])
  })
})

test('[SEQ-1] [SEQ-5] 50 sockets send at the same instant: 1…50 for all of them', async () => {
  const { ann, ben, room_id } = await twoInARoom()
  const sockets = []
  for (const number of oneTo(50)) sockets.push(await join(number % 2 ? ann : ben, room_id))
  sockets.forEach((socket, index) => socket.say(`of ${index}`))
  for (const socket of sockets) {
    await socket.next('message', (frame) => frame.message.sequence_number === 50)
    expect(sequencesOf(socket)).toEqual(oneTo(50))
  }
  expect((await readPage(ann, room_id)).messages).toHaveLength(50)
})

test('[SEQ-2] messages that wait behind one in flight travel together: far fewer calls than messages', async () => {
  const { ann, room_id } = await twoInARoom()
  const one = await join(ann, room_id)
  const before = await timesRun('commit-room')
  for (const number of oneTo(500)) one.say(String(number))
  await one.next('message', (frame) => frame.message.sequence_number === 500)
  expect(sequencesOf(one)).toEqual(oneTo(500))
  // 100 to a call; the first leaves alone.
  expect((await timesRun('commit-room')) - before).toBeLessThanOrEqual(20)
})

test('[SEQ-2] a message alone is one statement and no other', async () => {
  const { ann, room_id } = await twoInARoom()
  const one = await join(ann, room_id)
  one.say('wakes all caches')
  await one.next('ack')
  const before = await statements()
  for (const number of oneTo(10)) {
    one.say(String(number))
    await one.next('ack')
  }
  const after = await statements()
  expect(after['commit-room']).toBe((before['commit-room'] ?? 0) + 10)
  expect({ ...after, 'commit-room': 0 }).toEqual({ ...before, 'commit-room': 0 })
})

const statements = async (): Promise<Record<string, number>> => {
  const names = [
    ...(['commit-room', 'readChanges', 'readRoomSnapshot'] as const),
    ...(['readUser', 'readMember'] as const),
  ]
  const counts = await Promise.all(names.map(timesRun))
  return Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0]))
}

test('[CONN-12] a batch=1 socket gets an array where a commit brought several frames; another never', async () => {
  const { ann, ben, room_id } = await twoInARoom()
  const batched = await join(ann, room_id, { query: '?batch=1' })
  const single = await join(ben, room_id)
  for (const number of oneTo(60)) single.say(String(number))
  for (const socket of [batched, single]) {
    await socket.next('message', (frame) => frame.message.sequence_number === 60)
    expect(sequencesOf(socket)).toEqual(oneTo(60))
    expect(revisionsOf(socket)).toEqual(oneTo(60).map((number) => number + 2))
  }
  expect(single.texts.every((text) => text.startsWith('{'))).toBe(true)
  expect(batched.texts.some((text) => text.startsWith('['))).toBe(true)
  expect(batched.texts.length).toBeLessThan(single.texts.length)
})

test('[CONN-5] the room closed under its sockets: the client comes again and misses nothing', async () => {
  const { ann, ben, room_id } = await twoInARoom()
  const one = await join(ann, room_id)
  const first = await join(ben, room_id)
  one.say('before')
  const { revision } = await first.next('message')
  await evict(room_id, 'close')
  await first.closed
  await say(ann, room_id, 'meanwhile')
  const again = await connect(ben, room_id, { query: `?since_revision=${revision}` })
  expect(await again.next('resumed')).toMatchObject({ recovered: true })
  await say(ann, room_id, 'after')
  await again.next('message', (frame) => frame.message.content === 'after')
  expect([...sequencesOf(first), ...sequencesOf(again)]).toEqual([1, 2, 3])
})
