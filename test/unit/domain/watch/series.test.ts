import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SeriesName, type Series } from '../../../../src/protocol/operations.ts'
import { planOf } from '../../../../src/domain/watch/range.ts'
import { seriesOf } from '../../../../src/domain/watch/series.ts'
import type { Sample } from '../../../../src/domain/watch/sample.ts'
import { inBuckets, noon, sample } from './builders.ts'

const step_ms = 5_000

const lineOf = (lines: readonly Series[], name: SeriesName, shard: number | null = null) =>
  lines.find((line) => line.name === name && line.shard === shard)?.values

const linesOf = (samples: readonly Sample[], count: number, step = step_ms) =>
  seriesOf(
    samples,
    Array.from({ length: count }, (_, index) => noon + index * step),
    step,
  )

describe('[OPS-3] the lines of the charts', () => {
  test('are all that there are, once, and once per shard of the pool', () => {
    const pool = { in_use: 1, idle: 2, waiting: 3, overflow: 4, max: 5 }
    const lines = linesOf(
      [
        sample({
          pools: [
            { shard: 1, ...pool },
            { shard: 4, ...pool },
          ],
        }),
      ],
      1,
    )
    const names = lines.map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(SeriesName.options))
    expect(lines.filter(({ name }) => name === 'pool_waiting')).toEqual([
      { name: 'pool_waiting', shard: 1, values: [3] },
      { name: 'pool_waiting', shard: 4, values: [3] },
    ])
    expect(lines.filter(({ name }) => name === 'said')).toHaveLength(1)
  })

  test('rates are per second of what was covered; errors are requests and frames', () => {
    const counts = { said: 10, requests: 40, failed_requests: 3, failed_frames: 2 }
    const lines = linesOf([sample({ counts, covered_ms: 4_000 })], 1)
    expect(lineOf(lines, 'said')).toEqual([2.5])
    expect(lineOf(lines, 'requests')).toEqual([10])
    expect(lineOf(lines, 'errors')).toEqual([1.25])
    expect(lineOf(lines, 'burst')).toEqual([0])
  })

  test('percentiles are in milliseconds, and null where nothing was measured', () => {
    // 0.025 to 0.05 s.
    const lines = linesOf([sample({ durations: { commit: inBuckets(5, 5) } })], 1)
    expect(lineOf(lines, 'commit_p50')).toEqual([37.5])
    expect(lineOf(lines, 'commit_p99')).toEqual([49.75])
    expect(lineOf(lines, 'accept_p99')).toEqual([null])
  })

  test('several samples of a step count together', () => {
    const samples = [0, 1, 2, 3].map((index) =>
      sample({ at: noon + index * step_ms, counts: { said: index }, gauges: { rooms: 9 - index } }),
    )
    const lines = linesOf(samples, 3, 10_000)
    expect(lineOf(lines, 'said')).toEqual([0, 0.3, 0.6])
    expect(lineOf(lines, 'rooms')).toEqual([9, 8, 6])
  })

  test('a gap is null, not zero, and so is a count that belongs to no instant', () => {
    const samples = [
      sample({ at: noon, counts: { said: 5 }, gauges: { rooms: 1 } }),
      sample({ at: noon + 4 * step_ms, covered_ms: 0, gauges: { rooms: 2 } }),
      sample({ at: noon + 5 * step_ms }),
    ]
    const lines = linesOf(samples, 6)
    expect(lineOf(lines, 'said')).toEqual([1, null, null, null, null, 0])
    expect(lineOf(lines, 'rooms')).toEqual([1, null, null, null, 2, null])
  })

  test('a sample that was late covers the steps before it', () => {
    const late = sample({ at: noon + 3 * step_ms, covered_ms: 15_000, counts: { said: 30 } })
    expect(lineOf(linesOf([sample(), late], 4), 'said')).toEqual([0, 2, 2, 2])
  })
})

describe('[OPS-3] the instants of a chart', () => {
  const now = noon + 3_210
  const lastInstant = (newest_at: number) =>
    planOf({ now, until: now, range_ms: 900_000, newest_at }).at.at(-1)

  test.each([
    [900, 5_000, 180],
    [1_800, 5_000, 360],
    [3_590, 10_000, 359],
    [7_200, 60_000, 120],
    [21_600, 60_000, 360],
    [86_400, 300_000, 288],
  ])('of %i s are %i ms apart', (range_s, step, count) => {
    const { step_ms: found, at } = planOf({
      ...{ now, until: now, range_ms: range_s * 1_000, newest_at: noon },
    })
    expect([found, at.length]).toEqual([step, count])
  })

  test('end with what is known, and go on where a sample is overdue', () => {
    expect(lastInstant(noon)).toBe(noon)
    expect(lastInstant(noon - 60_000)).toBe(noon - 5_000)
  })

  test('of the past are as coarse as what is kept of it', () => {
    const until = noon - 7_200_000
    const { step_ms: found } = planOf({ now, until, range_ms: 600_000, newest_at: noon })
    expect(found).toBe(60_000)
  })

  test('are few, ascending, aligned, and cover the range', () => {
    const ranges = fc.integer({ min: 60, max: 86_400 })
    fc.assert(
      fc.property(ranges, fc.nat(86_400_000), fc.nat(5_000), (range_s, back_ms, age_ms) => {
        const [until, range_ms] = [now - back_ms, range_s * 1_000]
        const { step_ms: step, at } = planOf({ now, until, range_ms, newest_at: now - age_ms })
        expect(at.length).toBeLessThanOrEqual(360)
        expect(at.length * step).toBeGreaterThanOrEqual(range_ms)
        for (const [index, end] of at.entries()) {
          expect(end % step).toBe(0)
          expect(end).toBe((at[0] ?? 0) + index * step)
        }
        const last = at.at(-1) ?? 0
        expect(last).toBeGreaterThanOrEqual(until - 10_000)
        expect(last).toBeLessThan(until + step)
      }),
    )
  })
})
