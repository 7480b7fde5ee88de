/** What `npm run tune` makes of its measurements (DB-2). */
import { describe, expect, test } from 'vitest'
import { adviceFor, warningsFor } from '../../../tools/tune/advice.ts'
import { trafficIn, type Facts } from '../../../tools/tune/facts.ts'
import { kneeOf, nextSize } from '../../../tools/tune/knee.ts'
import { readOptions } from '../../../tools/tune/options.ts'
import type { Point } from '../../../tools/tune/point.ts'

const point = (size: number, per_second: number, overrides: Partial<Point> = {}): Point => ({
  ...{ size, per_second, p50_ms: 10, p99_ms: 20, wait_p99_ms: 5, failed: 0 },
  ...overrides,
})

const facts = (overrides: Partial<Facts> = {}): Facts => ({
  ...{ host: 'ep-press-4.eu.aws.neon.tech', version: '18.4', max_connections: 112 },
  ...{ reserved_connections: 7, other_connections: 5, fsync: true, synchronous_commit: true },
  ...{ muster_sessions: 0, transactions_per_s: 0.5, is_migrated: true },
  ...overrides,
})

describe('[DB-2] the knee', () => {
  test.each<[string, Point[], number | undefined]>([
    ['nothing was measured', [], undefined],
    ['one size', [point(1, 100)], 1],
    ['more brings more', [point(1, 100), point(2, 200), point(4, 400)], 4],
    ['more brings less than 5 %', [point(1, 100), point(2, 200), point(4, 380), point(8, 400)], 4],
    ['more brings 6 %', [point(4, 376), point(8, 400)], 8],
    ['more brings less', [point(4, 400), point(8, 300)], 4],
    [
      'as much, but its slowest calls are far slower',
      [point(4, 390, { p99_ms: 90 }), point(8, 400, { p99_ms: 40 })],
      8,
    ],
    ['callers were turned away', [point(4, 390, { failed: 7 }), point(8, 400)], 8],
    ['from all of them', [point(4, 390, { failed: 7 }), point(8, 400, { failed: 1 })], 4],
    ['in any order', [point(8, 400), point(4, 395), point(1, 100)], 4],
  ])('%s', (_, points, size) => {
    expect(kneeOf(points)?.size).toBe(size)
  })
})

/** Against a database whose throughput is known. */
const tried = (throughput: (size: number) => number, max: number): number[] => {
  const points: Point[] = []
  for (;;) {
    const size = nextSize(points, max)
    if (size === undefined) return points.map((one) => one.size)
    expect(points.map((one) => one.size)).not.toContain(size)
    expect(size).toBeLessThanOrEqual(max)
    points.push(point(size, throughput(size)))
  }
}

describe('[DB-2] the sizes that are tried', () => {
  test('doubled until two doublings bring nothing, then around the knee', () => {
    const sizes = tried((size) => Math.min(size, 12) * 100, 500)
    expect(sizes.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 64])
    expect(sizes.slice(7)).toEqual([12, 10, 14])
  })

  test('to the end where more brings more, the largest included', () => {
    expect(tried((size) => size * 100, 50)).toEqual([1, 2, 4, 8, 16, 32, 50, 41, 46])
  })

  test('a database that one connection saturates is soon done with', () => {
    expect(tried(() => 100, 500)).toEqual([1, 2, 4])
  })

  test('one connection is all there is', () => {
    expect(tried((size) => size, 1)).toEqual([1])
  })
})

describe('[DB-2] the advice', () => {
  const points = [point(4, 400), point(8, 800), point(16, 1_500), point(32, 1_520)]

  test('the knee, half as many again, and a gateway for each 2,000 calls', () => {
    const advice = adviceFor(points, facts())
    expect(advice).toMatchObject({ DB_POOL_SIZE: 16, DB_MAX_OVERFLOW: 8, DB_GATEWAY_SHARDS: 2 })
    expect(adviceFor([point(16, 9_000)], facts())).toMatchObject({ DB_GATEWAY_SHARDS: 5 })
    expect(advice?.why[0]).toContain('16 connections write 1,500 messages/s; 32 write 1,520.')
  })

  test('is within what the database has, a fifth kept back', () => {
    const advice = adviceFor(points, facts({ max_connections: 25, other_connections: 3 }))
    expect(advice).toMatchObject({ DB_POOL_SIZE: 12, DB_MAX_OVERFLOW: 0, DB_GATEWAY_SHARDS: 2 })
    expect(advice?.why[0]).toContain('has only 12 to give')
  })

  test.each([1, 2, 3, 4, 7, 40, 99, 500])('holds the settings’ own rules at %i', (size) => {
    const advice = adviceFor([point(size, 100)], facts({ max_connections: 5_000 }))
    expect(advice?.DB_POOL_SIZE).toBe(size)
    expect(advice?.DB_GATEWAY_SHARDS).toBeLessThanOrEqual(Math.min(64, size))
    expect(advice?.DB_GATEWAY_SHARDS).toBeGreaterThanOrEqual(1)
    expect(advice?.DB_MAX_OVERFLOW).toBeLessThanOrEqual(500)
  })

  test('says so where the largest that was tried was the best', () => {
    expect(adviceFor(points.slice(0, 3), facts())?.why[0]).toContain('a larger --max')
  })

  test('there is none without a measurement', () => {
    expect(adviceFor([], facts())).toBeUndefined()
  })
})

describe('[DB-2] it warns', () => {
  test.each<[string, Partial<Facts>, string]>([
    ['of a pooler', { host: 'ep-press-4-pooler.eu.aws.neon.tech' }, 'direct host'],
    ['of fsync', { fsync: false }, 'fsync is off'],
    ['of synchronous_commit', { synchronous_commit: false }, 'synchronous_commit is off'],
    ['of few connections', { max_connections: 20 }, 'Only 8 of 20'],
  ])('%s', (_, overrides, warning) => {
    expect(warningsFor(facts(overrides))).toEqual([expect.stringContaining(warning)])
  })

  test('of nothing where all is well', () => {
    expect(warningsFor(facts())).toEqual([])
  })

  test('and does not load what others use', () => {
    expect(trafficIn(facts())).toBeUndefined()
    expect(trafficIn(facts({ muster_sessions: 20 }))).toContain('a Muster is connected')
    expect(trafficIn(facts({ transactions_per_s: 40 }))).toContain('40 transactions/s')
  })
})

test('the command line', () => {
  expect(readOptions(['--seconds', '2', '--yes'])).toEqual({
    ...{ seconds: 2, max: 64, senders: 200, keep: false, yes: true },
  })
  expect(() => readOptions(['--senders', 'many'])).toThrow('--senders must be a number')
  expect(() => readOptions(['--pool', '5'])).toThrow('--pool')
})
