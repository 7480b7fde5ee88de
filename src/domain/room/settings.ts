/** Every limit, queue and time of a room, with its reason. The unit is the last word. */
import {
  AUTH_WARNING_MS,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
  READ_MARKS_MAX_COUNT,
  TYPING_TTL_MS,
} from '../../protocol/limits.ts'
import { pressureSettings } from '../limits/pressure-settings.ts'

export type RoomSettings = typeof defaultRoomSettings

export const defaultRoomSettings = {
  /** One transaction for what waits together; off: each message commits by itself (SEQ-2). */
  commit_in_group: false,
  /** Items of one commit call. Beyond about 100 the call only grows longer, not faster. */
  commit_batch_max_count: 100,
  /** Text of one commit call, so that 100 long messages do not make a call of 5 MB. */
  commit_batch_max_bytes: 1_048_576,
  /** A call waits so long for the others of the call before, unless this share is there. */
  gather_ms: 2,
  gather_share: 0.75,
  /** A burst of 200 senders × 50 fits; beyond it senders are told to come back. */
  pending_max_count: 20_000,
  pending_max_bytes: 16_777_216,
  /**
   * A lease lasts about so long at the pace at which its person writes: a call or two a second,
   * however fast. The least is a few sentences, the most a fraction of the smallest limit.
   */
  lease_aim_ms: 1_000,
  lease_min_count: 4,
  lease_max_count: 250,
  /** Where the limiter had nothing to give it is not asked again before. */
  lease_pause_ms: 1_000,
  /** Who has not written for so long is forgotten. */
  budget_ttl_ms: 60_000,
  /** Messages of one call of the burst lane: one transaction, one round trip (DISP-7). */
  burst_batch_max_count: 500,
  /** Text and lexemes of one such call. */
  burst_batch_max_bytes: 1_048_576,
  /** Requests of the burst lane that wait: some from every shard of the buffer. */
  burst_pending_max_count: 32,
  burst_pending_max_bytes: 8_388_608,
  /** When to come again where too many wait: about as long as some of their calls take. */
  burst_pause_ms: 250,
  /** Display names in the record are read again when a mention finds them older (DB-6). */
  names_ttl_ms: 60_000,
  /** So long after it was said its sender may edit a message (MSG-7). */
  edit_window_ms: 900_000,
  /** How long a message waits for a database that is away before its sender is told. */
  commit_wait_max_ms: 5_000,
  commit_retry_min_ms: 100,
  commit_retry_max_ms: 2_000,
  /** A call that is not answered for so long: the sockets are told that the database is away. */
  away_after_ms: 1_000,
  /** … of the burst lane, which carries much and takes its time on a busy database. */
  burst_away_after_ms: 4_000,
  /** While a call is under way the room looks so often how long it has been. */
  look_again_ms: 500,
  /** From when on something is left out, and until when (LIM-2). */
  pressure: pressureSettings,
  /** What the gateway said of its pressure holds so long; then only the room's own counts. */
  gateway_level_ttl_ms: 5_000,
  /** The widest gap that a resume fills; beyond it a snapshot is cheaper for both (CONN-5). */
  resume_max_changes: 1_000,
  /** Encoded changes kept in memory, so that a reconnecting crowd does not read the database. */
  recent_max_count: 1_000,
  recent_max_bytes: 2_097_152,
  /** Messages of a snapshot: two screens. */
  snapshot_message_count: 50,
  /** Changes held back for one socket that is joining; beyond it a snapshot is read (anew). */
  held_max_count: 2_000,
  /** A new socket that names no revision in its URL may do so in its first frame until then. */
  greeting_ms: 1_000,
  /** A reload or a lost tunnel is back within this; then nobody sees a flicker (PRES-1). */
  presence_grace_ms: 5_000,
  /** Above this many people online the room tells the count, not each coming and going. */
  presence_detail_max_count: 200,
  presence_digest_ms: 1_000,
  typing_ttl_ms: TYPING_TTL_MS,
  /** The list of typists is told at most this often. */
  typing_pause_ms: 500,
  heartbeat_interval_ms: HEARTBEAT_INTERVAL_MS,
  heartbeat_timeout_ms: HEARTBEAT_TIMEOUT_MS,
  /** Told so long before the token ends (CONN-8). */
  auth_warning_ms: AUTH_WARNING_MS,
  /** Unanswered text after which a socket is asked whether it keeps up (CONN-10). */
  lag_probe_bytes: 262_144,
  /** … gets no typing, presence and read marks any more … */
  lag_shed_bytes: 1_048_576,
  /** … and is closed. With 5,000 sockets this bounds what one slow client can hold. */
  lag_max_bytes: 8_388_608,
  /** A probe younger than this is not held against the socket. */
  lag_probe_grace_ms: 2_000,
  /** The inbox hears of a burst so often, and of what came in it; beyond that it reads itself. */
  activity_window_ms: 1_000,
  activity_max_count: 2_000,
  /** People mentioned in it, so that five calls to the largest crowd are still told. */
  activity_mentions_max_count: 10_000,
  /** Comings and goings kept in storage until they are told; beyond that a shard has to read. */
  activity_members_max_count: 200,
  /** A shard that does not answer is told again so often, a window apart; then it has to read. */
  activity_attempts_max_count: 5,
  /** Over so many objects the people's inboxes are spread (INBOX_SHARDS). */
  inbox_shards_count: 8,
  /** Read marks are written at most this often, and so many in one call. */
  read_pause_ms: 1_000,
  read_batch_max_count: 500,
  /** They could not be written, or the gateway puts them off. */
  read_retry_ms: 5_000,
  /** Those that wait under pressure are in storage, too: well below the 2 MiB of one value. */
  kept_marks_max_count: 4_000,
  /** The others hear how far people have read at most this often, and not in a larger crowd. */
  read_telling_pause_ms: 1_000,
  read_telling_people_max_count: READ_MARKS_MAX_COUNT,
  /** Whether there are pushes: without VAPID keys there are none (WEB-5). */
  has_push: false,
  /**
   * Pushes hear of a burst so often, and of mentions in one. Shorter than the ten quiet seconds
   * after which a room's memory may be lost.
   */
  push_window_ms: 8_000,
  push_mention_pause_ms: 1_000,
  /** So long a room believes that nobody wants more; whoever asks for more tells it earlier. */
  push_interest_ms: 60_000,
  /** The pushes did not answer: told again so often, then with what is said next. */
  push_attempts_max_count: 3,
  /** Unreadable frames in a row after which a socket is closed (CONN-11). */
  bad_frames_max_count: 20,
}
