/**
 * The burst lane into a room, in the real runtime with the real database: beside people who talk,
 * with poison among it, with the room asleep or dead in between.
 */
import { abortAllDurableObjects } from 'cloudflare:test'
import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { BurstReply, ItemResult, MessageItem } from '../../../src/domain/room/commit.ts'
import type { Verification } from '../../../src/protocol/proof.ts'
import {
  addMember,
  crowdInto,
  openRoom,
  readPage,
  say,
  signIn,
  type Caller,
} from '../http-client.ts'
import { evict, roomOf, timesRun, type Eviction } from '../support/bindings.ts'
import { join, revisionsOf, sequencesOf, type TestSocket } from '../support/socket.ts'

const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** As a shard of the buffer makes it. */
const posted = (
  { user_id }: Pick<Caller, 'user_id'>,
  content: string,
  overrides: Partial<MessageItem> = {},
): MessageItem => {
  const id = uuidv7()
  return {
    ...{ kind: 'message', change_id: id, client_message_id: id, actor_id: user_id, content },
    ...{ data: null, message_type: 'text', mentions: [], reply_to: null, file_id: null },
    search: null,
    ...overrides,
  }
}

const burst = (sender: Caller, count: number, name = 'b'): MessageItem[] =>
  oneTo(count).map((number) => posted(sender, `${name} ${number}`))

/** @throws Error where it was not settled */
const commit = async (room_id: string, items: MessageItem[]): Promise<readonly ItemResult[]> => {
  const reply = (await roomOf(room_id).commitBurst(items)) as BurstReply
  if (!reply.ok) throw new Error(`not settled: ${reply.refusal.code} ${reply.refusal.message}`)
  return reply.results
}

const sequenceOf = (result: ItemResult | undefined): number | undefined =>
  result && 'sequence_number' in result ? result.sequence_number : undefined

const hearsAll = async (socket: TestSocket, count: number): Promise<void> => {
  await socket.next('message', ({ message }) => message.sequence_number === count)
  expect(sequencesOf(socket)).toEqual(oneTo(count))
}

const aRoom = async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  return { ann, ben, room_id }
}

const twins: Eviction[] = ['none', 'hibernate']

describe.each(twins)('a burst (eviction: %s)', (eviction) => {
  test('[DISP-7] [SEQ-1] is numbered in its order, heard by all, and the room goes on after it', async () => {
    const { ann, ben, room_id } = await aRoom()
    const sockets = [await join(ann, room_id), await join(ben, room_id, { query: '?batch=1' })]
    const [mine] = sockets
    mine?.say('before')
    await mine?.next('ack')
    await evict(room_id, eviction)
    const items = burst(ben, 300)
    const results = await commit(room_id, items)
    expect(results.map(sequenceOf)).toEqual(oneTo(300).map((number) => number + 1))
    await evict(room_id, eviction)
    mine?.say('after')
    for (const socket of sockets) {
      await hearsAll(socket, 302)
      const messages = socket.frames.flatMap((f) => (f.type === 'message' ? [f.message] : []))
      expect(messages.slice(1, -1).map(({ message_id }) => message_id)).toEqual(
        items.map(({ change_id }) => change_id),
      )
      expect(messages[1]).toMatchObject({
        ...{ content: 'b 1', sender_id: ben.user_id, sender_display_name: ben.display_name },
      })
      expect(socket.frames.filter(({ type }) => type === 'error')).toEqual([])
    }
    const { messages } = await readPage(ann, room_id, '?limit=3')
    expect(messages.map(({ content }) => content)).toEqual(['after', 'b 300', 'b 299'])
    const verified = await ann.get<Verification>(`/api/rooms/${room_id}/verify`)
    expect(verified.body).toMatchObject({ ok: true, messages: 302 })
  })

  test('[DISP-11] [MSG-3] sent again after the answer was lost, it is there once and told once', async () => {
    const { ann, ben, room_id } = await aRoom()
    const socket = await join(ann, room_id)
    const items = burst(ben, 50)
    const first = await commit(room_id, items)
    await evict(room_id, eviction)
    const again = await commit(room_id, [...items.slice(25), posted(ben, 'new')])
    expect(again.map(({ status }) => status)).toEqual([
      ...oneTo(25).map(() => 'duplicate'),
      'committed',
    ])
    expect(again.slice(0, 25).map(sequenceOf)).toEqual(first.slice(25).map(sequenceOf))
    await hearsAll(socket, 51)
  })

  test('[DISP-11] of a poisoned one the bad items alone are refused', async () => {
    const { ann, ben, room_id } = await aRoom()
    const [stranger, reader] = [await signIn('stranger'), await signIn('reader')]
    await addMember(ann, room_id, { user_id: reader.user_id, role: 'viewer' })
    const socket = await join(reader, room_id)
    await evict(room_id, eviction)
    const items = burst(ben, 20)
    items[3] = posted(stranger, 'I am no member')
    items[7] = posted(reader, 'I may only read')
    items[11] = posted(ben, 'an answer to nothing', { reply_to: crypto.randomUUID() })
    items[13] = posted(ben, 'no such file', {
      file_id: crypto.randomUUID(),
      message_type: 'file_ref',
    })
    // Postgres itself stumbles over this one.
    items[15] = posted(ben, 'an answer to nonsense', { reply_to: 'nonsense' })
    const results = await commit(room_id, items)
    const refused = results.flatMap((result, index) =>
      result.status === 'refused' ? [[index, result.code]] : [],
    )
    expect(refused).toEqual([
      [3, 'forbidden'],
      [7, 'forbidden'],
      [11, 'not_found'],
      [13, 'not_found'],
      [15, 'bad_request'],
    ])
    await hearsAll(socket, 15)
    await say(ann, room_id, 'the room goes on')
    await hearsAll(socket, 16)
  })

  test('[MSG-10] [API-2] it mentions people, and is found', async () => {
    const { ann, ben, room_id } = await aRoom()
    const socket = await join(ann, room_id)
    await evict(room_id, eviction)
    await commit(room_id, [
      posted(ben, `@${ann.display_name} 三號機溫度過高`),
      posted(ben, 'all of you, @channel: A12-77'),
    ])
    await hearsAll(socket, 2)
    for (const { mentions } of (await readPage(ann, room_id)).messages)
      expect(mentions).toEqual([ann.user_id])
    const found = await ann.get<{ results: unknown[] }>(
      `/api/rooms/${room_id}/messages/search?q=${encodeURIComponent('溫度')}`,
    )
    expect(found.body.results).toHaveLength(1)
  })
})

