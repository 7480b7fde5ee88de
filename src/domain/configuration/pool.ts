/** The settings of the database pool (DB-2, DB-7): of the whole deployment, not of one gateway. */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { integer, number, type Setting } from './definition.ts'

export const pool = {
  db_pool_size: integer({
    unit: 'connections',
    min: 1,
    max: 500,
    default: 20,
    help: 'Database connections that are opened at first use and stay open, over all gateways. Raise it where callers wait for a connection and the database has room; not below the number of gateways.',
  }),
  db_max_overflow: integer({
    unit: 'connections',
    min: 0,
    max: 500,
    default: 30,
    help: 'Connections that may open on top of the pool under load and close afterwards. With the pool together never more than the database takes.',
  }),
  db_pool_timeout: number({
    unit: 's',
    min: 0.1,
    max: 120,
    default: 10,
    help: 'How long a caller waits for a connection before it hears that the database is busy. Lower it where a quick refusal is better than a late answer.',
  }),
  db_pool_recycle: integer({
    unit: 's',
    min: 10,
    max: 86_400,
    default: 1_800,
    help: 'The age at which a connection is replaced by a new one. Lower it where something between Muster and the database ends old connections.',
  }),
  db_slow_ms: integer({
    unit: 'ms',
    min: 1,
    max: 60_000,
    // People notice half a second.
    default: 500,
    help: 'A statement that takes longer is counted as slow and logged by its name. Lower it to find what makes the database work.',
  }),
} as const satisfies Readonly<Record<SettingNameOf<'pool'>, Setting>>
