/** The thresholds of the alerts (OPS-2). What each rule says is in `domain/alerts`. */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { integer, number, type Setting } from './definition.ts'

const milliseconds = (or: number, help: string) =>
  integer({ unit: 'ms', min: 1, max: 120_000, default: or, help })

const fill = (help: string) => number({ unit: 'ratio', min: 0.05, max: 1, default: 0.8, help })

export const alerts = {
  alert_error_ratio: number({
    unit: 'ratio',
    min: 0.0001,
    max: 1,
    default: 0.02,
    help: 'Part of all requests that fail on our side from which on the alert error_rate begins.',
  }),
  alert_commit_p99_ms: milliseconds(
    1_000,
    'Commit latency at the 99th percentile from which on the alert commit_slow begins.',
  ),
  alert_pool_wait_p99_ms: milliseconds(
    500,
    'Wait for a database connection at the 99th percentile from which on the alert pool_waits begins.',
  ),
  alert_room_queue_p99_ms: milliseconds(
    1_000,
    "Wait in a room's queue at the 99th percentile from which on the alert room_queue begins.",
  ),
  alert_buffer_fill: fill('Fill of a buffer of one-way messages for the alert buffer_fill.'),
  alert_queue_age_s: integer({
    unit: 's',
    min: 1,
    max: 86_400,
    default: 60,
    help: 'How long the oldest one-way message has waited, for the alert queue_age.',
  }),
  alert_memory_fill: fill(
    'Fill of the fullest queue or cache in memory for the alert memory_fill.',
  ),
  alert_slow_statements_per_s: number({
    unit: 'per s',
    min: 0.001,
    max: 10_000,
    default: 1,
    help: 'Statements slower than db_slow_ms in a second, for the alert slow_statements.',
  }),
  alert_level: integer({
    unit: 'level',
    min: 1,
    max: 5,
    default: 2,
    help: 'Level of degradation, 1 to 5, from which on the alert degraded begins.',
  }),
  alert_for_s: integer({
    unit: 's',
    min: 0,
    max: 3_600,
    default: 30,
    help: 'How long a threshold has to be passed before an alert begins. Longer is quieter, and later.',
  }),
  alert_clear_share: number({
    unit: 'ratio',
    min: 0.1,
    max: 0.99,
    default: 0.8,
    help: 'An alert ends only below this part of the threshold that began it, so that it does not flap.',
  }),
} as const satisfies Readonly<Record<SettingNameOf<'alerts'>, Setting>>
