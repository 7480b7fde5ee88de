/** Schemas and examples of what operators see, for the OpenAPI document. */
import { Alert, AlertHistory, AlertList } from '../protocol/alerts.ts'
import { OperationsNow, SeriesRange } from '../protocol/operations.ts'
import { cast } from './documented-cast.ts'

const rule = {
  rule: 'pool_waits',
  severity: 'warning',
  title: 'Callers wait long for a connection to the database (99th percentile).',
  todo: 'Make the pool larger (db_pool_size, db_max_overflow) as far as the database has connections.',
  link: 'docs/operations.md#alert-pool_waits',
  unit: 'ms',
  threshold: 500,
  for_s: 30,
  clears_below: 400,
  clears_after_s: 30,
}
const firing = {
  ...rule,
  alert_id: cast.alert_id,
  state: 'firing',
  since: '2026-11-22T09:31:10.000Z',
  resolved_at: null,
  value: 812.5,
  worst: 1_240,
  acknowledged_at: null,
  acknowledged_by: null,
}
const over = {
  ...firing,
  state: 'resolved',
  resolved_at: '2026-11-22T09:40:25.000Z',
  value: 12.5,
  acknowledged_at: '2026-11-22T09:33:02.123Z',
  acknowledged_by: cast.mei,
}
const pool = {
  ...{ min: 10, max: 25, open: 25, in_use: 25, idle: 0, waiting: 7, overflow: 15, opened: 31 },
  ...{ recycled: 0, broken: 0, waits: 912, timeouts: 0, rejected: 0, peak_in_use: 25 },
}

export const operationsComponents = {
  Alert: { schema: Alert, example: firing },
  AlertHistory: { schema: AlertHistory, example: { alerts: [over] } },
  AlertList: {
    schema: AlertList,
    example: { firing: [firing], rules: [{ ...rule, state: 'firing', value: 812.5 }] },
  },
  OperationsNow: {
    schema: OperationsNow,
    example: {
      at: '2026-11-22T09:32:42.123Z',
      sampled_at: '2026-11-22T09:32:40.456Z',
      environment: 'production',
      configuration_version: 4,
      readiness: {
        status: 'ready',
        reasons: [],
        database: 'reachable',
        pool: { total: pool, shards: [{ shard: 0, pool }] },
        circuits: [],
        buffers: [],
        degradation: { level: 0, paused: [] },
      },
      database: {
        slow_ms: 500,
        shards: [{ shard: 0, answers: true, primary: pool, replica: null, profiles: null }],
        statements: [],
      },
      hot_rooms: [
        { room_id: cast.room_id, messages_per_s: 41.5, queue_max_ms: 230, sockets: 1_204 },
      ],
      alerts: [firing],
    },
  },
  SeriesRange: {
    schema: SeriesRange,
    example: {
      step_ms: 5_000,
      at: [1_795_340_000_000, 1_795_340_005_000, 1_795_340_010_000],
      series: [
        { name: 'said', shard: null, values: [41.2, null, 40.8] },
        { name: 'pool_waiting', shard: 0, values: [0, null, 7] },
      ],
    },
  },
} as const
