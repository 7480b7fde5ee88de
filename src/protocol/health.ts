/** What the health checks say (OPS-1). */
import * as z from 'zod/mini'
import { DegradationLevel, Sheddable } from './degradation.ts'
import { Timestamp } from './scalars.ts'

export const Health = z.object({ status: z.literal('ok') })

/** Connections of one gateway shard, or of all of them together. */
export const PoolFigures = z.object({
  min: z.int(),
  max: z.int(),
  open: z.int(),
  in_use: z.int(),
  idle: z.int(),
  waiting: z.int(),
  /** Open beyond `min`. */
  overflow: z.int(),
  /** The others count since the gateway woke. */
  opened: z.int(),
  recycled: z.int(),
  broken: z.int(),
  waits: z.int(),
  timeouts: z.int(),
  rejected: z.int(),
  peak_in_use: z.int(),
})
export type PoolFigures = z.infer<typeof PoolFigures>

/** A circuit breaker: of the database as one gateway sees it, or of an outside service (DISP-10). */
export const CircuitFigures = z.object({
  /** `database-0`, `email`, `whatsapp`, `webhook:host`, `push:host`. */
  service: z.string(),
  /** open: nothing is sent. half_open: a trial is on its way. */
  state: z.enum(['closed', 'open', 'half_open']),
  /** Since when it is in this state; null: since ever. */
  since: z.nullable(Timestamp),
  /** When it will try again; null where it is closed. */
  next_trial_at: z.nullable(Timestamp),
  /** Since the object woke, as `sent`. */
  failed: z.int(),
  sent: z.int(),
})
export type CircuitFigures = z.infer<typeof CircuitFigures>

/** One shard of the burst lane's buffer (DISP-3). */
export const BufferFigures = z.object({
  shard: z.int(),
  count: z.int(),
  bytes: z.int(),
  max_count: z.int(),
  max_bytes: z.int(),
  /** The larger share of the two, 0 … 1. */
  fill: z.number(),
  /** How many wait, and how long the oldest has. */
  waiting: z.object({ high: z.int(), normal: z.int(), low: z.int() }),
  oldest_ms: z.object({ high: z.int(), normal: z.int(), low: z.int() }),
  /** Since the object woke. */
  accepted: z.int(),
  slowed: z.int(),
  refused: z.int(),
  committed: z.int(),
  delivered: z.int(),
  rejected: z.int(),
  dead: z.int(),
})
export type BufferFigures = z.infer<typeof BufferFigures>

export const Readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  /** Why not; empty when ready. */
  reasons: z.array(z.string()),
  database: z.enum(['reachable', 'unreachable']),
  pool: z.object({
    total: z.nullable(PoolFigures),
    /** `pool` is null for a gateway that was not used yet, or does not answer. */
    shards: z.array(z.object({ shard: z.int(), pool: z.nullable(PoolFigures) })),
  }),
  circuits: z.array(CircuitFigures),
  /** `figures` is null for a shard that does not answer. */
  buffers: z.array(z.object({ shard: z.int(), figures: z.nullable(BufferFigures) })),
  /** Of the whole deployment: the worst of its gateways. Rooms may be worse by themselves. */
  degradation: z.object({ level: DegradationLevel, paused: z.array(Sheddable) }),
})
export type Readiness = z.infer<typeof Readiness>
