/**
 * What was counted between two looks at the same collector. One whose counters went back began
 * anew: it counts from zero, as Prometheus' `rate` has it.
 */
import {
  countNames,
  durationNames,
  type CountName,
  type DurationName,
  type Totals,
} from './sample.ts'

export const between = (before: Totals, now: Totals): Totals => {
  const counts: Partial<Record<CountName, number>> = {}
  for (const name of countNames) {
    const [old, value] = [before.counts[name] ?? 0, now.counts[name] ?? 0]
    const more = value < old ? value : value - old
    if (more > 0) counts[name] = more
  }
  const durations: Partial<Record<DurationName, readonly number[]>> = {}
  for (const name of durationNames) {
    const more = moreOf(before.durations[name] ?? [], now.durations[name] ?? [])
    if (more.some((count) => count > 0)) durations[name] = more
  }
  return { counts, durations }
}

const moreOf = (old: readonly number[], value: readonly number[]): readonly number[] => {
  const wentBack = old.some((count, bucket) => (value[bucket] ?? 0) < count)
  return wentBack ? value : value.map((count, bucket) => count - (old[bucket] ?? 0))
}
