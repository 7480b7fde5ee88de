/** What a shard of the buffer accepts, keeps over an eviction, and says about it. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, test } from 'vitest'
import { seqOfTracking, shardOfTracking } from '../../src/domain/dispatch/tracking-id.ts'
import { Dispatch } from '../../src/durable/dispatch.ts'
import { dispatchStub } from '../../src/durable/stubs.ts'
import { bindings, type Eviction } from './support/bindings.ts'
import { acceptedIds, call, evictDispatch, oneWay, post } from './support/dispatch.ts'

const total = (of: Record<string, number> = {}) =>
  Object.values(of).reduce((sum, count) => sum + count, 0)

/** Each test has a shard of its own; the numbers above those in use. */
let shard = 100
beforeEach(() => {
  shard += 1
})

const stub = () => dispatchStub(bindings, shard)

describe.each<Eviction>(['none', 'hibernate'])('acceptance (eviction: %s)', (eviction) => {
  test('[DISP-1] [DISP-2] each message gets an id of its own that rises, and is found by it', async () => {
    const first = acceptedIds(await post(stub(), 'ann', [oneWay(), oneWay({ priority: 'high' })]))
    await evictDispatch(stub(), eviction)
    const second = acceptedIds(await post(stub(), 'ann', [oneWay({ idempotency_key: 'k' })]))
    const ids = [...first, ...second]
    expect(ids.map(shardOfTracking)).toEqual([shard, shard, shard])
    expect(ids.map(seqOfTracking)).toEqual([1, 2, 3])
    expect(ids.toSorted()).toEqual(ids)
    await evictDispatch(stub(), eviction)
    const found = await stub().track(ids[2] ?? '')
    expect(found).toMatchObject({
      tracking_id: ids[2],
      sender_id: 'ann',
      recipient: oneWay().recipient,
      priority: 'normal',
      idempotency_key: 'k',
    })
    expect(await stub().track(`${ids[0]?.slice(0, -5)}77777`)).toBeUndefined()
  })

  test('[DISP-1] the same key and content: the first id; other content: conflict; another sender or recipient: another message', async () => {
    const keyed = oneWay({ idempotency_key: 'press-4/17', content: { b: 1, a: { d: 1, c: 2 } } })
    const [first] = acceptedIds(await post(stub(), 'ann', [keyed]))
    await evictDispatch(stub(), eviction)
    const again = { ...keyed, content: { a: { c: 2, d: 1 }, b: 1 } }
    expect(acceptedIds(await post(stub(), 'ann', [again, keyed]))).toEqual([first, first])
    const other = await post(stub(), 'ann', [{ ...keyed, content: 'other' }])
    expect(other).toMatchObject({ results: [{ ok: false, refusal: { code: 'conflict' } }] })
    const elsewhere = { ...keyed, recipient: { type: 'user', id: 'bob' } } as const
    const ids = [
      ...acceptedIds(await post(stub(), 'ann', [elsewhere])),
      ...acceptedIds(await post(stub(), 'eve', [keyed])),
    ]
    expect(new Set([first, ...ids]).size).toBe(3)
    expect(await stub().list({ sender_id: 'ann', limit: 10 })).toHaveLength(2)
  })

  test('[DISP-6] a list is newest first, of one sender, with filters, page by page', async () => {
    const messages = Array.from({ length: 7 }, (_, number) =>
      oneWay({ recipient: { type: number % 2 ? 'user' : 'email', id: `r${number}@example.com` } }),
    )
    const earlier = acceptedIds(await post(stub(), 'ann', messages.slice(0, 3)))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const ids = [...earlier, ...acceptedIds(await post(stub(), 'ann', messages.slice(3)))]
    await post(stub(), 'eve', messages)
    await evictDispatch(stub(), eviction)
    const list = async (filter: object) =>
      (await stub().list({ sender_id: 'ann', limit: 10, ...filter })).map(
        ({ tracking_id }) => tracking_id,
      )
    expect(await list({})).toEqual(ids.toReversed())
    expect(await list({ limit: 2 })).toEqual([ids[6], ids[5]])
    expect(await list({ before: ids[5], limit: 2 })).toEqual([ids[4], ids[3]])
    // An id that another shard has given.
    expect(await list({ before: `${ids[3]?.slice(0, 24)}000000000000` })).toEqual([
      ids[2],
      ids[1],
      ids[0],
    ])
    expect(await list({ before: '0'.repeat(36) })).toEqual([])
    expect(await list({ recipient_type: 'user' })).toEqual([ids[5], ids[3], ids[1]])
    expect(await list({ recipient_type: 'email', recipient_id: 'r4@example.com' })).toEqual([
      ids[4],
    ])
  })

  test('[DISP-2] a call that is repeated is answered as the first time, also after the layout has changed', async () => {
    const messages = [oneWay({ content: 'a' }), oneWay({ content: 'b' })]
    const request = { request_id: 'r1' }
    const first = acceptedIds(await post(stub(), 'ann', messages, request))
    await evictDispatch(stub(), eviction)
    await stub().oldestEpoch(2)
    const again = await post(stub(), 'ann', messages, { ...request, is_repeat: true })
    expect(acceptedIds(again)).toEqual(first)
    const unheard = await post(stub(), 'ann', messages, { request_id: 'r2', is_repeat: true })
    expect(unheard).toEqual({ kind: 'moved', epoch: 2 })
    expect(await stub().list({ sender_id: 'ann', limit: 10 })).toHaveLength(2)
  })

  test('[DISP-8] an epoch that is over is answered with the one in force; nothing is accepted', async () => {
    await post(stub(), 'ann', [oneWay()], { epoch: 1 })
    await post(stub(), 'ann', [oneWay()], { epoch: 3 })
    await evictDispatch(stub(), eviction)
    expect(await post(stub(), 'ann', [oneWay()], { epoch: 2 })).toEqual({ kind: 'moved', epoch: 3 })
    expect(await stub().list({ sender_id: 'ann', limit: 10 })).toHaveLength(2)
    await stub().oldestEpoch(4)
    await evictDispatch(stub(), eviction)
    expect(await post(stub(), 'ann', [oneWay()], { epoch: 3 })).toEqual({ kind: 'moved', epoch: 4 })
  })
})

