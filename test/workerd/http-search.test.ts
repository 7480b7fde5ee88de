/** Finding messages over REST: by words (API-2), by mention (API-3), by their data (MSG-4). */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Message, MessagePage } from '../../src/protocol/message.ts'
import type { MentionPage, SearchPage } from '../../src/protocol/search.ts'
import { addMember, makeAdmin, openRoom, sendJson, signIn, type Caller } from './http-client.ts'

const tell = async (
  sender: Caller,
  room_id: string,
  content: string | Record<string, unknown>,
  mentions: string[] = [],
): Promise<void> => {
  await sender.post<Message>(`/api/rooms/${room_id}/messages`, {
    ...{ content, mentions, message_type: typeof content === 'string' ? 'text' : 'incident_data' },
  })
}

let owner: Caller
let editor: Caller
let hall: string
let yard: string
beforeAll(async () => {
  owner = await signIn('owner')
  editor = await signIn('editor')
  hall = (await openRoom(owner, { title: 'Hall' })).room_id
  yard = (await openRoom(owner, { title: 'Yard' })).room_id
  await addMember(owner, hall, { user_id: editor.user_id, role: 'editor' })
  await tell(editor, hall, '👀 三號烤箱溫度過高 in lot A12-77')
  await tell(owner, hall, 'lot A12-78 is fine', [editor.user_id])
  await tell(owner, yard, 'lot A12-77 moved to the yard', [owner.user_id])
  await tell(owner, hall, { temperature: 81.5, oven: { zone1: 7 } })
  await tell(owner, hall, { temperature: 79, oven: { zone1: 9 } })
})

const search = async (caller: Caller, q: string, room_id?: string, rest = '') => {
  const path =
    room_id === undefined ? '/api/messages/search' : `/api/rooms/${room_id}/messages/search`
  return caller.get<SearchPage>(`${path}?q=${encodeURIComponent(q)}${rest}`)
}

const contentsOf = ({ body }: { body: SearchPage }) =>
  body.results.map(({ message }) => message.content)

const lots = async (rest: string) => contentsOf(await search(owner, 'lot', undefined, rest))

