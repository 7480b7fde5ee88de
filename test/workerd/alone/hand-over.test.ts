/**
 * Handing messages to shards that are reset, overloaded, full or moved (DISP-2, DISP-3, DISP-8). Real
 * objects do none of that when they are asked to, so shards that are told what to do stand in here.
 */
import { createExecutionContext } from 'cloudflare:test'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AcceptAnswer, AcceptRequest } from '../../../src/domain/dispatch/buffered.ts'
import { orderKey, shardFor } from '../../../src/domain/dispatch/layout.ts'
import { dispatchLayout } from '../../../src/durable/dispatch-layout.ts'
import { handOver } from '../../../src/durable/hand-over.ts'
import type { Env } from '../../../src/env.ts'
import { createApp } from '../../../src/http/app.ts'
import { refusal } from '../../../src/protocol/errors.ts'
import type { AcceptedBatch, OneWayMessage } from '../../../src/protocol/one-way.ts'
import { signIn } from '../http-client.ts'
import { bindings } from '../support/bindings.ts'

const quiet = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
for (const one of quiet) one.mockImplementation(() => {})
afterAll(() => quiet.forEach((one) => one.mockRestore()))

type Shard = (request: AcceptRequest) => AcceptAnswer

/** Every call that reached a shard, and what the next ones do; afterwards they accept. */
const calls: { readonly shard: string; readonly request: AcceptRequest }[] = []
const next: Shard[] = []
let layout = { epoch: 1, shards: 4, effective_at: 0, former: [], known_shards: 4 }

beforeEach(() => {
  calls.length = 0
  next.length = 0
  // Higher than any that this isolate remembers from the test before.
  layout = { ...layout, epoch: layout.epoch + 10, shards: 4 }
  next.push(({ epoch }) =>
    epoch < layout.epoch ? { kind: 'moved', epoch: layout.epoch } : accepting({ epoch }),
  )
})

const env = {
  ...bindings,
  CONTROL: { idFromName: () => 'control', get: () => ({ layout: async () => layout }) },
  DISPATCH: {
    idFromName: (name: string) => name,
    get: (shard: string) => ({
      accept: async (request: AcceptRequest) => {
        calls.push({ shard, request })
        return (next.shift() ?? accepting)(request)
      },
    }),
  },
} as unknown as Env

const id = (place: number) => `0198d7f6-0f11-7a20-8000-${String(place).padStart(12, '0')}`

const accepting = ({ messages = [] }: Partial<AcceptRequest>): AcceptAnswer => ({
  kind: 'answered',
  results: messages.map((_, place) => ({ ok: true, tracking_id: id(place), status: 'accepted' })),
})

const failing = (properties: object) => (): never => {
  throw Object.assign(new Error('gone'), properties)
}

const message = (to: string): OneWayMessage => ({
  recipient: { type: 'room', id: to },
  content: to,
  priority: 'normal',
})

const hand = (...to: string[]) =>
  handOver(env, { sender_id: 'ann', messages: to.map((one) => message(one)) })

/** The layout of this test is known from now on. */
const settle = async (): Promise<void> => {
  await hand('a')
  next.length = 0
  calls.length = 0
}

describe('[DISP-2] a shard that is reset', () => {
  test('is asked once more, with the same id and saying so', async () => {
    await settle()
    next.push(failing({ durableObjectReset: true }))
    expect(await hand('a')).toMatchObject([{ ok: true }])
    const [first, second] = calls.map(({ request }) => request)
    expect(calls).toHaveLength(2)
    expect([first?.is_repeat, second?.is_repeat]).toEqual([false, true])
    expect(second?.request_id).toBe(first?.request_id)
  })

  test('time and again: the caller is told that nobody knows, and to come again', async () => {
    await settle()
    next.push(failing({}), failing({}), failing({}), failing({}))
    expect(await hand('a')).toMatchObject([
      { ok: false, refusal: { code: 'unavailable', retry_after_ms: 1_000 } },
    ])
    expect(new Set(calls.map(({ request }) => request.request_id)).size).toBe(1)
  })

  test('control: another call has another id', async () => {
    await settle()
    await hand('a')
    await hand('a')
    expect(new Set(calls.map(({ request }) => request.request_id)).size).toBe(2)
  })
})

test('[DISP-3] a shard that is overloaded is not asked again: it would be worse', async () => {
  await settle()
  next.push(failing({ overloaded: true }))
  expect(await hand('a')).toMatchObject([{ ok: false, refusal: { code: 'unavailable' } }])
  expect(calls).toHaveLength(1)
})

