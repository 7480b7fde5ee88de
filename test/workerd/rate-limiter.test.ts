/** The object that counts what a person writes, whatever the ways in (LIM-1). */
import { runInDurableObject } from 'cloudflare:test'
import { uuidv7 } from 'uuidv7'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { askDatabase } from '../../src/durable/ask-database.ts'
import { askLimiter } from '../../src/durable/ask-limiter.ts'
import { DatabaseGateway } from '../../src/durable/database-gateway.ts'
import { RateLimiter } from '../../src/durable/rate-limiter.ts'
import type { Tier } from '../../src/protocol/rate-limit.ts'
import { bindings, evictLimiter, limiterOf } from './support/bindings.ts'

const somebody = async (tier?: Tier): Promise<string> => {
  const user_id = `writer-${uuidv7()}@example.com`
  if (tier === undefined) return user_id
  await askDatabase(bindings, user_id, 'saveUser', { user_id, display_name: null })
  await askDatabase(bindings, user_id, 'changeTier', { user_id, tier })
  return user_id
}

/** On a slow machine the first to ask have gone on before the database said it. */
const tierHeard = (user_id: string, tier: Tier): Promise<unknown> =>
  vi.waitUntil(async () => (await limiterOf(user_id).standing()).tier === tier, 10_000)

const ask = (user_id: string, needed: number, spare = 0) =>
  limiterOf(user_id).lease({ needed, spare })

describe('[LIM-1] the tier', () => {
  test.each([
    { tier: undefined, limit: 15_000 },
    { tier: 'basic', limit: 15_000 },
    { tier: 'premium', limit: 60_000 },
    { tier: 'enterprise', limit: 300_000 },
  ] as const)('$tier may write $limit in a minute', async ({ tier, limit }) => {
    const user_id = await somebody(tier)
    await tierHeard(user_id, tier ?? 'basic')
    expect(await ask(user_id, 10)).toMatchObject({ granted: 10, limit, remaining: limit - 10 })
    expect(await limiterOf(user_id).standing()).toMatchObject({ tier: tier ?? 'basic', limit })
  })

  test('changed by an admin holds at once, and keeps count of what was written', async () => {
    const user_id = await somebody('basic')
    await ask(user_id, 14_000)
    await limiterOf(user_id).tierChanged('premium')
    expect(await ask(user_id, 1)).toMatchObject({ limit: 60_000, remaining: 45_999 })
    await limiterOf(user_id).tierChanged('basic')
    expect(await ask(user_id, 2_000)).toMatchObject({ granted: 999, remaining: 0 })
  })

  test('[LIM-3] is not waited for while the database is away', async () => {
    const user_id = await somebody('premium')
    const silence = Promise.withResolvers<never>()
    const run = vi.spyOn(DatabaseGateway.prototype, 'run').mockReturnValue(silence.promise)
    // The first asks and has a moment's patience; nobody after it.
    for (let time = 0; time < 3; time += 1)
      expect(await ask(user_id, 1)).toMatchObject({ granted: 1, limit: 15_000 })
    expect(run).toHaveBeenCalledOnce()
    run.mockRestore()
    silence.reject(new Error('reset'))
  })
})

describe('[LIM-1] the budget', () => {
  test.each(['none', 'hibernate'] as const)(
    'is not made anew by losing the memory (eviction: %s)',
    async (eviction) => {
      const user_id = await somebody('basic')
      await Promise.all(Array.from({ length: 100 }, () => ask(user_id, 140)))
      // What came after the first store is stored within the second.
      await vi.waitFor(async () => {
        const stored = await runInDurableObject(limiterOf(user_id), (_, { storage }) =>
          storage.get<{ window: { spent: [number, number][] } }>('budget'),
        )
        const spent = stored?.window.spent.reduce((sum, [, count]) => sum + count, 0)
        expect(spent).toBe(14_000)
      }, 5_000)
      await evictLimiter(user_id, eviction)
      expect(await ask(user_id, 2_000)).toMatchObject({ granted: 1_000, remaining: 0 })
      const refused = await ask(user_id, 1)
      expect(refused.granted).toBe(0)
      expect(refused.retry_after_ms).toBeGreaterThan(50_000)
    },
  )

  test('is of one person alone', async () => {
    const [ann, bob] = [await somebody(), await somebody()]
    expect((await ask(ann, 20_000)).granted).toBe(15_000)
    expect((await ask(bob, 20_000)).granted).toBe(15_000)
  })

  test('few writes touch no disk', async () => {
    const user_id = await somebody()
    for (let time = 0; time < 10; time += 1) await ask(user_id, 7)
    const stored = await runInDurableObject(limiterOf(user_id), (_, { storage }) =>
      storage.get('budget'),
    )
    expect(stored).toBeUndefined()
  })
})

describe('[LIM-3] without an answer', () => {
  afterEach(() => vi.restoreAllMocks())

  test.each(['fails', 'is silent'])(
    'of one that %s people write on within their limit, and it hears of that afterwards',
    async (how) => {
      const user_id = await somebody('basic')
      const request = (needed: number) => ({ user_id, needed, spare: 0 })
      expect(await askLimiter(bindings, request(14_000))).toMatchObject({ granted: 14_000 })
      const lease = vi.spyOn(RateLimiter.prototype, 'lease')
      if (how === 'fails') lease.mockRejectedValue(new Error('planted'))
      else lease.mockReturnValue(new Promise(() => {}))
      expect(await askLimiter(bindings, request(600))).toMatchObject({ granted: 600 })
      const rest = await askLimiter(bindings, request(600))
      expect(rest).toMatchObject({ granted: 400, remaining: 0 })
      expect(rest.retry_after_ms).toBeGreaterThan(50_000)
      expect(lease).toHaveBeenCalledTimes(1)
      vi.restoreAllMocks()
      // Once it answers again it counts what went past it.
      const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 6_000)
      await askLimiter(bindings, request(0))
      clock.mockRestore()
      expect(await ask(user_id, 1)).toMatchObject({ granted: 0, remaining: 0 })
    },
  )
})