describe('[API-2] search', () => {
  test('in a room, with offsets in UTF-16 units', async () => {
    const { status, body } = await search(editor, '溫度過高', hall)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      results: [
        {
          message: { content: '👀 三號烤箱溫度過高 in lot A12-77', room_id: hall },
          room_title: 'Hall',
          highlights: [{ start: 7, end: 11 }],
          matched_in: ['content'],
        },
      ],
      pagination: { has_more: false, next_cursor: null },
    })
  })

  test('in all my rooms, page after page', async () => {
    const all = ['lot A12-77 moved to the yard', '👀 三號烤箱溫度過高 in lot A12-77']
    expect(contentsOf(await search(owner, '12-77'))).toEqual(all)
    expect(contentsOf(await search(editor, '12-77'))).toEqual(all.slice(1))
    const first = await search(owner, '12-77', undefined, '&limit=1')
    expect(first.body.pagination.has_more).toBe(true)
    const rest = `&limit=1&cursor=${first.body.pagination.next_cursor}`
    const second = await search(owner, '12-77', undefined, rest)
    expect([...contentsOf(first), ...contentsOf(second)]).toEqual(all)
    expect(second.body.pagination).toEqual({ has_more: false, next_cursor: null })
  })

  test('with filters', async () => {
    expect(await lots(`&sender_id=${encodeURIComponent(editor.user_id)}`)).toHaveLength(1)
    expect(await lots('&message_type=text&room_status=active&has_file=false')).toHaveLength(3)
    expect(await lots('&has_file=true')).toEqual([])
    expect(await lots('&room_status=archived')).toEqual([])
    expect(await lots('&to=2020-01-01T00:00:00Z')).toEqual([])
    expect(await lots('&from=2020-01-01T08:00:00%2B08:00')).toHaveLength(3)
  })

  test('words that are in incident data alone have no highlights', async () => {
    expect((await search(owner, 'zone1', hall)).body.results).toMatchObject([
      { highlights: [], matched_in: ['data'] },
      { highlights: [], matched_in: ['data'] },
    ])
  })

  test('nothing but signs finds nothing', async () => {
    expect((await search(owner, '!?', hall)).body).toEqual({
      results: [],
      pagination: { has_more: false, next_cursor: null },
    })
  })

  test.each([
    ['q', ''],
    ['q', 'q='],
    ['q', 'q=%20'],
    ['q', 'q=%00'],
    ['q', `q=${'x'.repeat(201)}`],
    ['sender_id', 'q=x&sender_id='],
    ['message_type', 'q=x&message_type=voice'],
    ['from', 'q=x&from=yesterday'],
    ['to', 'q=x&to=2026-02-30T00:00:00Z'],
    ['has_file', 'q=x&has_file=1'],
    ['limit', 'q=x&limit=0'],
    ['limit', 'q=x&limit=201'],
    ['cursor', 'q=x&cursor=abc'],
  ])('a bad %s is refused by name: %s', async (field, query) => {
    for (const path of ['/api/messages/search', `/api/rooms/${hall}/messages/search`]) {
      const refused = await owner.get<Problem>(`${path}?${query}`)
      expect(refused).toMatchObject({ status: 400, body: { code: 'bad_request', field } })
    }
  })

  test('[SEC-2] strangers are refused, an admin may search the room, nobody a room that is none', async () => {
    const [stranger, admin] = [await signIn('stranger'), await signIn('admin')]
    await makeAdmin(admin.user_id)
    expect(await search(stranger, 'lot', hall)).toMatchObject({ status: 403 })
    expect(contentsOf(await search(stranger, 'lot'))).toEqual([])
    expect(contentsOf(await search(admin, '溫度過高', hall))).toHaveLength(1)
    expect(contentsOf(await search(admin, 'lot'))).toEqual([])
    expect(await search(owner, 'lot', crypto.randomUUID())).toMatchObject({ status: 404 })
    expect((await sendJson('/api/messages/search?q=lot')).status).toBe(401)
  })
})

const mentions = async (caller: Caller, query = '') =>
  caller.get<MentionPage>(`/api/messages/mentions${query}`)

describe('[API-3] mentions', () => {
  test('of me, and of somebody else in rooms we share', async () => {
    expect((await mentions(editor)).body).toMatchObject({
      messages: [{ content: 'lot A12-78 is fine', unread: true, room_title: 'Hall' }],
      pagination: { has_more: false, next_cursor: null },
    })
    const other = `?user_id=${encodeURIComponent(owner.user_id)}`
    expect((await mentions(owner)).body.messages).toHaveLength(1)
    expect((await mentions(editor, other)).body.messages).toEqual([])
    const theirs = `?user_id=${encodeURIComponent(editor.user_id)}`
    expect((await mentions(owner, theirs)).body.messages).toHaveLength(1)
  })

  test('page after page', async () => {
    const [reader, sender] = [await signIn(), await signIn()]
    const { room_id } = await openRoom(sender)
    await addMember(sender, room_id, { user_id: reader.user_id, role: 'viewer' })
    for (const content of ['one', 'two', 'three'])
      await tell(sender, room_id, content, [reader.user_id])
    const seen: unknown[] = []
    let query = '?limit=2'
    for (;;) {
      const { messages, pagination } = (await mentions(reader, query)).body
      seen.push(...messages.map((message) => message.content))
      if (!pagination.has_more) break
      query = `?limit=2&cursor=${pagination.next_cursor}`
    }
    expect(seen).toEqual(['three', 'two', 'one'])
  })

  test.each([
    ['user_id', 'user_id=a%20b'],
    ['limit', 'limit=x'],
    ['cursor', 'cursor=2_1_1'],
  ])('a bad %s is refused by name', async (field, query) => {
    const refused = await owner.get<Problem>(`/api/messages/mentions?${query}`)
    expect(refused).toMatchObject({ status: 400, body: { field } })
  })
})

