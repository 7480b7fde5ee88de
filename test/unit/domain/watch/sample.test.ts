import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between } from '../../../../src/domain/watch/interval.ts'
import { added, merged, nothing, type Totals } from '../../../../src/domain/watch/sample.ts'
import { readSample, storedSample } from '../../../../src/domain/watch/stored-sample.ts'
import { inBuckets, noon, sample } from './builders.ts'

const totals = fc.record({
  counts: fc.record(
    { said: fc.nat(1_000), burst: fc.nat(100_000), requests: fc.nat(1_000) },
    { requiredKeys: [] },
  ),
  durations: fc.record(
    { commit: fc.array(fc.nat(50), { minLength: 15, maxLength: 15 }) },
    { requiredKeys: [] },
  ),
})

const isZero = ({ counts, durations }: Totals): boolean =>
  Object.values(counts).every((count) => count === 0) &&
  Object.values(durations).every((all) => all.every((count) => count === 0))

describe('[OPS-2] what was counted between two looks', () => {
  test('is the difference, and only what changed', () => {
    const before = { counts: { said: 10, burst: 3 }, durations: { commit: inBuckets(1, 2) } }
    const now = { counts: { said: 14, burst: 3 }, durations: { commit: inBuckets(1, 2, 2) } }
    expect(between(before, now)).toEqual({
      counts: { said: 4 },
      durations: { commit: inBuckets(2) },
    })
  })

  test('counts from zero where a counter or a histogram went back', () => {
    const before = { counts: { said: 10 }, durations: { commit: inBuckets(1, 1, 1) } }
    const now = { counts: { said: 4 }, durations: { commit: inBuckets(1, 5, 5) } }
    expect(between(before, now)).toEqual({
      counts: { said: 4 },
      durations: { commit: inBuckets(1, 5, 5) },
    })
  })

  test('adds up to the whole, however it was looked at', () => {
    fc.assert(
      fc.property(fc.array(totals, { maxLength: 10 }), (parts) => {
        let seen: Totals = nothing
        let sum: Totals = nothing
        for (const part of parts) {
          const now = added(seen, part)
          sum = added(sum, between(seen, now))
          seen = now
        }
        expect(isZero(between(seen, sum))).toBe(true)
        expect(isZero(between(sum, seen))).toBe(true)
      }),
    )
  })
})

test('[OPS-3] merged samples count together, and of gauges the highest counts', () => {
  const one = sample({
    ...{ at: noon, counts: { said: 5 }, durations: { commit: inBuckets(0) } },
    gauges: { rooms: 3, level: 2 },
    pools: [{ shard: 0, in_use: 9, idle: 1, waiting: 0, overflow: 0, max: 10 }],
  })
  const other = sample({
    ...{ at: noon + 5_000, silent: 1, counts: { said: 7, burst: 1 }, gauges: { rooms: 4 } },
    ...{ durations: { commit: inBuckets(0, 3) } },
    pools: [{ shard: 0, in_use: 2, idle: 8, waiting: 3, overflow: 0, max: 10 }],
  })
  expect(merged([one, other])).toEqual({
    ...{ at: noon + 5_000, covered_ms: 10_000, silent: 1, counts: { said: 12, burst: 1 } },
    durations: { commit: inBuckets(0, 0, 3) },
    gauges: { rooms: 4, level: 2 },
    pools: [{ shard: 0, in_use: 9, idle: 1, waiting: 3, overflow: 0, max: 10 }],
  })
  expect(merged([])).toBeUndefined()
})

test('a sample is kept and read again', () => {
  fc.assert(
    fc.property(totals, fc.nat(60_000), fc.nat(3), (counted, covered_ms, silent) => {
      const whole = sample({
        ...{ ...counted, covered_ms, silent, gauges: { buffer_fill: 0.125, rooms: 12 } },
        pools: [{ shard: 3, in_use: 1, idle: 2, waiting: 3, overflow: 4, max: 5 }],
      })
      expect(readSample(noon, storedSample(whole))).toEqual(whole)
    }),
  )
})
