/** Another length of the window while it is in use (OPS-4): in no window is more spent than the limit. */
import { expect, test } from 'vitest'
import { limitsSettings } from '../../../../src/domain/limits/settings.ts'
import { grant, storedOf, windowFrom } from '../../../../src/domain/limits/sliding-window.ts'
import { chanceOf } from '../../../support/chance.ts'

const limit = 1_000
const { buckets_count } = limitsSettings

test('[LIM-1] [OPS-4] what was spent counts in a shorter window, for as long as that is', () => {
  const before = windowFrom(60_000)
  grant(before, { now: 100_000, limit, needed: 700, spare: 0 })
  const window = windowFrom(10_000, storedOf(before))
  expect(grant(window, { now: 100_000, limit, needed: 0, spare: 0 }).remaining).toBe(300)
  expect(grant(window, { now: 109_999, limit, needed: 0, spare: 0 }).remaining).toBe(300)
  const out_at = 110_000 + 2 * (60_000 / buckets_count) + 2 * (10_000 / buckets_count)
  expect(grant(window, { now: out_at, limit, needed: 0, spare: 0 }).remaining).toBe(1_000)
})

test('[LIM-1] [OPS-4] … and in a longer one', () => {
  const before = windowFrom(10_000)
  grant(before, { now: 100_000, limit, needed: 700, spare: 0 })
  const window = windowFrom(60_000, storedOf(before))
  expect(grant(window, { now: 159_999, limit, needed: 0, spare: 0 }).remaining).toBe(300)
  const out_at = 160_000 + 4 * (60_000 / buckets_count)
  expect(grant(window, { now: out_at, limit, needed: 0, spare: 0 }).remaining).toBe(1_000)
})

test('[LIM-1] [OPS-4] another limit goes on with the same window', () => {
  const window = windowFrom(60_000)
  grant(window, { now: 0, limit, needed: 700, spare: 0 })
  expect(grant(window, { now: 1, limit: 500, needed: 1, spare: 0 })).toMatchObject({ granted: 0 })
  expect(grant(window, { now: 2, limit: 2_000, needed: 1_300, spare: 0 }).granted).toBe(1_300)
})

test('[LIM-1] [OPS-4] lengths and limits that change at random: never more than the limit in a window', () => {
  const chance = chanceOf('windows that change')
  for (let run = 0; run < 200; run += 1) {
    let window = windowFrom(10_000)
    let now = 1_000_000
    const spent: { at: number; count: number }[] = []
    for (let step = 0; step < 100; step += 1) {
      now += chance.below(1_500)
      if (chance.below(12) === 0)
        window = windowFrom(1_000 * (1 + chance.below(30)), storedOf(window))
      const { granted, ttl_ms } = grant(window, { now, limit, needed: chance.below(300), spare: 0 })
      // At the latest moment at which it may be spent.
      if (granted > 0) spent.push({ at: now + ttl_ms, count: granted })
      const { window_ms } = window
      const known = spent.filter(({ at }) => at > now - window_ms)
      const forgotten = shortestSince(spent, now)
      const sum = known
        .filter(({ at }) => at > now - Math.min(window_ms, forgotten))
        .reduce((total, { count }) => total + count, 0)
      expect(sum).toBeLessThanOrEqual(limit)
      lengths.push({ at: now, window_ms })
    }
    lengths.length = 0
  }
})

const lengths: { at: number; window_ms: number }[] = []

/** The shortest window in force since the first that is asked about. */
const shortestSince = (spent: readonly { at: number }[], now: number): number =>
  lengths
    .filter(({ at }) => at >= (spent[0]?.at ?? now))
    .reduce((shortest, { window_ms }) => Math.min(shortest, window_ms), Infinity)
