import { describe, expect, test } from 'vitest'
import { LocalBudgets } from '../../../../src/domain/limits/local-budgets.ts'
import { limitsSettings } from '../../../../src/domain/limits/settings.ts'
import { grant, spend, windowFrom } from '../../../../src/domain/limits/sliding-window.ts'
import { chanceOf } from '../../../support/chance.ts'

const window_ms = 60_000
const unheard = 1_000
const user_id = 'ann'

const wish = (needed: number, spare = 0) => ({ user_id, needed, spare })

/** The counter of all, as `RateLimiter` has it. */
const counterOf = (limit: number) => {
  const window = windowFrom(window_ms)
  return (now: number, needed: number, untold: number) => {
    spend(window, now, untold)
    return grant(window, { now, limit, needed, spare: 0 })
  }
}

describe('[LIM-3] while the counter is silent', () => {
  test('as much is granted as is left of what it said before', () => {
    const budgets = new LocalBudgets()
    const counter = counterOf(100)
    budgets.heard(wish(70), counter(0, 70, 0), { now: 0, window_ms })
    expect(budgets.grant(wish(50), { now: 10, window_ms, unheard }).granted).toBe(30)
    const refused = budgets.grant(wish(1), { now: 20, window_ms, unheard })
    expect(refused).toMatchObject({ granted: 0, limit: 100, remaining: 0 })
    expect(refused.retry_after_ms).toBeGreaterThan(window_ms - 1_000)
    expect(budgets.grant(wish(200), { now: 62_000, window_ms, unheard }).granted).toBe(100)
  })

  test('of whom it never spoke the most is granted that anybody may', () => {
    const budgets = new LocalBudgets()
    expect(budgets.grant(wish(5_000), { now: 0, window_ms, unheard }).granted).toBe(unheard)
  })

  test('what it is to be told it is told once, and again where that failed', () => {
    const budgets = new LocalBudgets()
    budgets.grant(wish(7), { now: 0, window_ms, unheard })
    budgets.grant(wish(3), { now: 1, window_ms, unheard })
    expect(budgets.takeUntold(user_id)).toBe(10)
    expect(budgets.takeUntold(user_id)).toBe(0)
    budgets.giveBackUntold(user_id, 10)
    expect(budgets.takeUntold(user_id)).toBe(10)
  })

  test('it is left alone, tried once aside, and asked again in the end or once it has spoken', () => {
    const budgets = new LocalBudgets()
    const { rest_ms } = limitsSettings
    expect(budgets.silence(user_id, 0)).toBe('over')
    budgets.fellSilent(user_id, { now: 0, window_ms })
    expect(budgets.silence(user_id, 1)).toBe('on')
    expect(budgets.silence(user_id, rest_ms / 2)).toBe('to_be_tried')
    expect(budgets.silence(user_id, rest_ms / 2 + 1)).toBe('on')
    expect(budgets.silence(user_id, rest_ms)).toBe('over')
    budgets.fellSilent(user_id, { now: rest_ms, window_ms })
    budgets.heard(wish(0), counterOf(100)(rest_ms, 0, 0), { now: rest_ms + 1, window_ms })
    expect(budgets.silence(user_id, rest_ms + 2)).toBe('over')
  })
})

test('[LIM-1] in no window is more written than the limit, however often the counter is silent or late', () => {
  const chance = chanceOf('local budgets')
  for (let round = 0; round < 50; round += 1) {
    const limit = 50 + chance.below(200)
    const counter = counterOf(limit)
    const budgets = new LocalBudgets()
    const written: number[] = []
    for (let now = 0; now < 5 * window_ms; now += chance.below(2_000)) {
      const asked = wish(chance.below(30))
      const dice = chance.below(4)
      // Of an answer that comes too late nothing is written, but it was counted.
      const isHeard = dice !== 0
      const isInTime = dice > 1
      if (isHeard) {
        const lease = counter(now, asked.needed, budgets.takeUntold(user_id))
        budgets.heard(asked, lease, { now, window_ms })
        if (isInTime) for (let one = 0; one < lease.granted; one += 1) written.push(now)
      }
      if (isInTime) continue
      const { granted } = budgets.grant(asked, { now, window_ms, unheard: limit })
      for (let one = 0; one < granted; one += 1) written.push(now)
    }
    expect(written.length).toBeGreaterThan(2 * limit)
    for (const [index, at] of written.entries()) {
      const before = written[index - limit]
      if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(window_ms)
    }
  }
})

test('[LIM-4] beyond so many people the first is forgotten', () => {
  const budgets = new LocalBudgets()
  for (let number = 0; number <= limitsSettings.local_max_count; number += 1)
    budgets.grant({ user_id: `one ${number}`, needed: 1, spare: 0 }, { now: 0, window_ms, unheard })
  expect(budgets.size).toBe(limitsSettings.local_max_count)
  expect(budgets.takeUntold('one 0')).toBe(0)
  expect(budgets.takeUntold('one 1')).toBe(1)
})