const readings = async (query: string) => {
  const { body } = await editor.get<MessagePage>(`/api/rooms/${hall}/messages?${query}`)
  return { ...body, contents: body.messages.map(({ content }) => content) }
}

const found = async (query: string) => (await readings(query)).contents

describe('[MSG-4] incident data by its fields', () => {
  const hot = { temperature: 81.5, oven: { zone1: 7 } }
  const warm = { temperature: 79, oven: { zone1: 9 } }

  test('compares, combines, and pages', async () => {
    expect(await found('data.temperature=gt:80')).toEqual([hot])
    expect(await found('data.temperature=gt:70&data.temperature=lt:80')).toEqual([warm])
    expect(await found('data.temperature=gt:70&data.oven.zone1=eq:7')).toEqual([hot])
    expect(await found('data.temperature=exists:true')).toEqual([warm, hot])
    expect(await found('data.temperature=exists:false')).toEqual([])
    const first = await readings('data.temperature=gt:70&limit=1')
    expect(first).toMatchObject({ contents: [warm], pagination: { has_more: true } })
    const next = first.pagination.next_before_sequence
    expect(await readings(`data.temperature=gt:70&before_sequence=${next}`)).toMatchObject({
      ...{ contents: [hot], pagination: { has_more: false } },
    })
  })

  test.each([
    ['data.temperature', 'data.temperature=80'],
    ['data.temperature', 'data.temperature=above:80'],
    ['data.oven..zone1', 'data.oven..zone1=eq:1'],
    ['data.f', 'data.a=eq:1&data.b=eq:1&data.c=eq:1&data.d=eq:1&data.e=eq:1&data.f=eq:1'],
    ['around', 'around=1&data.a=eq:1'],
  ])('a bad %s is refused by name', async (field, query) => {
    const refused = await owner.get<Problem>(`/api/rooms/${hall}/messages?${query}`)
    expect(refused).toMatchObject({ status: 400, body: { code: 'bad_request', field } })
  })

  test('the OpenAPI document says how such a parameter is named', async () => {
    type Documented = { paths: Record<string, { get: { parameters: { name: string }[] } }> }
    const { body } = await sendJson<Documented>('/openapi.json')
    const { parameters } = body.paths['/api/rooms/{room_id}/messages']?.get ?? {}
    expect(parameters).toContainEqual(
      expect.objectContaining({
        name: 'data.{field}',
        in: 'query',
        required: false,
        description: expect.stringContaining('`data.temperature=gt:80`') as string,
        schema: expect.objectContaining({ pattern: '^(eq|ne|gt|gte|lt|lte|exists):' }) as object,
      }),
    )
  })
})

test('[API-2] [API-3] [SEC-2] who is removed finds nothing, from that second on', async () => {
  const [boss, worker] = [await signIn(), await signIn()]
  const { room_id } = await openRoom(boss)
  await addMember(boss, room_id, { user_id: worker.user_id, role: 'editor' })
  await tell(boss, room_id, '洩漏已排除', [worker.user_id])
  expect(contentsOf(await search(worker, '洩漏'))).toHaveLength(1)
  expect(contentsOf(await search(worker, '洩漏', room_id))).toHaveLength(1)
  expect((await mentions(worker)).body.messages).toHaveLength(1)

  await boss.delete(`/api/rooms/${room_id}/members/${encodeURIComponent(worker.user_id)}`)
  expect(contentsOf(await search(worker, '洩漏'))).toEqual([])
  expect(await search(worker, '洩漏', room_id)).toMatchObject({ status: 403 })
  expect((await mentions(worker)).body.messages).toEqual([])
  const filtered = `/api/rooms/${room_id}/messages?data.a=exists:true`
  expect((await worker.get(filtered)).status).toBe(403)

  await addMember(boss, room_id, { user_id: worker.user_id, role: 'viewer' })
  expect(contentsOf(await search(worker, '洩漏', room_id))).toHaveLength(1)
})
