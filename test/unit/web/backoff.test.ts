import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BACKOFF_BASE_MS, BACKOFF_MAX_MS, backoffDelay } from '../../../web/src/sync/backoff.ts'

test('[WEB-11] the ceiling doubles from half a second and stays at twenty', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 60, 2000].map((attempt) => backoffDelay(attempt, () => 1))
  expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000])
})

test('[WEB-11] jitter is full: any delay from none to the ceiling', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, chance) => {
      const delay_ms = backoffDelay(attempt, () => chance)
      expect(delay_ms).toBeGreaterThanOrEqual(0)
      expect(delay_ms).toBeLessThanOrEqual(BACKOFF_MAX_MS)
      expect(delay_ms).toBe(
        Math.floor(chance * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempt)),
      )
    }),
  )
})
