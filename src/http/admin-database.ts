/** The database as its gateways see it: pools, the replica, and which statements take time (DB-7). */
import { readSlowMs } from '../database/slow-settings.ts'
import type { GatewayFigures } from '../durable/database-gateway.ts'
import { gatewayStubs } from '../durable/stubs.ts'
import { success } from '../lib/outcome.ts'
import { DatabaseFigures, type StatementFigures } from '../protocol/database-figures.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'

const figures = endpoint({
  method: 'get',
  path: '/api/admin/database',
  tag: 'admin',
  summary: 'What the connections and the statements do',
  description:
    'Per gateway the pool of the primary and of the read replica; per statement how often it ' +
    'ran, failed and was slow, those that took most time first. Admins only.',
  success: { status: 200, description: 'Since the gateways woke', schema: DatabaseFigures },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const gateways = await Promise.all(
      gatewayStubs(env).map(async (stub) => stub.figures().catch(() => null)),
    )
    return success(databaseFigures(gateways, readSlowMs(env)))
  },
})

export const adminDatabaseEndpoints: readonly Endpoint[] = [figures]

/** @param gateways by shard; null for one that does not answer */
const databaseFigures = (
  gateways: readonly (GatewayFigures | null)[],
  slow_ms: number,
): DatabaseFigures => {
  const shards = gateways.map((gateway, shard) => ({
    shard,
    answers: gateway !== null,
    primary: gateway?.pool ?? null,
    replica: gateway?.replica ?? null,
    profiles: gateway?.profiles ?? null,
  }))
  const known = gateways.filter((gateway) => gateway !== null)
  const primary = addedUp(known.map(({ statements }) => statements))
  const replica = addedUp(known.map(({ replica_statements }) => replica_statements))
  const statements = [
    ...primary.map((figure) => ({ ...figure, database: 'primary' as const })),
    ...replica.map((figure) => ({ ...figure, database: 'replica' as const })),
  ]
  return {
    slow_ms,
    shards,
    statements: statements.toSorted((one, other) => other.total_ms - one.total_ms),
  }
}

type NamedFigures = StatementFigures & { readonly statement: string; readonly mean_ms: number }

const addedUp = (shards: readonly Record<string, StatementFigures>[]): NamedFigures[] => {
  const byName = Map.groupBy(
    shards.flatMap((shard) => Object.entries(shard)),
    ([name]) => name,
  )
  return [...byName].map(([statement, entries]) => {
    const sum = (figure: 'count' | 'failed' | 'slow' | 'total_ms') =>
      entries.reduce((total, [, figures_]) => total + figures_[figure], 0)
    const [count, total_ms] = [sum('count'), sum('total_ms')]
    return {
      statement,
      count,
      failed: sum('failed'),
      slow: sum('slow'),
      total_ms: rounded(total_ms),
      mean_ms: rounded(total_ms / count),
      max_ms: rounded(Math.max(...entries.map(([, { max_ms }]) => max_ms))),
    }
  })
}

/** To a tenth of a millisecond. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10
