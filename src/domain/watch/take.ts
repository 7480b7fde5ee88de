/** From what the collectors say to a sample, and to what has to be known at the next one. */
import type { Snapshot } from '../metrics/snapshot.ts'
import { between } from './interval.ts'
import { watchLimits } from './limits.ts'
import { added, nothing, type Sample, type Totals } from './sample.ts'
import { gaugesOf, totalsOf } from './standing.ts'

type Known = { readonly asked_at: number; readonly totals: Totals }

export type Taken = {
  readonly sample: Sample
  /** By shard; only those that answered. */
  readonly collectors: ReadonlyMap<number, Known>
}

/**
 * @param snapshots by shard; null for a collector that did not answer
 * @param known what they held when they were last asked
 */
export const taken = (
  snapshots: readonly (Snapshot | null)[],
  known: ReadonlyMap<number, Known>,
  { now, alerts_firing }: { readonly now: number; readonly alerts_firing: number },
): Taken => {
  const collectors = new Map<number, Known>()
  let counted = nothing
  let covered_ms = 0
  for (const [shard, snapshot] of snapshots.entries()) {
    if (snapshot === null) continue
    const totals = totalsOf(snapshot)
    collectors.set(shard, { asked_at: now, totals })
    const before = known.get(shard)
    const elapsed_ms = now - (before?.asked_at ?? -Infinity)
    // What came together over a long time belongs to no instant.
    if (before === undefined || elapsed_ms > watchLimits.covered_max_ms) continue
    counted = added(counted, between(before.totals, totals))
    covered_ms = covered_ms === 0 ? elapsed_ms : Math.min(covered_ms, elapsed_ms)
  }
  const answered = snapshots.filter((snapshot) => snapshot !== null)
  const { gauges, pools } = gaugesOf(answered)
  const { sample_ms } = watchLimits
  const sample = {
    ...{ at: Math.floor(now / sample_ms) * sample_ms, covered_ms: Math.max(0, covered_ms) },
    ...{ silent: snapshots.length - answered.length, ...counted, pools },
    gauges: { ...gauges, alerts_firing },
  }
  return { sample, collectors }
}
