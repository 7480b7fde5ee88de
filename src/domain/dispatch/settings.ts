/** Every limit and time of the burst lane, with its reason. The unit is the last word. */

export type DispatchSettings = typeof defaultDispatchSettings

export const defaultDispatchSettings = {
  /** What one shard keeps that is not final (DISP-3): ten bursts, and what an object can store. */
  buffer_max_count: 100_000,
  buffer_max_bytes: 268_435_456,
  /** Of either: from here on new low ones are slowed, from there on normal ones, too. */
  slow_low_ratio: 0.8,
  slow_normal_ratio: 0.9,
  /** Who is slowed comes again when there may be room; never at once, never so late as to give up. */
  retry_after_min_ms: 500,
  retry_after_max_ms: 60_000,
  /** A call that is repeated because its answer was lost comes again within so long (DISP-2). */
  repeat_max_ms: 120_000,
  /** A room that reported level 5 is spared low priority for so long (LIM-2). */
  shed_low_ms: 5_000,

  /** Messages of one batch, and their bodies together: one transaction should be short (DISP-7). */
  batch_max_count: 500,
  batch_max_bytes: 1_048_576,
  batch_start_count: 300,
  /** Grows by so many after a batch that was quick, halves after one that was slow or refused. */
  batch_step_count: 100,
  batch_quick_ms: 250,
  batch_slow_ms: 1_000,
  /** To outside services: a courier sends them side by side. Doubles from one after a trouble. */
  parcels_start_count: 4,
  parcels_max_count: 32,

  /** Rooms that one shard writes to at a time; each holds a batch in flight and the next one. */
  rooms_in_flight_max_count: 8,
  /** Of these so many are kept for high, and one more for normal: low never takes all. */
  rooms_for_high_count: 1,
  /** Destinations known in memory; more stay in the buffer until there is room (LIM-4). */
  destinations_max_count: 10_000,
  /** Looks at a destination in one go for some that may leave; then others have their turn. */
  looks_max_count: 8,
  /** Queues of one destination that are held back; with more, the whole destination waits. */
  held_max_count: 1_000,
  /** An answer of a room or a courier is waited for so long; then it is asked again. */
  reply_timeout_ms: 60_000,

  /** What has waited so long counts as one priority higher (DISP-4). */
  starve_ms: 5_000,
  /** Every so manieth place goes to the lower priority that waits longest, however much is high. */
  lower_every_count: 8,

  /** After a failure it is tried again, each time twice as late. */
  retry_min_ms: 500,
  retry_max_ms: 60_000,
  /** A message that is the trouble itself is given up after so many tries (DISP-11). */
  attempts_max_count: 6,
  /** A batch that failed so often in a row is halved until the poison is alone. */
  failures_before_halving_count: 2,

  /** While anything waits an alarm is due: should this instance die, the next one goes on. */
  watch_ms: 1_000,
  /** Outcomes are gathered so long before their senders are told (DISP-5). */
  telling_ms: 1_000,
  /** Senders told in one go. */
  telling_max_count: 200,
  /** Whether a sender has a webhook is remembered so long, of so many. */
  senders_ttl_ms: 60_000,
  senders_max_count: 2_000,

  /** Final ones are kept for who asks, so long and so many; then cleared away in steps. */
  final_max_age_ms: 604_800_000,
  final_max_count: 200_000,
  prune_step_count: 1_000,
  prune_pause_ms: 600_000,

  /** Between two questions to the shards of a former layout, of so many keys each (DISP-8). */
  ask_pause_ms: 300,
  ask_max_count: 1_000,
  /** Keys known to have left their former shards. */
  cleared_max_count: 20_000,
}
