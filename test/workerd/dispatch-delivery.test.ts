/**
 * From acceptance to where it goes, with an eviction of the shard in the middle: rooms and people,
 * in a real database.
 */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { dispatchStub } from '../../src/durable/stubs.ts'
import type { OneWayMessage } from '../../src/protocol/one-way.ts'
import { addMember, openRoom, readPage, signIn, type Caller } from './http-client.ts'
import { Dispatch } from '../../src/durable/dispatch.ts'
import { bindings, type Eviction } from './support/bindings.ts'
import { inSession } from './support/sql.ts'
import { acceptedIds, call, evictDispatch, oneWay, post, settled } from './support/dispatch.ts'
import { connectInbox } from './support/socket.ts'

/** Each test has a shard of its own; the numbers above those in use. */
let shard = 200
beforeEach(() => {
  shard += 1
})

const stub = () => dispatchStub(bindings, shard)

const scene = async () => {
  const ann = await signIn('ann')
  const { room_id } = await openRoom(ann)
  return { ann, room_id, recipient: { type: 'room', id: room_id } as const }
}

const contents = async (reader: Caller, room_id: string): Promise<unknown[]> => {
  const all: unknown[] = []
  for (let before = ''; ;) {
    const page = await readPage(reader, room_id, `?limit=200${before}`)
    all.push(...page.messages.map(({ content }) => content))
    const { has_more, next_before_sequence } = page.pagination
    if (!has_more) return all.toReversed()
    before = `&before_sequence=${next_before_sequence}`
  }
}

const numbered = (count: number, overrides: Partial<OneWayMessage>): OneWayMessage[] =>
  Array.from({ length: count }, (_, number) => oneWay({ ...overrides, content: `m${number}` }))

/** What a shard keeps, as it is in its storage. */
const inStorage = (query: string): Promise<Record<string, unknown>[]> =>
  runInDurableObject(stub(), (_, { storage }) => storage.sql.exec(query).toArray())

const POISON = `poison ${crypto.randomUUID()}`

/** Postgres itself refuses it, which no check before could know. */
beforeAll(async () => {
  const statements = [
    `CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22023'; END $$`,
    `CREATE OR REPLACE TRIGGER poison BEFORE INSERT ON messages FOR EACH ROW
      WHEN (NEW.content = '${POISON}') EXECUTE FUNCTION poison()`,
  ]
  for (const statement of statements) await inSession((session) => session.query(statement))
})

