/** What the ops page shows (OPS-3). */
import * as z from 'zod/mini'
import { DatabaseFigures } from './database-figures.ts'
import { Alert } from './alerts.ts'
import { Readiness } from './health.ts'
import { Timestamp, Uuid } from './scalars.ts'

/** Lines of the charts. Those of shards come once per shard. */
export const SeriesName = z.enum([
  // Per second.
  'said',
  'burst',
  'deliveries',
  'requests',
  'errors',
  'rate_limited',
  'slow_statements',
  // Milliseconds.
  'broadcast_p50',
  'broadcast_p95',
  'broadcast_p99',
  'queue_p50',
  'queue_p99',
  'commit_p50',
  'commit_p95',
  'commit_p99',
  'pool_wait_p50',
  'pool_wait_p99',
  'statement_p50',
  'statement_p99',
  'accept_p50',
  'accept_p95',
  'accept_p99',
  // As they are.
  'room_sockets',
  'inbox_sockets',
  'rooms',
  'buffer_high',
  'buffer_normal',
  'buffer_low',
  'buffer_fill',
  'buffer_oldest_s',
  'circuits_open',
  'level',
  'memory_fill',
  'alerts_firing',
  // Per gateway shard.
  'pool_in_use',
  'pool_idle',
  'pool_waiting',
  'pool_overflow',
  'pool_max',
])
export type SeriesName = z.infer<typeof SeriesName>

export const Series = z.object({
  name: SeriesName,
  /** Null where it is of the whole deployment. */
  shard: z.nullable(z.int()),
  /** One per instant; null where nothing is known or nothing was measured. */
  values: z.array(z.nullable(z.number())),
})
export type Series = z.infer<typeof Series>

export const SeriesRange = z.object({
  step_ms: z.int(),
  /** Milliseconds since the epoch, ascending. */
  at: z.array(z.int()),
  series: z.array(Series),
})
export type SeriesRange = z.infer<typeof SeriesRange>

/** The busiest rooms of the last minute, the busiest first. */
export const HotRooms = z.array(
  z.object({
    room_id: Uuid,
    messages_per_s: z.number(),
    /** How long its messages waited at most before they were sent to the database. */
    queue_max_ms: z.number(),
    sockets: z.int(),
  }),
)

export const OperationsNow = z.object({
  at: Timestamp,
  /** When the collectors last heard of anything; null: never. */
  sampled_at: z.nullable(Timestamp),
  environment: z.string(),
  configuration_version: z.int(),
  readiness: Readiness,
  database: DatabaseFigures,
  hot_rooms: HotRooms,
  alerts: z.array(Alert),
})
export type OperationsNow = z.infer<typeof OperationsNow>
