/** What the health checks say (OPS-1). */
import * as z from 'zod/mini'

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
})
export type Readiness = z.infer<typeof Readiness>
