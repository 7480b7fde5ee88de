/** The numbers of the rate limits that no operator sets, each with its reason. */

export const limitsSettings = {
  /**
   * The window moves in so many steps. What was spent stays counted for up to two steps longer
   * than the window: more steps let a steady writer come nearer to the limit, and cost memory.
   */
  buckets_count: 120,
  /** Spare is void after this share of the window: 3 s of 60, longer than between two typing frames. */
  ttl_share: 1 / 20,
  /** Spare is granted from what is plentiful only: what is never used starves nobody. */
  spare_share: 1 / 20,
  /** Who asks waits so long for the limiter, then goes on without it (LIM-3). */
  patience_ms: 500,
  /** One that was silent is left alone for so long; from half of it on it is tried aside. */
  rest_ms: 5_000,
  /** People of whom an isolate knows what they may write while their limiter is silent. */
  local_max_count: 2_000,
  /**
   * So much of a limit may be spent before the window is stored again: most people never write
   * that much in a minute, and an eviction (after ten quiet seconds at the earliest) forgives it.
   */
  unstored_share: 1 / 200,
  /** Stored at most so often. */
  store_pause_ms: 1_000,
  /** A tier is believed so long; meanwhile and while it is read again the old one does. */
  tier_ttl_ms: 60_000,
  /** The very first lease waits so long to hear of the tier. */
  tier_patience_ms: 150,
  /** After a failure the database is not asked again sooner. */
  tier_retry_ms: 5_000,
}