describe.each<Eviction>(['none', 'hibernate'])('into a room (eviction: %s)', (eviction) => {
  test('[DISP-7] [DISP-6] messages of one sender arrive once, in their order, numbered with the room’s', async () => {
    const { ann, room_id, recipient } = await scene()
    const messages = numbered(1_200, { recipient })
    const ids = acceptedIds(await post(stub(), ann.user_id, messages))
    await evictDispatch(stub(), eviction)
    await settled(stub())
    expect(await contents(ann, room_id)).toEqual(messages.map(({ content }) => content))
    const first = await stub().track(ids[0] ?? '')
    expect(first).toMatchObject({
      status: 'committed',
      attempts: 1,
      reason: null,
      message: { message_id: ids[0], room_id, sequence_number: 1, revision: expect.any(Number) },
    })
    const times = [first?.accepted_at, first?.validated_at, first?.finished_at]
    expect(times.toSorted()).toEqual(times)
    expect(await stub().figures()).toMatchObject({ count: 0, bytes: 0, fill: 0 })
  })

  test('[DISP-2] [DISP-4] evicted again and again, it loses, repeats and reorders nothing of several senders', async () => {
    const { ann, room_id, recipient } = await scene()
    const people = [await signIn('bob'), await signIn('cid')]
    for (const { user_id } of people) await addMember(ann, room_id, { user_id, role: 'editor' })
    const senders = [ann, ...people].map(({ user_id }) => user_id)
    const said: string[] = []
    for (let round = 0; round < 6; round += 1) {
      for (const [index, sender_id] of senders.entries()) {
        const messages = Array.from({ length: 40 }, (_, number) =>
          oneWay({
            recipient,
            content: `${index} ${String(round * 40 + number).padStart(4, '0')}`,
          }),
        )
        said.push(...messages.map(({ content }) => String(content)))
        await post(stub(), sender_id, messages)
      }
      await evictDispatch(stub(), eviction)
    }
    await settled(stub())
    const heard = (await contents(ann, room_id)).map(String)
    expect(heard.toSorted()).toEqual(said.toSorted())
    for (const index of senders.keys()) {
      const own = heard.filter((content) => content.startsWith(`${index} `))
      expect(own).toEqual(own.toSorted())
    }
  })

  test('[DISP-5] a bad one is rejected with a reason, and the others arrive', async () => {
    const { ann, room_id, recipient } = await scene()
    const eve = await signIn('eve')
    const nowhere = { type: 'room', id: crypto.randomUUID() } as const
    const ids = acceptedIds(
      await post(stub(), ann.user_id, [
        oneWay({ recipient, content: 'first' }),
        oneWay({ recipient, content: '   ' }),
        oneWay({ recipient, content: { temperature: 'ü' }, message_type: 'incident_data' }),
        oneWay({ recipient: { type: 'room', id: 'press 4' } }),
        oneWay({ recipient: nowhere }),
        oneWay({ recipient, content: 'last' }),
      ]),
    )
    const [foreign] = acceptedIds(await post(stub(), eve.user_id, [oneWay({ recipient })]))
    await evictDispatch(stub(), eviction)
    await settled(stub())
    const all = await Promise.all([...ids, foreign].map((id) => stub().track(id ?? '')))
    expect(all.map((one) => one?.status)).toEqual([
      ...['committed', 'rejected', 'committed', 'rejected', 'rejected', 'committed', 'rejected'],
    ])
    expect(all.map((one) => one?.reason?.code ?? null)).toEqual([
      ...[null, 'bad_request', null, 'bad_request', 'not_found', null, 'forbidden'],
    ])
    expect(all[1]?.reason?.message).toBe('content: must not be blank')
    expect(await contents(ann, room_id)).toEqual(['first', { temperature: 'ü' }, 'last'])
    expect(
      await stub().list({ sender_id: ann.user_id, status: 'rejected', limit: 9 }),
    ).toHaveLength(3)
  })

  test('[DISP-1] posted again after it has arrived: its first id and what became of it, and nothing new in the room', async () => {
    const { ann, room_id, recipient } = await scene()
    const message = oneWay({ recipient, idempotency_key: 'press-4/17' })
    const [id] = acceptedIds(await post(stub(), ann.user_id, [message]))
    await settled(stub())
    await evictDispatch(stub(), eviction)
    expect(await post(stub(), ann.user_id, [message])).toEqual({
      kind: 'answered',
      results: [{ ok: true, tracking_id: id, status: 'committed' }],
    })
    const other = await post(stub(), ann.user_id, [{ ...message, content: 'other' }])
    expect(other).toMatchObject({ results: [{ refusal: { code: 'conflict' } }] })
    expect(await contents(ann, room_id)).toHaveLength(1)
  })

  test('[DISP-5] the sender is told once on the inbox’s socket: numbers of what arrived, and what did not by name', async () => {
    const { ann, recipient } = await scene()
    const inbox = await connectInbox(ann)
    await inbox.next('inbox_welcome')
    const [bad] = acceptedIds(
      await post(stub(), ann.user_id, [
        oneWay({ recipient, content: '' }),
        ...numbered(30, { recipient }),
      ]),
    )
    await settled(stub())
    await evictDispatch(stub(), eviction)
    const told = () => inbox.frames.filter((frame) => frame.type === 'one_way')
    const total = () => told().reduce((sum, { committed }) => sum + committed, 0)
    await vi.waitUntil(() => total() === 30, { timeout: 8_000 })
    expect(told().flatMap(({ outcomes }) => outcomes)).toEqual([
      {
        tracking_id: bad,
        recipient,
        status: 'rejected',
        reason: { code: 'bad_request', message: expect.stringContaining('content') },
        at: expect.any(String),
      },
    ])
    expect(told().length).toBeLessThanOrEqual(3)
    await vi.waitUntil(async () => (await inStorage('SELECT * FROM telling')).length === 0)
    expect(total()).toBe(30)
  })
})

const to = (id: string): OneWayMessage =>
  oneWay({ recipient: { type: 'user', id }, content: 'shift at six' })

test('[DISP-6] [DISP-1] to people: known ones have a notice at once, others are not found', async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  const inbox = await connectInbox(ben)
  await inbox.next('inbox_welcome')
  const ids = acceptedIds(
    await post(stub(), ann.user_id, [to(ben.user_id), to('nobody@example.com'), to('a b')]),
  )
  await settled(stub())
  const all = await Promise.all(ids.map((id) => stub().track(id)))
  expect(all.map((one) => [one?.status, one?.reason?.code])).toEqual([
    ['delivered', undefined],
    ['rejected', 'not_found'],
    ['rejected', 'bad_request'],
  ])
  expect((await inbox.next('notice')).notice).toMatchObject({
    notice_id: ids[0],
    sender_id: ann.user_id,
    sender_display_name: ann.display_name,
    content: 'shift at six',
    read_at: null,
  })
})

