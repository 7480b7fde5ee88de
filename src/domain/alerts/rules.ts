/**
 * The rules (OPS-2). Each name is the anchor of a paragraph of the runbook in docs/operations.md,
 * and texts of the page are found by it.
 */
import type { CountName, DurationName, GaugeName } from '../watch/sample.ts'
import { percentileOf, rateOf } from '../watch/series.ts'
import type { Rule, View } from './rule.ts'

/** With fewer answers in a minute, one that fails says nothing of the share that does. */
const ANSWERS_MIN_COUNT = 20

/** A single event is in sight for a minute; what lasts longer is more than one. */
const WINDOW_S = 60

export const rules: readonly Rule[] = [
  {
    name: 'error_rate',
    severity: 'critical',
    title: 'Too many requests and messages fail through our fault.',
    todo:
      'See on the ops page which part suffers: the database, its connections, or a room; then ' +
      'follow the alert of that part. Undo the last deploy or change of configuration if it began with it.',
    unit: 'ratio',
    threshold: ({ error_ratio }) => error_ratio,
    signal: ({ minute: { counts } }) => {
      const { requests = 0, said = 0, failed_requests = 0, failed_frames = 0 } = counts
      const answers = Math.max(ANSWERS_MIN_COUNT, requests + said + failed_frames)
      return (failed_requests + failed_frames) / answers
    },
  },
  {
    name: 'commit_slow',
    severity: 'warning',
    title: 'Messages take long to be committed (99th percentile).',
    todo:
      'Compare it with the wait for a connection: where that is high, too, make the pool larger; ' +
      'where it is not, the database is slow: look at its load and at the slowest statements.',
    unit: 'ms',
    threshold: ({ commit_p99_ms }) => commit_p99_ms,
    signal: p99('commit'),
  },
  {
    name: 'pool_waits',
    severity: 'warning',
    title: 'Callers wait long for a connection to the database (99th percentile).',
    todo:
      'Make the pool larger (db_pool_size, db_max_overflow) as far as the database has connections; ' +
      'where statements are slow, mend that first.',
    unit: 'ms',
    threshold: ({ pool_wait_p99_ms }) => pool_wait_p99_ms,
    signal: p99('pool_wait'),
  },
  {
    name: 'callers_turned_away',
    severity: 'critical',
    title: 'Callers get no connection in time and are refused.',
    todo:
      'Make the pool larger, or find what holds its connections: slow statements, or a database ' +
      'that does not keep up.',
    unit: 'per_min',
    threshold: () => 1,
    signal: perMinute('turned_away'),
  },
  {
    name: 'buffer_fill',
    severity: 'critical',
    title: 'The buffer of one-way messages is nearly full; soon new ones are refused.',
    todo:
      'See whether the database or an outside service keeps it from draining; otherwise give it ' +
      'more room (dispatch_buffer_max_count, dispatch_buffer_max_bytes) or more shards.',
    unit: 'ratio',
    threshold: ({ buffer_fill }) => buffer_fill,
    signal: gauge('buffer_fill'),
  },
  {
    name: 'queue_age',
    severity: 'warning',
    title: 'One-way messages wait long in the buffer.',
    todo:
      'Look at circuits and commits: what do they wait for? Where neither is at fault, use larger ' +
      'batches (burst_batch_max_count, dispatch_batch_max_count) or more shards.',
    unit: 's',
    threshold: ({ queue_age_s }) => queue_age_s,
    signal: gauge('buffer_oldest_s'),
  },
  {
    name: 'room_queue',
    severity: 'warning',
    title:
      'Messages wait long in their room before they are sent to the database (99th percentile).',
    todo:
      'Look at the hot rooms: one that is far busier than the rest wants commit_mode group and ' +
      'larger batches (commit_batch_max_count); if all of them wait, so does the database.',
    unit: 'ms',
    threshold: ({ room_queue_p99_ms }) => room_queue_p99_ms,
    signal: p99('queue'),
  },
  {
    name: 'open_circuit',
    severity: 'warning',
    title: 'An outside service does not work and is left alone; messages to it wait.',
    todo:
      'See which circuit is open on the ops page, and whether that service is away or refuses our ' +
      'account. It is tried again by itself.',
    unit: 'circuits',
    threshold: () => 1,
    signal: gauge('circuits_open'),
  },
  {
    name: 'database_away',
    severity: 'critical',
    title: 'Gateways cannot reach the database; nothing can be said or read.',
    todo:
      'See whether Postgres runs, takes connections and lets us in. Rooms keep what was said and ' +
      'go on by themselves when it is back.',
    unit: 'gateways',
    threshold: () => 1,
    signal: gauge('databases_away'),
  },
  {
    name: 'memory_fill',
    severity: 'warning',
    title: 'A queue or cache of an object is nearly full.',
    todo:
      'See which part it is on the ops page; what fills it is either too slow a database or too ' +
      'small a limit (pending_max_bytes, recent_max_bytes, lag_max_bytes).',
    unit: 'ratio',
    threshold: ({ memory_fill }) => memory_fill,
    signal: gauge('memory_fill'),
  },
  {
    name: 'degraded',
    severity: 'warning',
    title: 'Muster leaves things out under pressure, so that messages go on.',
    todo:
      'Find the pressure: commits, waits for connections, or the buffer; it ends by itself when ' +
      'that does. Raise the shed_* levels only where the database has room.',
    unit: 'level',
    threshold: ({ level }) => level,
    signal: gauge('level'),
  },
  {
    name: 'slow_statements',
    severity: 'warning',
    title: 'Many statements are slower than db_slow_ms.',
    todo:
      'See on the ops page which ones, and whether all became slower (the load of the database) or ' +
      'one (its plan, a lock).',
    unit: 'per_s',
    threshold: ({ slow_statements_per_s }) => slow_statements_per_s,
    signal: ({ minute }) => rateOf(minute, 'slow_statements'),
  },
  {
    name: 'reporters_lost',
    severity: 'warning',
    title: 'Isolates keep going silent in the middle of their work.',
    todo:
      'A deploy ends all of them once; if it goes on, look in the logs for objects that end ' +
      '(memory, exceptions). Some seconds of their counts are missing.',
    unit: 'per_min',
    threshold: () => 1,
    for_s: ({ for_s }) => for_s + WINDOW_S,
    signal: perMinute('reporters_lost'),
  },
]

function p99(name: DurationName) {
  return ({ minute }: View) => percentileOf(minute, name, 0.99)
}

/** As it is now. */
function gauge(name: GaugeName) {
  return ({ latest }: View) => latest.gauges[name] ?? null
}

function perMinute(name: CountName) {
  return ({ minute }: View): number => minute.counts[name] ?? 0
}
