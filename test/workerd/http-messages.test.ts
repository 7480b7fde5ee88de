/** Messages over REST: sending (API-8) and pages of history (API-1). */
import { expect, test } from 'vitest'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Message } from '../../src/protocol/message.ts'
import { addMember, crowdInto, openRoom, readPage, say, signIn } from './http-client.ts'

test('[API-8] what is sent over REST is answered as it is stored', async () => {
  const sender = await signIn('mei')
  const { room_id } = await openRoom(sender)
  const content = '壓力回到 4.1 bar 👩‍🔧 \u202eשלום'
  const sent = await sender.post<Message>(`/api/rooms/${room_id}/messages`, { content })
  expect(sent.status).toBe(201)
  expect(sent.body).toMatchObject({
    room_id,
    content,
    sender_id: sender.user_id,
    sender_display_name: sender.display_name,
    message_type: 'text',
    sequence_number: 1,
    reactions: [],
  })
  const { messages } = await readPage(sender, room_id)
  expect(messages).toEqual([sent.body])
})

test('[API-8] [MSG-3] a repeat gets the first message; other words are a conflict', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const path = `/api/rooms/${room_id}/messages`
  const headers = { 'idempotency-key': 'key-1' }

  const first = await sender.post<Message>(path, { content: 'once' }, headers)
  expect(first).toMatchObject({ status: 201, body: { client_message_id: 'key-1' } })
  const again = await sender.post<Message>(path, { content: 'once' }, headers)
  expect(again).toMatchObject({ status: 201, body: first.body })
  const inBody = { content: 'once', client_message_id: 'key-1' }
  expect((await sender.post<Message>(path, inBody)).body).toEqual(first.body)

  const other = await sender.post<Problem>(path, { content: 'twice' }, headers)
  expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const both = await sender.post<Problem>(path, inBody, { 'idempotency-key': 'key-2' })
  expect(both).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  expect((await readPage(sender, room_id)).messages).toHaveLength(1)
})

test('[API-8] [SEQ-5] fifty at once are numbered without gap or repeat', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const sent = await Promise.all(
    Array.from({ length: 50 }, (_, index) => say(sender, room_id, `message ${index}`)),
  )
  const numbers = sent.map((message) => message.sequence_number)
  expect(numbers.toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 1),
  )
})

test('[MSG-1] a viewer may not write', async () => {
  const [owner, viewer] = [await signIn(), await signIn()]
  const { room_id } = await openRoom(owner)
  await addMember(owner, room_id, { user_id: viewer.user_id, role: 'viewer' })
  const path = `/api/rooms/${room_id}/messages`
  const refused = await viewer.post<Problem>(path, { content: 'may I?' })
  expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } })
})

test.each<[string, unknown]>([
  ['content', {}],
  ['content', { content: '' }],
  ['content', { content: '   ' }],
  ['content', { content: 'a\u0000b' }],
  ['content', { content: 'x'.repeat(16_001) }],
  ['message_type', { content: 'x', message_type: 'system' }],
  ['mentions', { content: 'x', mentions: 'mei' }],
  ['reply_to', { content: 'x', reply_to: '1' }],
  ['client_message_id', { content: 'x', client_message_id: '' }],
])('[API-7] [MSG-12] a message with a bad %s is refused by name', async (field, body) => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const refused = await sender.post<Problem>(`/api/rooms/${room_id}/messages`, body)
  expect(refused).toMatchObject({ status: 400, body: { code: 'bad_request', field } })
})

test('[MSG-12] the longest message goes through, in any script', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  for (const character of ['x', '災', '"'])
    expect((await say(sender, room_id, character.repeat(16_000))).content).toHaveLength(16_000)
})

const total = 137

test('[API-1] walking the pages by time or by number misses and repeats nothing', async () => {
  const reader = await signIn()
  const { room_id } = await openRoom(reader)
  // All within a few milliseconds, many of them within the same one.
  await crowdInto(room_id, reader.user_id, total)
  const all = Array.from({ length: total }, (_, index) => total - index)

  for (const parameter of ['before', 'before_sequence'] as const) {
    const seen: number[] = []
    let query = '?limit=10'
    for (;;) {
      const { messages, pagination } = await readPage(reader, room_id, query)
      seen.push(...messages.map((message) => message.sequence_number))
      if (!pagination.has_more) break
      const next = parameter === 'before' ? pagination.next_before : pagination.next_before_sequence
      query = `?limit=10&${parameter}=${next}`
    }
    expect(seen, parameter).toEqual(all)
  }
})

test('[API-1] forward, and around a message', async () => {
  const reader = await signIn()
  const { room_id } = await openRoom(reader)
  await crowdInto(room_id, reader.user_id, 20)
  const numbersOf = async (query: string) =>
    (await readPage(reader, room_id, query)).messages.map((message) => message.sequence_number)

  expect(await numbersOf('?after_sequence=15&limit=3')).toEqual([18, 17, 16])
  expect(await numbersOf('?after_sequence=20')).toEqual([])
  expect(await numbersOf('?around=10&limit=4')).toEqual([12, 11, 10, 9])
  expect(await numbersOf('?around=1&limit=4')).toEqual([3, 2, 1])
  expect(await numbersOf('?around=20&limit=1')).toEqual([20])
  expect(await numbersOf('?limit=200')).toHaveLength(20)
})

test.each(['limit=0', 'limit=201', 'limit=x', 'before=yesterday', 'before_sequence=-1', 'around='])(
  '[API-1] %s is refused by the name of the field',
  async (query) => {
    const reader = await signIn()
    const { room_id } = await openRoom(reader)
    const refused = await reader.get<Problem>(`/api/rooms/${room_id}/messages?${query}`)
    expect(refused).toMatchObject({ status: 400, body: { field: query.split('=')[0] } })
  },
)
