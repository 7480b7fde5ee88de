/** Every limit and time of an inbox shard, with its reason. The unit is the last word. */
import {
  AUTH_WARNING_MS,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
} from '../../protocol/limits.ts'

export type InboxSettings = typeof defaultInboxSettings

export const defaultInboxSettings = {
  /** Of the 32,768 that the platform allows; more people need more shards. */
  sockets_max_count: 10_000,
  /** Tabs and devices of one person. */
  sockets_per_person_max_count: 50,
  /** Memberships of connected people in memory, some 200 bytes each: well below 128 MB. */
  parts_max_count: 200_000,
  /** People greeted by one read: a crowd that reconnects does not make one answer too large. */
  greeting_batch_max_count: 200,
  /** Memberships read again by one read. */
  refresh_batch_max_count: 5_000,
  /** Mentions of one person in one room that wait for such a read; the counts have all. */
  waiting_mentions_max_count: 20,
  /** After a call or a read that failed. */
  retry_ms: 1_000,
  /** So soon the alarm wakes a shard that died while it owed somebody an answer. */
  owed_wake_ms: 2_000,
  /** Read marks are written at most this often, and so many at once. */
  read_pause_ms: 200,
  read_batch_max_count: 500,
  heartbeat_interval_ms: HEARTBEAT_INTERVAL_MS,
  heartbeat_timeout_ms: HEARTBEAT_TIMEOUT_MS,
  /** Told so long before the token ends (CONN-8). */
  auth_warning_ms: AUTH_WARNING_MS,
  /** Sent to a socket since it last answered; beyond that it does not keep up (CONN-10). */
  unanswered_max_bytes: 4_194_304,
  /** Unreadable frames in a row after which a socket is closed (CONN-11). */
  bad_frames_max_count: 20,
}
