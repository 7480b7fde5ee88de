/** The object that counts what a person writes, whatever the ways in (LIM-1). */
import { runInDurableObject } from 'cloudflare:test'
import { uuidv7 } from 'uuidv7'
import { describe, expect, test, vi } from 'vitest'
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
  test('from one that fails or is silent the asker hears nothing, within a moment', async () => {
    const user_id = await somebody()
    const request = { user_id, needed: 1, spare: 0 }
    const lease = vi.spyOn(RateLimiter.prototype, 'lease')
    lease.mockRejectedValueOnce(new Error('planted'))
    expect(await askLimiter(bindings, request)).toBeUndefined()
    lease.mockReturnValueOnce(new Promise(() => {}))
    expect(await askLimiter(bindings, request)).toBeUndefined()
    expect(lease).toHaveBeenCalledTimes(2)
    lease.mockRestore()
    expect(await askLimiter(bindings, request)).toMatchObject({ granted: 1 })
  })
})
