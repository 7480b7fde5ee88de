/**
 * From when on something is left out, and until when (LIM-2). All thresholds in one place, each row
 * the levels 1 to 5 in the order of `sheddable`. The unit is the last word.
 */
import type { Signal } from './degradation.ts'

/** Reached: that level. Level 1 is felt by nobody; level 5 is where messages would be next. */
const up: Readonly<Record<Signal, Levels>> = {
  /** A commit takes 5 to 50 ms; people feel half a second. Postgres ends it after ten. */
  commit_ms: [700, 1_100, 1_600, 2_200, 3_000],
  /** Waiting for a connection: it ends with `database_busy` after DB_POOL_TIMEOUT. */
  pool_wait_ms: [500, 1_000, 1_500, 2_500, 4_000],
  /** Callers who wait, per connection; beyond 100 they are turned away. */
  pool_waiting_share: [4, 10, 20, 40, 70],
  /** The oldest that waits in a room's FIFO: after 5 s its sender is told. */
  queue_age_ms: [1_500, 2_000, 2_500, 3_200, 4_000],
  /** Of what a room's FIFO may hold, in bytes or in number. */
  queue_share: [0.3, 0.4, 0.5, 0.65, 0.8],
  /** What the room's gateway says, as it is: it has its own patience. */
  gateway_level: [1, 2, 3, 4, 5],
}

type Levels = readonly [number, number, number, number, number]

export type PressureSettings = {
  readonly up: Readonly<Record<Signal, Levels>>
  /** A level ends only below this part of what began it: a signal in between changes nothing. */
  readonly down_share: number
  /** So long it has to stay below before one level is taken back. */
  readonly stay_ms: number
}

export const pressureSettings: PressureSettings = { up, down_share: 0.6, stay_ms: 2_000 }

/** What was measured counts half after so long: without new measurements pressure is forgotten. */
export const measuredHalfLifeMs = 2_000

/** What one commit weighs in the mean of them: a single slow one is no pressure. */
export const measuredShare = 0.1
