/** How often the deployment is looked at, and for how long what was seen is kept. */

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

export const watchLimits = {
  sample_ms: 5 * second,
  fine_kept_ms: hour,
  coarse_ms: minute,
  coarse_kept_ms: 24 * hour,
  /** As many as a chart of this width can show. */
  points_max_count: 360,
  /** Between two looks; after more than that what was counted in between belongs to no instant. */
  covered_max_ms: minute,
  /** Nothing was reported for so long: nobody uses Muster, and it may sleep. */
  idle_after_ms: 5 * minute,
  /** Rows that one look clears away, so that none takes long. */
  pruned_max_count: 100,
  /** What the rules look at. */
  window_ms: minute,
} as const
