/** Each kind of object takes up what an operator changes, while it works and over an eviction (OPS-4). */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { controlStub, dispatchStub } from '../../../src/durable/stubs.ts'
import type { ConfigurationValues } from '../../../src/protocol/configuration.ts'
import { openRoom, signIn } from '../http-client.ts'
import {
  allFigures,
  bindings,
  evict,
  evictLimiter,
  limiterOf,
  timesRun,
  type Eviction,
} from '../support/bindings.ts'
import { evictDispatch, oneWay, post } from '../support/dispatch.ts'
import { join } from '../support/socket.ts'

/** As an admin does over HTTP. */
const change = async (values: ConfigurationValues): Promise<void> => {
  const { version } = await controlStub(bindings).configuration()
  const wish = { values, expected_version: version, by: 'admin' }
  expect(await controlStub(bindings).changeConfiguration(wish)).toMatchObject({ ok: true })
}

const rollBack = async (): Promise<void> => {
  const { version } = await controlStub(bindings).configuration()
  const wish = { version: 0, expected_version: version, by: 'admin' }
  expect(await controlStub(bindings).rollBackConfiguration(wish)).toMatchObject({ ok: true })
}
afterEach(rollBack)

const late = () => oneWay({ recipient: { type: 'email', id: 'nobody@nowhere.test' } })

const soon = { timeout: 20_000, interval: 50 }

const pools = async () => {
  const figures = await allFigures()
  return figures.map(({ pool }) => [pool?.min, pool?.max])
}

test('[OPS-4] [DB-2] gateways: another size of the pool, and back, without a use', async () => {
  const ann = await signIn('ann')
  await openRoom(ann)
  // So that each of them has a pool.
  for (let count = 0; count < 8; count += 1) await signIn(`person-${count}`)
  const before = await pools()
  await change({ db_pool_size: 4, db_max_overflow: 2 })
  await expect.poll(pools, soon).toEqual([
    [2, 3],
    [2, 3],
  ])
  await expect
    .poll(async () => (await allFigures()).map(({ pool }) => pool?.open), soon)
    .toEqual([2, 2])
  await rollBack()
  await expect.poll(pools, soon).toEqual(before)
})

describe.each<Eviction>(['none', 'hibernate'])('(eviction: %s)', (eviction) => {
  test('[OPS-4] [SEQ-2] [CONN-6] a room: mode and heartbeat, with its socket open', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const socket = await join(ann, room_id)
    const says = async (content: string) => {
      socket.say(content)
      await socket.next('message', ({ message }) => message.content === content)
    }
    await says('before')
    const grouped_before = await timesRun('commit-burst')
    await change({
      commit_mode: 'group',
      heartbeat_interval_ms: 5_000,
      heartbeat_timeout_ms: 2_000,
    })
    await evict(room_id, eviction)
    await vi.waitFor(async () => {
      await says(`group ${crypto.randomUUID()}`)
      expect(await timesRun('commit-burst')).toBeGreaterThan(grouped_before)
    }, soon)
    await socket.next('ping')
    socket.send({ type: 'pong' })
    await evict(room_id, eviction)
    const held = await timesRun('commit-burst')
    await says('still')
    expect(await timesRun('commit-burst')).toBe(held + 1)
    await rollBack()
    await vi.waitFor(async () => {
      const grouped = await timesRun('commit-burst')
      await says(`each ${crypto.randomUUID()}`)
      expect(await timesRun('commit-burst')).toBe(grouped)
    }, soon)
    const isOpen = Promise.resolve('open')
    expect(await Promise.race([socket.closed, isOpen])).toBe('open')
  })

  test('[OPS-4] [LIM-1] the limiter of a person: another limit, and another window, without a new budget', async () => {
    const user_id = `writer-${crypto.randomUUID()}`
    const ask = (needed: number) => limiterOf(user_id).lease({ needed, spare: 0 })
    expect(await ask(1_000)).toMatchObject({ granted: 1_000, remaining: 14_000 })
    await expect.poll(async () => (await limiterOf(user_id).standing()).remaining).toBe(14_000)
    await change({ rate_limit_basic: 1_200, rate_limit_window: 300 })
    await expect.poll(async () => (await ask(0)).limit, soon).toBe(1_200)
    await evictLimiter(user_id, eviction)
    expect(await ask(500)).toMatchObject({ limit: 1_200, granted: 200, remaining: 0 })
    expect((await ask(1)).retry_after_ms).toBeGreaterThan(200_000)
    await rollBack()
    await expect.poll(async () => (await ask(0)).limit, soon).toBe(15_000)
    expect((await ask(0)).remaining).toBe(13_800)
  })

  test('[OPS-4] [DISP-3] a shard of the buffer: a smaller one keeps what it has and refuses more', async () => {
    const shard = dispatchStub(bindings, eviction === 'none' ? 0 : 1)
    await post(shard, 'ann', Array.from({ length: 3 }, late))
    await change({ dispatch_buffer_max_count: 10, dispatch_slow_low_ratio: 0.1 })
    await expect.poll(async () => (await shard.figures()).max_count, soon).toBe(10)
    await evictDispatch(shard, eviction)
    expect((await shard.figures()).max_count).toBe(10)
    const low = await post(shard, 'ann', [{ ...late(), priority: 'low' }])
    expect(low).toMatchObject({ results: [{ ok: false, refusal: { code: 'rate_limited' } }] })
    const normal = await post(shard, 'ann', [late()])
    expect(normal).toMatchObject({ results: [{ ok: true }] })
    await rollBack()
    await expect.poll(async () => (await shard.figures()).max_count, soon).toBe(100_000)
  })
})
