import { describe, expect, test } from 'vitest'
import { limitsSettings } from '../../../../src/domain/limits/settings.ts'
import {
  grant,
  storedOf,
  windowFrom,
  type SlidingWindow,
} from '../../../../src/domain/limits/sliding-window.ts'
import type { Lease } from '../../../../src/domain/limits/lease.ts'
import { chanceOf, type Chance } from '../../../support/chance.ts'

const window_ms = 60_000
const bucket_ms = window_ms / limitsSettings.buckets_count
const limit = 1_000

const ask = (
  window: SlidingWindow,
  now: number,
  wish: { needed?: number; spare?: number; limit?: number },
): Lease => grant(window, { now, limit, needed: 0, spare: 0, ...wish })

describe('[LIM-1] one budget', () => {
  test('is spent to the last piece, and what is too much is told when to come back', () => {
    const window = windowFrom(window_ms)
    expect(ask(window, 0, { needed: 990 })).toMatchObject({ granted: 990, remaining: 10 })
    expect(ask(window, 1, { needed: 30 })).toMatchObject({ granted: 10, remaining: 0 })
    const refused = ask(window, 10_000, { needed: 1 })
    expect(refused).toMatchObject({ granted: 0, remaining: 0, limit })
    expect(refused.retry_after_ms).toBe(window_ms + 2 * bucket_ms - 10_000)
    expect(refused.reset_ms).toBe(refused.retry_after_ms)
  })

  test('comes back as it was spent, and not a moment before the window has passed', () => {
    const window = windowFrom(window_ms)
    ask(window, 0, { needed: 400 })
    ask(window, 30_000, { needed: 600 })
    expect(ask(window, window_ms, { needed: 1 }).granted).toBe(0)
    const { retry_after_ms } = ask(window, window_ms, { needed: 400 })
    expect(ask(window, window_ms + retry_after_ms - 1, { needed: 1 }).granted).toBe(0)
    const back_at = window_ms + retry_after_ms
    expect(ask(window, back_at, { needed: 401 })).toMatchObject({ granted: 400 })
  })

  test('says when so much can be had as is wanted, or all where that never is', () => {
    const window = windowFrom(window_ms)
    for (let second = 0; second < 10; second += 1) ask(window, second * 1_000, { needed: 100 })
    const now = 10_000
    const waitFor = (needed: number) => ask(window, now, { needed }).retry_after_ms
    expect(waitFor(300) - waitFor(100)).toBe(2_000)
    expect(waitFor(5_000)).toBe(ask(window, now, {}).reset_ms)
  })

  test('gives spare only of what is plentiful, and never to one who lacks what is needed', () => {
    const window = windowFrom(window_ms)
    expect(ask(window, 0, { spare: 500 }).granted).toBe(50)
    expect(ask(window, 0, { needed: 940, spare: 500 }).granted).toBe(940)
    expect(ask(window, 0, { needed: 20, spare: 500 }).granted).toBe(10)
    expect(ask(windowFrom(window_ms), 0, { spare: 5, limit: 19 }).granted).toBe(0)
  })

  test('holders who never use what they hold leave most of it to the others', () => {
    const window = windowFrom(window_ms)
    for (let room = 0; room < 20; room += 1) ask(window, room, { spare: 1_000 })
    expect(ask(window, 100, { needed: 300 }).granted).toBe(300)
  })

  test('outlives an eviction, and another length of the window', () => {
    const window = windowFrom(window_ms)
    ask(window, 0, { needed: 700, spare: 10 })
    const stored = structuredClone(storedOf(window))
    expect(ask(windowFrom(window_ms, stored), 1, {})).toEqual(ask(window, 1, {}))
    expect(ask(windowFrom(1_000, stored), 1, {}).remaining).toBe(limit - 710)
  })

  test('keeps no more than the window has buckets', () => {
    const window = windowFrom(window_ms)
    for (let at = 0; at < 10 * window_ms; at += 100) ask(window, at, { needed: 1, spare: 1 })
    expect(window.spent.size).toBeLessThan(limitsSettings.buckets_count * 1.1)
  })
})

/** Somebody who writes for the person: holds leases, spends them as late as they may. */
type Holder = { leases: { left: number; expires_at: number }[]; answers_at: number }

describe('[LIM-1] whatever the interleaving', () => {
  test('in no window is more spent than the limit', () => {
    const chance = chanceOf('sliding window')
    for (const small of [7, 60, 1_000])
      for (let round = 0; round < 20; round += 1) {
        const spent_at = traffic(chance.fork(`${small} ${round}`), small)
        expect(spent_at.length).toBeGreaterThan(2 * small)
        expect(mostInAWindow(spent_at)).toBeLessThanOrEqual(small)
      }
  })

  test('a steady writer just below the limit is never refused', () => {
    for (const { share, spare } of [
      { share: 0.97, spare: 0 },
      { share: 0.9, spare: 50 },
      { share: 0.5, spare: 500 },
    ]) {
      const window = windowFrom(window_ms)
      const pause_ms = window_ms / (limit * share)
      let held = 0
      let expires_at = 0
      for (let now = 0; now < 5 * window_ms; now += pause_ms) {
        if (expires_at < now) held = 0
        if (held === 0) {
          const lease = ask(window, now, { needed: 1, spare })
          expect(lease.granted).toBeGreaterThan(0)
          held = lease.granted
          expires_at = now + lease.ttl_ms
        }
        held -= 1
      }
    }
  })
})

/** Five holders who want ten times the limit, for five windows. */
const traffic = (chance: Chance, small: number): number[] => {
  const window = windowFrom(window_ms)
  const holders: Holder[] = Array.from({ length: 5 }, () => ({ leases: [], answers_at: 0 }))
  const spent_at: number[] = []
  for (let now = 0; now < 5 * window_ms; now += 1 + chance.below(400)) {
    const holder = holders[chance.below(5)]
    if (!holder) continue
    // Use what is held, some at once, some in its last moment.
    for (const lease of holder.leases) {
      if (lease.expires_at < now) lease.left = 0
      const used = chance.next() < 0.5 ? lease.left : chance.below(lease.left + 1)
      lease.left -= used
      for (let one = 0; one < used; one += 1)
        spent_at.push(chance.next() < 0.5 ? now : lease.expires_at)
    }
    const needed = chance.below(small / 2)
    const spare = chance.below(small)
    const { granted, ttl_ms } = ask(window, now, { needed, spare, limit: small })
    const now_used = Math.min(needed, granted)
    const arrives_at = now + chance.below(bucket_ms)
    for (let one = 0; one < now_used; one += 1) spent_at.push(arrives_at)
    holder.leases.push({ left: granted - now_used, expires_at: now + ttl_ms })
  }
  return spent_at
}

const mostInAWindow = (times: number[]): number => {
  const sorted = times.toSorted((one, other) => one - other)
  let first = 0
  let most = 0
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - window_ms) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}
