/** Leases: parts of what a person may write, handed to whoever writes for them (LIM-1). */

/** The wish of one who writes for a person: a room, or a Worker that accepts one-way messages. */
export type LeaseRequest = {
  readonly user_id: string
  /** So many are needed now … */
  readonly needed: number
  /** … and so many more would be used in a moment, as it looks. */
  readonly spare: number
  /** So much was granted meanwhile without asking, because no answer came (LIM-3). */
  readonly untold?: number
}

/** How a person stands, as answers over REST tell it. */
export type BudgetFigures = {
  readonly limit: number
  readonly remaining: number
  /** Until the whole limit is free again, if nothing more is written. */
  readonly reset_ms: number
}

/** Part of a person's budget: whoever holds it may write so much without asking. */
export type Lease = BudgetFigures & {
  readonly granted: number
  /** Not used so long after it was asked for, it is void. A duration, because clocks differ. */
  readonly ttl_ms: number
  /** Until `needed` can be had; 0 where it was granted. */
  readonly retry_after_ms: number
}
