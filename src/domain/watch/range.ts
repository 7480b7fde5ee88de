/** Which instants a chart of a range shows: few enough to draw, and the same at each look. */
import { watchLimits } from './limits.ts'

export type Plan = {
  readonly step_ms: number
  /** Ends of the steps, ascending. */
  readonly at: readonly number[]
}

/** What is easy on the axis. */
const steps_ms = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((s) => s * 1_000)

/**
 * @param newest_at of the newest sample: what is later is not known yet, rather than missing
 */
export const planOf = ({
  now,
  until,
  range_ms,
  newest_at,
}: {
  readonly now: number
  readonly until: number
  readonly range_ms: number
  readonly newest_at: number | undefined
}): Plan => {
  const { points_max_count, sample_ms, fine_kept_ms, coarse_ms } = watchLimits
  const resolution_ms = until - range_ms < now - fine_kept_ms ? coarse_ms : sample_ms
  const least_ms = Math.max(resolution_ms, range_ms / points_max_count)
  const step_ms =
    steps_ms.find((step) => step >= least_ms) ?? Math.ceil(least_ms / coarse_ms) * coarse_ms
  const count = Math.max(1, Math.ceil(range_ms / step_ms))
  const last = endOf(lastKnown(until, newest_at), step_ms)
  const at = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * step_ms)
  return { step_ms, at }
}

/** The end of the step in which this instant lies. */
const endOf = (at: number, step_ms: number): number => Math.ceil(at / step_ms) * step_ms

const lastKnown = (until: number, newest_at = 0): number => {
  // A sample takes its time: one that is to come is waited for, one that is overdue is a gap.
  const overdue = until - 2 * watchLimits.sample_ms
  return Math.min(until, Math.max(newest_at, overdue))
}
