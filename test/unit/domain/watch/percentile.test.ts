import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentile } from '../../../../src/domain/watch/percentile.ts'

const bounds = [1, 2, 4]

describe('[OPS-3] a percentile', () => {
  test.each([
    ['half way into the only bucket', 0.5, [0, 10, 0, 0], 1.5],
    ['from zero in the first bucket', 0.5, [10, 0, 0, 0], 0.5],
    ['at the end of a bucket that it fills', 0.5, [5, 0, 5, 0], 1],
    ['in the bucket after it', 0.9, [5, 0, 5, 0], 3.6],
    ['over empty buckets', 1, [1, 0, 1, 0], 4],
    ['at the last bound where it is above all', 0.99, [0, 0, 0, 7], 4],
    ['also where only some are', 0.99, [98, 0, 0, 2], 4],
  ])('lies %s', (_where, share, counts, value) => {
    expect(percentile(share, counts, bounds)).toBeCloseTo(value, 10)
  })

  test('is null where nothing was measured', () => {
    expect(percentile(0.99, [0, 0, 0, 0], bounds)).toBeNull()
    expect(percentile(0.99, [], bounds)).toBeNull()
  })

  test('grows with its share, and lies in the bucket of the value that it stands for', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 4, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    })
    const shares = fc.tuple(
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(values, shares, (all, [one, other]) => {
        const counts = [0, 0, 0, 0]
        const bucketOf = (value: number) => bounds.findIndex((bound) => value <= bound)
        for (const value of all) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const at = percentile(high, counts, bounds) ?? Number.NaN
        expect(percentile(low, counts, bounds)).toBeLessThanOrEqual(at)
        const sorted = all.toSorted((a, b) => a - b)
        const exact = sorted[Math.ceil(high * all.length - 1e-9) - 1] ?? Number.NaN
        const bucket = bucketOf(exact)
        expect(at).toBeGreaterThanOrEqual((bounds[bucket - 1] ?? 0) - 1e-9)
        expect(at).toBeLessThanOrEqual((bounds[bucket] ?? 0) + 1e-9)
      }),
    )
  })
})