test('[SEQ-1] [SEQ-5] [DISP-7] bursts of several shards and twenty who talk: 1…n, in order for each', async () => {
  const { ann, ben, room_id } = await aRoom()
  const talkers = []
  for (const number of oneTo(20)) talkers.push(await join(number % 2 ? ann : ben, room_id))
  const [ears] = talkers
  const bursts = oneTo(3).map(async (shard) => {
    for (const round of oneTo(4)) await commit(room_id, burst(ben, 100, `${shard}.${round}`))
  })
  for (const number of oneTo(10)) {
    talkers.forEach((talker, index) => talker.say(`said ${index} ${number}`))
    await scheduler.wait(5)
  }
  await Promise.all(bursts)
  for (const socket of talkers) await hearsAll(socket, 1_400)
  const contents =
    ears?.frames.flatMap((f) => (f.type === 'message' ? [String(f.message.content)] : [])) ?? []
  for (const index of talkers.keys())
    expect(contents.filter((content) => content.startsWith(`said ${index} `))).toEqual(
      oneTo(10).map((number) => `said ${index} ${number}`),
    )
  for (const shard of oneTo(3))
    expect(contents.filter((content) => content.startsWith(`${shard}.`))).toEqual(
      oneTo(4).flatMap((round) => burst(ben, 100, `${shard}.${round}`).map((item) => item.content)),
    )
})

test('[DISP-7] one call to the database for 500 messages, and one more for each further 500', async () => {
  const { ann, ben, room_id } = await aRoom()
  const socket = await join(ann, room_id)
  await say(ann, room_id, 'wakes all')
  const [bursts, said, read] = await counts()
  await commit(room_id, burst(ben, 500))
  expect(await counts()).toEqual([bursts + 1, said, read])
  await commit(room_id, burst(ben, 1_001))
  expect(await counts()).toEqual([bursts + 4, said, read])
  await hearsAll(socket, 1_502)
})

const counts = (): Promise<[number, number, number]> =>
  Promise.all([timesRun('commit-burst'), timesRun('commit-room'), timesRun('readChanges')])

test('[SEQ-3] what writers beside the room committed is told first, in order', async () => {
  const { ann, ben, room_id } = await aRoom()
  const socket = await join(ann, room_id)
  await commit(room_id, burst(ben, 5))
  await crowdInto(room_id, ann.user_id, 5)
  await commit(room_id, burst(ben, 5))
  await hearsAll(socket, 15)
  expect(revisionsOf(socket)).toEqual(oneTo(15).map((number) => number + 2))
})

test('[DISP-11] the room dies under a burst: sent again until it is answered, it is there once', async () => {
  const { ann, ben, room_id } = await aRoom()
  const items = burst(ben, 400)
  const dying = commit(room_id, items).catch(() => 'died')
  await scheduler.wait(5)
  await abortAllDurableObjects()
  await dying
  const socket = await join(ann, room_id)
  const results = await commit(room_id, items)
  expect(results.map(sequenceOf)).toEqual(oneTo(400))
  await say(ann, room_id, 'after')
  expect((await readPage(ann, room_id, '?limit=1')).messages).toMatchObject([
    { sequence_number: 401 },
  ])
  await socket.next('message', ({ message }) => message.sequence_number === 401)
})

test('[DISP-11] a room that does not exist refuses for good', async () => {
  const ann = await signIn('ann')
  const reply = (await roomOf(crypto.randomUUID()).commitBurst(burst(ann, 2))) as BurstReply
  expect(reply).toMatchObject({ ok: false, refusal: { code: 'not_found' } })
})
