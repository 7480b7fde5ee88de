import { expect, test } from 'vitest'
import type { SeriesName, SeriesRange } from '../../../src/protocol/operations.ts'
import {
  diagnosisOf,
  SLOW_MS,
  verdictOf,
  type Spent,
  type Verdict,
} from '../../../web/src/ops/diagnosis.ts'

const quick: Spent = {
  queue_ms: 8,
  pool_wait_ms: 1,
  statement_ms: 6,
  commit_ms: 12,
  broadcast_ms: 20,
}

test.each<[string, Partial<Spent>, Verdict]>([
  ['all is quick', {}, 'fine'],
  ['only the wait for connections is long', { pool_wait_ms: 900, commit_ms: 910 }, 'pool_wait'],
  [
    'the queue grows behind a pool that is too small',
    { queue_ms: 4_000, pool_wait_ms: 900, commit_ms: 910, broadcast_ms: 5_000 },
    'pool_wait',
  ],
  ['statements are slow', { statement_ms: 600, commit_ms: 610 }, 'database'],
  [
    'slow statements hold the connections for which others wait',
    { statement_ms: 600, pool_wait_ms: 1_100, commit_ms: 1_700, queue_ms: 3_000 },
    'database',
  ],
  [
    'statements are slow and the wait is far longer than they take',
    { statement_ms: 600, pool_wait_ms: 3_000, commit_ms: 3_700, queue_ms: 3_000 },
    'both',
  ],
  ['commits are quick and messages wait', { queue_ms: 900, broadcast_ms: 920 }, 'room'],
  ['a search is slow, and messages are not', { statement_ms: 600 }, 'fine'],
  ['commits are slow for no reason to be seen', { commit_ms: 800 }, 'elsewhere'],
  ['handing over is slow', { broadcast_ms: 800 }, 'elsewhere'],
  [
    'the two together are slow, the wait more than the statement',
    { pool_wait_ms: 200, statement_ms: 90, commit_ms: 290 },
    'pool_wait',
  ],
  [
    'the two together are slow, the statement more than the wait',
    { pool_wait_ms: 90, statement_ms: 200, commit_ms: 290 },
    'database',
  ],
  ['it is exactly slow', { queue_ms: SLOW_MS }, 'room'],
  ['it is a little less than slow', { queue_ms: SLOW_MS - 1 }, 'fine'],
])('[OPS-3] where %s, the verdict says so', (_, overrides, verdict) => {
  expect(verdictOf({ ...quick, ...overrides })).toBe(verdict)
})

test('[OPS-3] where no message was measured nothing is claimed', () => {
  const none: Spent = {
    queue_ms: null,
    pool_wait_ms: null,
    statement_ms: null,
    commit_ms: null,
    broadcast_ms: null,
  }
  expect(verdictOf(none)).toBe('unknown')
  expect(verdictOf({ ...none, statement_ms: 900 })).toBe('unknown')
  expect(verdictOf({ ...none, pool_wait_ms: 900 })).toBe('pool_wait')
})

const rangeOf = (lines: Partial<Record<SeriesName, (number | null)[]>>): SeriesRange => ({
  step_ms: 10_000,
  at: Array.from({ length: 12 }, (_, index) => index * 10_000),
  series: Object.entries(lines).map(([name, values]) => ({
    name: name as SeriesName,
    shard: null,
    values,
  })),
})

const twelve = (value: (index: number) => number | null) =>
  Array.from({ length: 12 }, (_, i) => value(i))

test('[OPS-3] the last minute counts, not what was before', () => {
  const range = rangeOf({
    // The trouble is over since the seventh of twelve instants.
    pool_wait_p99: twelve((i) => (i < 6 ? 2_000 : 1)),
    commit_p99: twelve((i) => (i < 6 ? 2_010 : 9)),
    statement_p99: twelve(() => 5),
    queue_p99: twelve((i) => (i === 11 ? null : 4)),
    broadcast_p99: twelve(() => 15),
  })
  expect(diagnosisOf(range)).toEqual({
    verdict: 'fine',
    queue_ms: 4,
    pool_wait_ms: 1,
    statement_ms: 5,
    commit_ms: 9,
    broadcast_ms: 15,
  })
})

const slowSince = (first: number) =>
  diagnosisOf(
    rangeOf({
      pool_wait_p99: twelve((i) => (i >= first ? 2_000 : 1)),
      commit_p99: twelve((i) => (i >= first ? 2_010 : 9)),
      statement_p99: twelve(() => 5),
    }),
  ).verdict

test('[OPS-3] one slow moment is no verdict; most of the minute is', () => {
  expect(slowSince(11)).toBe('fine')
  expect(slowSince(8)).toBe('pool_wait')
})

test('[OPS-3] a range without the lines says that nothing is known', () => {
  expect(diagnosisOf(rangeOf({})).verdict).toBe('unknown')
  expect(diagnosisOf({ step_ms: 0, at: [], series: [] }).verdict).toBe('unknown')
})
