/**
 * What became of the messages of one run, as the inbox tells it about once a second (DISP-5): the
 * frames of a burst are summed up, and the first one after a rest begins anew. Pure.
 */
import type { OneWayFrame } from '../../../src/protocol/one-way.ts'

/** Silence for this long ends a run. */
export const RUN_REST_MS = 30_000

export type RunTally = {
  readonly committed: number
  readonly delivered: number
  readonly rejected: number
  readonly dead: number
  /** Rejected or dead; the frame had no place for which. */
  readonly failed: number
  readonly last_at: number
}

const nothing = { committed: 0, delivered: 0, rejected: 0, dead: 0, failed: 0 }

export const withFrame = (
  tally: RunTally | undefined,
  { committed, delivered, outcomes, more }: Omit<OneWayFrame, 'type'>,
  now_ms: number,
): RunTally => {
  const is_same_run = tally !== undefined && now_ms - tally.last_at < RUN_REST_MS
  const before = is_same_run ? tally : nothing
  const count = (wanted: string) => outcomes.filter(({ status }) => status === wanted).length
  return {
    committed: before.committed + committed,
    delivered: before.delivered + delivered,
    rejected: before.rejected + count('rejected'),
    dead: before.dead + count('dead'),
    failed: before.failed + more,
    last_at: now_ms,
  }
}