test('[DISP-1] ids rise also where the clock goes back', async () => {
  const ids = await runInDurableObject(stub(), async (_, state) => {
    const now = Date.now
    try {
      const one = new Dispatch(state, bindings)
      const first = acceptedIds(one.accept(call('a', [oneWay()])))
      Date.now = () => now() - 3_600_000
      const second = acceptedIds(new Dispatch(state, bindings).accept(call('a', [oneWay()])))
      return [...first, ...second]
    } finally {
      Date.now = now
    }
  })
  expect(ids[1]?.slice(0, 8)).toBe(ids[0]?.slice(0, 8))
  expect(ids.toSorted()).toEqual(ids)
})

test('[DISP-3] low is slowed first, then normal, and a full buffer refuses; every one is answered and counted', async () => {
  const counts = await runInDurableObject(stub(), async (_, state) => {
    const small = new Dispatch(state, { ...bindings, DISPATCH_BUFFER_MAX_COUNT: '100' })
    const sent: Record<string, Record<string, number>> = {}
    for (let number = 0; number < 150; number += 1)
      for (const priority of ['low', 'normal', 'high'] as const) {
        const message = oneWay({ priority, content: `${priority} ${number}` })
        const answer = small.accept(call('ann', [message]))
        if (answer.kind === 'moved') throw new Error('moved')
        const [result] = answer.results
        const outcome = result?.ok ? 'accepted' : (result?.refusal.code ?? 'lost')
        if (!result?.ok) expect(result?.refusal.retry_after_ms).toBeGreaterThanOrEqual(500)
        const of = (sent[priority] ??= {})
        of[outcome] = (of[outcome] ?? 0) + 1
      }
    return { sent, figures: small.figures() }
  })
  const { sent, figures } = counts
  expect(figures).toMatchObject({ count: 100, max_count: 100, fill: 1, accepted: 100 })
  expect(figures.accepted + figures.slowed + figures.refused).toBe(450)
  expect([total(sent['high']), total(sent['normal']), total(sent['low'])]).toEqual([150, 150, 150])
  // To 80 all three alike; then two share ten places; then high has the last ten.
  expect(sent['low']?.['accepted']).toBe(27)
  expect(sent['normal']?.['accepted']).toBe(32)
  expect(sent['high']?.['accepted']).toBe(41)
  expect(sent['low']?.['rate_limited']).toBeGreaterThan(0)
  expect(sent['high']?.['rate_limited']).toBeUndefined()
  expect(sent['high']?.['unavailable']).toBe(109)
})

test('[DISP-3] bytes count as well, and what was accepted before is still answered when it is full', async () => {
  await runInDurableObject(stub(), async (_, state) => {
    const small = new Dispatch(state, { ...bindings, DISPATCH_BUFFER_MAX_BYTES: '1048576' })
    const post_one = (content: string, idempotency_key: string) =>
      small.accept(call('ann', [oneWay({ priority: 'high', content, idempotency_key })]))
    const [first] = acceptedIds(post_one('電'.repeat(16_000), '0'))
    let number = 1
    while (acceptedIds(post_one('電'.repeat(16_000), String(number))).length === 1) number += 1
    expect(number).toBe(Math.floor(1_048_576 / (48_000 + 14 + 400)))
    expect(acceptedIds(post_one('電'.repeat(16_000), '0'))).toEqual([first])
    expect(post_one('other', '0')).toMatchObject({
      results: [{ ok: false, refusal: { code: 'conflict' } }],
    })
  })
})
