/** Every limit and time of pushing, with its reason. The unit is the last word. */

export type PushLimits = typeof defaultPushLimits

export const defaultPushLimits = {
  /** People of one read: what is sent next was read a moment ago, also in a large room (SEC-2). */
  page_max_count: 100,
  /** After a failure a push is sent again, each time twice as late, so often and so long. */
  retry_min_ms: 5_000,
  retry_max_ms: 300_000,
  attempts_max_count: 8,
  /** Who was not reached by then finds it in the room: later it would be noise. */
  age_max_ms: 3_600_000,
  /** Browsers of one room that wait for a retry; an errand has to fit into a value of 2 MB. */
  behind_max_count: 2_000,
  /** Rooms of one shard that something is owed; the one owed longest is let go. */
  errands_max_count: 2_000,
}
