/**
 * Every event that the log may tell, with the fields it tells it with (OPS-5). What it means is said
 * here and nowhere else: the list of docs/logs.md is made of it.
 */
import type { FieldName } from './fields.ts'

export type EventDefinition = {
  readonly says: string
  readonly fields: readonly FieldName[]
}

export const events = {
  // Requests.
  request: {
    says: 'A request was answered; an error where the status is 500 or above. Nothing of its query and its body. `item_id` names what it wrote, as the lines of the commits do. A healthy `/health` is not told.',
    fields: [
      'request_id',
      'method',
      'path',
      'status',
      'duration_ms',
      'user_id',
      'room_id',
      'item_id',
    ],
  },
  request_failed: {
    says: 'A mistake of ours while a request was handled; the caller was told `internal`.',
    fields: ['request_id', 'stack'],
  },
  bad_settings: {
    says: 'The variables are not fit to start with: every request is refused until they are mended.',
    fields: ['problems'],
  },
  configuration_changed: {
    says: 'An admin changed these settings (`names`), or rolled them back; from what to what is in the history.',
    fields: ['request_id', 'user_id', 'version', 'names'],
  },
  configuration_not_told: {
    says: 'So many objects did not hear of a new configuration when they were told; they ask within seconds.',
    fields: ['version', 'count'],
  },
  configuration_not_read: {
    says: 'Control did not say which configuration is in force; what was known holds, or, without a version, what the environment says.',
    fields: ['version', 'error'],
  },
  configuration_refused: {
    says: 'An object cannot read the configuration that is in force, as another version of the code may have checked it; the last good one holds.',
    fields: ['version', 'message'],
  },
  configuration_ignored: {
    says: 'Some of what operators have set is not allowed here (any more), and has no effect.',
    fields: ['version', 'problems'],
  },
  report_broke_off: {
    says: 'A report ended before its last line: the reader was removed (a warning, with the code), or something failed (an error).',
    fields: ['request_id', 'room_id', 'code', 'stack'],
  },
  dispatch_changed: {
    says: 'An admin changed the number of shards of the buffer.',
    fields: ['request_id', 'user_id', 'shards'],
  },
  tier_changed: {
    says: 'An admin (`by`) moved a person to another tier of the rate limits.',
    fields: ['by', 'user_id', 'from', 'to'],
  },
  webhook_changed: {
    says: 'A person set, or took back (no host), the webhook of their one-way messages.',
    fields: ['request_id', 'user_id', 'host'],
  },

  // Commits: at most one line a call, and one in two seconds for each room and lane where all is well.
  committed: {
    says: 'A room committed: so many calls with so many items, with the revisions that came of them. One call alone is named with its items (the first 20).',
    fields: [
      ...['room_id', 'lane', 'calls', 'count', 'refused'],
      ...['first_revision', 'last_revision', 'max_ms', 'call_id', 'items'],
    ],
  },
  commit_slow: {
    says: 'A commit call took longer than DB_SLOW_MS, the wait for a connection included.',
    fields: [
      ...['room_id', 'lane', 'count', 'refused', 'first_revision', 'last_revision'],
      ...['ms', 'call_id', 'items'],
    ],
  },
  commit_failed: {
    says: 'A commit call was not answered: nothing was sent (`database_busy`, `unavailable`), or what came of it is not known yet (`unknown`). It is sent again with the same items.',
    fields: ['room_id', 'lane', 'count', 'code', 'ms', 'call_id', 'items'],
  },

  // The database.
  slow_statement: {
    says: 'A statement took longer than DB_SLOW_MS. That of a commit has the `call_id` by which its room names the call.',
    fields: ['statement', 'database', 'ms', 'call_id'],
  },
  statement_lost: {
    says: 'A statement was sent and its answer did not come: it may have been done. What writes is sent again with the same ids.',
    fields: ['statement', 'call_id', 'message'],
  },
  statement_refused: {
    says: 'Postgres refused a statement: a mistake of ours, or a migration that is missing.',
    fields: ['statement', 'call_id', 'sqlstate', 'message'],
  },
  gateway_reset: {
    says: 'A gateway of the database did not answer a call: it was made anew, or had too much to do.',
    fields: ['operation', 'room_id', 'call_id', 'key'],
  },
  replica_rests: {
    says: 'The replica failed; the primary answers all for a while.',
    fields: ['why', 'rest_ms'],
  },
  degraded: {
    says: 'A gateway leaves out more, or less, than before, so that messages go on (LIM-2).',
    fields: ['degradation', 'before'],
  },

  // Rooms and what is told of them.
  inbox_not_told: {
    says: 'An inbox did not hear of news; it reads them with its next question, or the page finds them in the list.',
    fields: ['room_id', 'shard', 'notice_id', 'sender_id'],
  },
  room_not_watched: {
    says: 'A shard of the inbox could not tell a room that it wants to hear of it; it tries again.',
    fields: ['room_id', 'shard'],
  },
  rate_limiter_silent: {
    says: 'A counter of the rate limits did not answer, and writes go on within what this isolate knows of the limit. Told once in a while.',
    fields: ['pause_ms'],
  },
  rate_limiter_not_told: {
    says: "A person's new tier was not heard by their counter; it finds out within a minute.",
    fields: ['user_id'],
  },
  record_rewritten: {
    says: 'The record of a room is not what it was when a checkpoint of it was taken (API-9).',
    fields: ['room_id', 'known_revision'],
  },
  checkpoints_not_read: {
    says: 'A room did not give out its checkpoints, so its record was not verified.',
    fields: ['room_id'],
  },
  checkpoint_not_taken: {
    says: 'A verified room could not take a checkpoint; the next verification does.',
    fields: ['room_id'],
  },

  // The buffer of one-way messages.
  dispatch_reset: {
    says: 'A shard of the buffer did not answer a call; handing over is repeated with the same `request_id`.',
    fields: ['shard', 'request_id'],
  },
  dispatch_layout_unknown: {
    says: 'Nobody told how many shards the buffer has; one-way messages are refused until it is known.',
    fields: [],
  },
  dispatch_not_asked: {
    says: 'A shard of the buffer did not answer what another, or Control, wanted to know; it is asked again.',
    fields: ['shard'],
  },
  control_not_asked: {
    says: 'Control did not answer; what was known holds.',
    fields: ['epoch'],
  },
  batch_failed: {
    says: 'A batch of one-way messages could not be handed over; it stays in the buffer and goes again.',
    fields: ['destination', 'count', 'error'],
  },
  drain_failed: {
    says: 'A mistake of ours while a batch was made; the destination rests and is tried again.',
    fields: ['destination', 'error'],
  },
  webhook_not_told: {
    says: "The outcome of a one-way message could not be told to its sender's webhook.",
    fields: ['tracking_id', 'kind'],
  },

  // The ways out.
  carried: {
    says: 'A courier carried a batch to an outside service: how many were taken, put off, refused.',
    fields: ['service', 'delivered', 'later', 'refused'],
  },
  channel_failed: {
    says: 'A mistake of ours while something was sent to an outside service.',
    fields: ['error'],
  },
  service_denied: {
    says: 'An outside service does not accept our credentials or our settings: ours to mend.',
    fields: ['service', 'code'],
  },
  circuit_opened: {
    says: 'A service or the database failed repeatedly; nothing is tried until `trial_in_ms` have passed.',
    fields: ['service', 'openings', 'trial_in_ms'],
  },
  circuit_closed: {
    says: 'It works again, after so long.',
    fields: ['service', 'open_ms'],
  },
  pushed: {
    says: 'The pushes of a room were sent: how many were taken, put off, given up, and whose browser is gone.',
    fields: ['room_id', 'delivered', 'gone', 'later', 'given_up'],
  },
  push_refused: {
    says: 'A push service refused pushes.',
    fields: ['room_id', 'host', 'status', 'count'],
  },
  push_failed: {
    says: 'A mistake of ours while pushes were made; they are tried again.',
    fields: ['room_id', 'error'],
  },
  push_not_told: {
    says: 'A room could not tell what there is to push; it tells it again.',
    fields: ['room_id'],
  },
  push_errand_dropped: {
    says: 'Too many rooms wait for their pushes; the oldest one was dropped.',
    fields: ['room_id'],
  },
  room_not_asked: {
    says: 'A room did not say who looks at it, so pushes went to all whom they concern.',
    fields: ['room_id'],
  },
  vapid_keys_differ: {
    says: 'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not a pair: nothing is pushed.',
    fields: [],
  },

  // Files.
  files_swept: {
    says: 'Files that nobody refers to were cleared away.',
    fields: ['expired', 'removed'],
  },
  file_without_bytes: {
    says: 'A file is in the database, but not in the store.',
    fields: ['file_id'],
  },
  file_store_failed: {
    says: 'The store of the files failed.',
    fields: ['operation', 'message'],
  },

  // Alerts.
  alert_firing: {
    says: 'An alert began: which rule, how bad, and since when its figure was too high.',
    fields: ['alert_id', 'rule', 'severity', 'value', 'worst', 'threshold', 'unit', 'since'],
  },
  alert_resolved: {
    says: 'An alert is over; `worst` is the worst that was seen of it.',
    fields: ['alert_id', 'rule', 'severity', 'value', 'worst', 'threshold', 'unit', 'since'],
  },
  alert_acknowledged: {
    says: 'An admin said that somebody looks after an alert.',
    fields: ['request_id', 'user_id', 'alert_id', 'rule'],
  },
  alert_told_later: {
    says: 'The webhook of alerts was called in vain, and is called again.',
    fields: ['alert_id', 'attempts', 'error'],
  },
  alert_not_told: {
    says: 'The webhook of alerts was given up for this alert, or does not want it.',
    fields: ['alert_id', 'attempts', 'error'],
  },
  collectors_silent: {
    says: 'So many collectors did not answer; their part of the sample is missing.',
    fields: ['count'],
  },
  look_failed: {
    says: 'A look at the deployment failed; the next one comes in five seconds.',
    fields: ['error'],
  },
} as const satisfies Readonly<Record<string, EventDefinition>>

export type EventName = keyof typeof events
