/** Samples and snapshots for tests, each with overrides. */
import type { Sample } from '../../../../src/domain/watch/sample.ts'
import { nothingCounted, type Snapshot } from '../../../../src/domain/metrics/snapshot.ts'

/** A whole number of minutes since the epoch. */
export const noon = Date.UTC(2026, 10, 30, 12)

export const sample = (over: Partial<Sample> = {}): Sample => ({
  ...{ at: noon, covered_ms: 5_000, silent: 0, counts: {}, durations: {}, gauges: {}, pools: [] },
  ...over,
})

export const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({ ...nothingCounted, ...over })

/** One observation in each of the given buckets: 15 of them, the last for what is above all. */
export const inBuckets = (...buckets: readonly number[]): number[] => {
  const counts = Array.from({ length: 15 }, () => 0)
  for (const bucket of buckets) counts[bucket] = (counts[bucket] ?? 0) + 1
  return counts
}