describe('[DISP-8] a layout that has changed', () => {
  test('is asked for again, and every message goes to its shard in it, in order', async () => {
    await settle()
    layout = { ...layout, epoch: layout.epoch + 1, shards: 7 }
    const old: Shard = () => ({ kind: 'moved', epoch: layout.epoch })
    const rooms = Array.from({ length: 40 }, (_, index) => `room ${index % 10}`)
    const shards = new Set(
      rooms.map((room) => shardFor(4, orderKey('ann', message(room).recipient))),
    )
    for (const _ of shards) next.push(old)
    const handed = await hand(...rooms)
    expect(handed.every(({ ok }) => ok)).toBe(true)
    const taken = calls.slice(shards.size)
    for (const { shard, request } of taken) {
      expect(request.epoch).toBe(layout.epoch)
      for (const { recipient } of request.messages)
        expect(shard).toBe(`shard-${shardFor(7, orderKey('ann', recipient))}`)
    }
    expect(taken.flatMap(({ request }) => request.messages)).toHaveLength(40)
  })

  test('by one shard alone: what the others took is not sent twice', async () => {
    await settle()
    const rooms = Array.from({ length: 20 }, (_, index) => `room ${index}`)
    layout = { ...layout, epoch: layout.epoch + 1 }
    next.push(() => ({ kind: 'moved', epoch: layout.epoch }))
    const handed = await hand(...rooms)
    expect(handed.every(({ ok }) => ok)).toBe(true)
    const [moved, ...others] = calls
    const again = others.filter(({ request }) => request.epoch === layout.epoch)
    expect(again.map(({ request }) => request.messages)).toEqual([moved?.request.messages])
  })
})

const post = async (path: string, body: string, type = 'application/json') => {
  const { token } = await signIn('ann')
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  await settle()
  return async () =>
    createApp(env).request(path, { method: 'POST', headers, body }, env, createExecutionContext())
}

const lines = (count: number) =>
  Array.from({ length: count }, () => JSON.stringify(message('a'))).join('\n')

describe('[DISP-3] over HTTP', () => {
  const slow = refusal('rate_limited', 'slower', 2_500)
  const full = refusal('unavailable', 'full', 1_500)
  const refusing =
    (from: number, why = slow): Shard =>
    ({ messages }) => ({
      kind: 'answered',
      results: messages.map((_, place) =>
        place < from
          ? { ok: true, tracking_id: id(place), status: 'accepted' }
          : { ok: false, refusal: why },
      ),
    })

  test.each([
    [429, '3', slow],
    [503, '2', full],
  ])(
    'one message that is refused: %i, and after how long to come again',
    async (status, after, why) => {
      const asked = await post('/api/messages/one-way', JSON.stringify(message('a')))
      next.push(refusing(0, why))
      const answer = await asked()
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, after])
      expect(await answer.json()).toMatchObject({
        code: why.code,
        retry_after_ms: why.retry_after_ms,
      })
    },
  )

  const ndjson = 'application/x-ndjson'

  test('a batch of which nothing is taken: 429, with Retry-After', async () => {
    const asked = await post('/api/messages/one-way/batch', `bad\n${lines(700)}`, ndjson)
    next.push(refusing(0))
    const answer = await asked()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
    // Once slowed, the rest of the way is not asked.
    expect(calls).toHaveLength(1)
  })

  test('a batch of which a part is taken: 202, with every other line refused, and when to come', async () => {
    const asked = await post('/api/messages/one-way/batch', lines(1_200), ndjson)
    next.push(refusing(500), refusing(100))
    const answer = await asked()
    expect(answer.status).toBe(202)
    const body = await answer.json<AcceptedBatch>()
    expect(body).toMatchObject({ accepted: 600, rejected: 600, retry_after_ms: 2_500 })
    expect(body.tracking_ids.map((one) => one !== null)).toEqual([
      ...Array.from({ length: 600 }, () => true),
      ...Array.from({ length: 600 }, () => false),
    ])
    expect(body.refused[0]).toEqual({ line: 601, code: 'rate_limited', message: 'slower' })
  })
})

test('[LIM-3] while nobody knows the layout, the last one known serves', async () => {
  await settle()
  const away = {
    ...env,
    CONTROL: { idFromName: () => 'control', get: () => ({ layout: failing({}) }) },
  } as unknown as Env
  const handed = await handOver(away, { sender_id: 'ann', messages: [message('a')] })
  expect(handed).toMatchObject([{ ok: true }])
})

test('[DISP-8] of two answers of Control the one with the newer layout counts, whichever comes last', async () => {
  const answers = [Promise.withResolvers<typeof layout>(), Promise.withResolvers<typeof layout>()]
  const open = [...answers]
  const slow = {
    ...env,
    CONTROL: { idFromName: () => 'control', get: () => ({ layout: () => open.shift()?.promise }) },
  } as unknown as Env
  const newer = { ...layout, epoch: layout.epoch + 1 }
  // The second loses patience with the first.
  const asked = [dispatchLayout(slow, layout.epoch), dispatchLayout(slow, layout.epoch)]
  await vi.waitUntil(() => open.length === 0, { timeout: 5_000 })
  answers[1]?.resolve(newer)
  await asked[1]
  answers[0]?.resolve(layout)
  expect(await Promise.all(asked)).toEqual([newer, newer])
  expect(await dispatchLayout(slow)).toEqual(newer)
})
