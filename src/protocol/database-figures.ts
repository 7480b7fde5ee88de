/** What the gateways tell an admin about the database (DB-3, DB-6, DB-7). */
import * as z from 'zod/mini'
import { PoolFigures } from './health.ts'

/** Since the gateway woke. */
export const StatementFigures = z.object({
  count: z.int(),
  failed: z.int(),
  /** That took longer than DB_SLOW_MS. */
  slow: z.int(),
  total_ms: z.number(),
  max_ms: z.number(),
})
export type StatementFigures = z.infer<typeof StatementFigures>

export const ReplicaFigures = z.object({
  pool: z.nullable(PoolFigures),
  /** It could not be reached a moment ago and is not asked. */
  is_resting: z.boolean(),
  answered: z.int(),
  /** It had not seen what the primary had; the primary answered. */
  behind: z.int(),
  failed: z.int(),
  /** Not asked because it rested. */
  skipped: z.int(),
})
export type ReplicaFigures = z.infer<typeof ReplicaFigures>

export const ProfileFigures = z.object({
  cached: z.int(),
  max: z.int(),
  hits: z.int(),
  misses: z.int(),
})
export type ProfileFigures = z.infer<typeof ProfileFigures>

export const DatabaseFigures = z.object({
  slow_ms: z.int(),
  shards: z.array(
    z.object({
      shard: z.int(),
      /** False for a gateway that does not answer; then the others are null. */
      answers: z.boolean(),
      /** Null before its first use. */
      primary: z.nullable(PoolFigures),
      /** Null where there is no DATABASE_READ_URL. */
      replica: z.nullable(ReplicaFigures),
      profiles: z.nullable(ProfileFigures),
    }),
  ),
  /** Of all shards together, those that took most time first. */
  statements: z.array(
    z.extend(StatementFigures, {
      statement: z.string(),
      database: z.enum(['primary', 'replica']),
      mean_ms: z.number(),
    }),
  ),
})
export type DatabaseFigures = z.infer<typeof DatabaseFigures>