test('[DISP-5] an outcome is called to the webhook once; of our own calls nobody is told', async () => {
  const [ann, ben] = [await signIn('ann'), await signIn('ben')]
  // Nobody is there, so the call stays in the buffer.
  const { status } = await ann.put('/api/me/webhook', { url: 'https://hooks.example.com/muster' })
  expect(status).toBeLessThan(300)
  const { room_id } = await openRoom(ann)
  const recipient = { type: 'room', id: room_id } as const
  const [bad] = acceptedIds(
    await post(stub(), ann.user_id, [
      oneWay({ recipient, content: '' }),
      oneWay({ recipient, content: 'good' }),
      oneWay({ recipient: { type: 'user', id: ben.user_id } }),
    ]),
  )
  await post(stub(), ben.user_id, [oneWay({ recipient, content: '' })])
  await vi.waitUntil(async () => (await stub().figures()).count === 1, { timeout: 8_000 })
  const calls = await inStorage(
    `SELECT sender_id, body FROM messages WHERE recipient_type = 'webhook'`,
  )
  expect(calls).toHaveLength(1)
  expect(calls[0]?.['sender_id']).toBe(ann.user_id)
  expect(JSON.parse(String(calls[0]?.['body']))).toMatchObject({
    type: 'one_way.outcome',
    data: { tracking_id: bad, status: 'rejected', reason: { code: 'bad_request' } },
  })
  expect(await stub().list({ sender_id: ann.user_id, limit: 10 })).toHaveLength(3)
})

test('[DISP-6] a dead one is sent again by hand; others are not', async () => {
  const { ann, room_id, recipient } = await scene()
  const [id = ''] = acceptedIds(await post(stub(), ann.user_id, [oneWay({ recipient })]))
  await settled(stub())
  expect(await stub().retry(id)).toMatchObject({ ok: false, refusal: { code: 'conflict' } })
  const eve = await signIn('eve')
  const [other = ''] = acceptedIds(
    await post(stub(), eve.user_id, [oneWay({ recipient, content: 'late' })]),
  )
  await settled(stub())
  await addMember(ann, room_id, { user_id: eve.user_id, role: 'editor' })
  const body = JSON.stringify({ content: 'late' })
  await inStorage(
    `UPDATE messages SET status = 'dead', attempts = 6, body = '${body}' WHERE tracking_id = '${other}'`,
  )
  expect(await stub().retry(other)).toMatchObject({ ok: true, value: { status: 'accepted' } })
  await settled(stub())
  expect(await stub().track(other)).toMatchObject({
    status: 'committed',
    attempts: 1,
    reason: null,
  })
  expect(await stub().retry('019a8e8e-7a00-7000-8000-000000009000')).toMatchObject({
    refusal: { code: 'not_found' },
  })
})

test('[DISP-11] one poison message among 500 is set aside; the others arrive in order', async () => {
  const { ann, room_id, recipient } = await scene()
  const messages = numbered(500, { recipient }).map((message, number) =>
    number === 137 ? { ...message, content: POISON } : message,
  )
  const ids = acceptedIds(await post(stub(), ann.user_id, messages))
  await settled(stub())
  expect(await stub().track(ids[137] ?? '')).toMatchObject({
    status: 'rejected',
    reason: { code: 'bad_request' },
  })
  expect(await contents(ann, room_id)).toEqual(
    messages.map(({ content }) => content).filter((content) => content !== POISON),
  )
})

test('[DISP-11] one that failed before goes by itself, in its place among the others', async () => {
  const { ann, room_id, recipient } = await scene()
  const ids = await runInDurableObject(stub(), (_, state) => {
    const shard_object = new Dispatch(state, bindings)
    const accepted = acceptedIds(shard_object.accept(call(ann.user_id, numbered(5, { recipient }))))
    // As if it had broken five batches before.
    state.storage.sql.exec(`UPDATE messages SET attempts = 5, status = 'retrying' WHERE seq = 3`)
    return accepted
  })
  await evictDispatch(stub(), 'hibernate')
  await settled(stub())
  expect(await stub().track(ids[2] ?? '')).toMatchObject({ status: 'committed', attempts: 6 })
  expect(await contents(ann, room_id)).toEqual(numbered(5, {}).map(({ content }) => content))
})

test('[DISP-3] [LIM-4] what is accepted into a small buffer and what is refused is all that was sent, and all of it arrives', async () => {
  const { ann, room_id, recipient } = await scene()
  const counts = await runInDurableObject(stub(), (_, state) => {
    const settings = { DISPATCH_BUFFER_MAX_COUNT: '300' }
    const small = new Dispatch(state, { ...bindings, ...settings })
    const answers = numbered(1_000, { recipient, priority: 'high' }).map((message) =>
      small.accept(call(ann.user_id, [message])),
    )
    const accepted = answers.flatMap(acceptedIds).length
    return { accepted, figures: small.figures() }
  })
  expect(counts.accepted).toBe(300)
  expect(counts.figures).toMatchObject({ accepted: 300, refused: 700, slowed: 0 })
  await evictDispatch(stub(), 'hibernate')
  await settled(stub())
  expect(await contents(ann, room_id)).toEqual(numbered(300, {}).map(({ content }) => content))
})
