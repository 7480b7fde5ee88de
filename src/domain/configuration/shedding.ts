/** The settings of what is left out under pressure, so that messages go on (LIM-2). */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { pressureSettings } from '../limits/pressure-settings.ts'
import { integer, levels, number, type Setting } from './definition.ts'

const { up, down_share, stay_ms } = pressureSettings

export const shedding = {
  shed_commit_ms: levels({
    unit: 'ms',
    min: 1,
    max: 60_000,
    default: up.commit_ms,
    help: 'How long commits take, on average, for the levels 1 to 5: from then on typing, presence, read marks, search, and messages of low priority are left out, in this order.',
  }),
  shed_pool_wait_ms: levels({
    unit: 'ms',
    min: 1,
    max: 120_000,
    default: up.pool_wait_ms,
    help: 'How long callers wait for a database connection, for the levels 1 to 5. Above the time-out of the pool it is never reached.',
  }),
  shed_pool_waiting_share: levels({
    unit: 'callers per connection',
    min: 0.1,
    // Beyond it they are turned away.
    max: 100,
    default: up.pool_waiting_share,
    help: 'Callers that wait, per connection, for the levels 1 to 5. Beyond 100 they are turned away.',
  }),
  shed_queue_age_ms: levels({
    unit: 'ms',
    min: 1,
    max: 60_000,
    default: up.queue_age_ms,
    help: 'How long the oldest message of a room has waited for its commit, for the levels 1 to 5.',
  }),
  shed_queue_share: levels({
    unit: 'ratio',
    min: 0.01,
    max: 1,
    default: up.queue_share,
    help: "Fill of a room's queue, in number or in bytes, for the levels 1 to 5.",
  }),
  shed_down_share: number({
    unit: 'ratio',
    min: 0.1,
    max: 0.95,
    default: down_share,
    help: 'A level ends only below this part of the threshold that began it. Nearer to 1 it ends earlier, and may flap.',
  }),
  shed_stay_ms: integer({
    unit: 'ms',
    min: 100,
    max: 60_000,
    default: stay_ms,
    help: 'How long it has to stay calm before one level is taken back.',
  }),
} as const satisfies Readonly<Record<SettingNameOf<'shedding'>, Setting>>
