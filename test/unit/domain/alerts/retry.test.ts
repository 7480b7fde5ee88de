import { expect, test } from 'vitest'
import { nextAttemptAt } from '../../../../src/domain/alerts/retry.ts'
import { noon } from '../watch/builders.ts'

test('[OPS-2] the webhook is called again with growing pauses, for hours and not for ever', () => {
  const pauses: number[] = []
  let now = noon
  for (let attempts = 1; ; attempts += 1) {
    const next = nextAttemptAt({ began_at: noon, attempts }, now)
    if (next === undefined) break
    pauses.push((next - now) / 1_000)
    now = next
  }
  expect(pauses.slice(0, 9)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300])
  expect(now - noon).toBeGreaterThan(3_600_000)
  expect(now - noon).toBeLessThanOrEqual(21_600_000)
})

test('[OPS-2] what the receiver asks for is kept, up to five minutes', () => {
  expect(nextAttemptAt({ began_at: noon, attempts: 1 }, noon, 60_000)).toBe(noon + 60_000)
  expect(nextAttemptAt({ began_at: noon, attempts: 1 }, noon, 9_000_000)).toBe(noon + 300_000)
})
