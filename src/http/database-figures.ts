/** The database as its gateways see it: pools, the replica, and which statements take time (DB-7). */
import { readSlowMs } from '../database/slow-settings.ts'
import { inForce } from '../durable/configuration.ts'
import type { GatewayFigures } from '../durable/database-gateway.ts'
import { gatewayStubs } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { inTime } from '../lib/in-time.ts'
import type { DatabaseFigures, StatementFigures } from '../protocol/database-figures.ts'

/** From memory; a gateway that hangs is not waited for. */
const WAIT_MS = 2_000

export const readDatabaseFigures = async (env: Env): Promise<DatabaseFigures> => {
  const gateways = await Promise.all(
    gatewayStubs(env).map((stub) => inTime<GatewayFigures>(WAIT_MS, stub.figures())),
  )
  return databaseFigures(gateways, readSlowMs(inForce(env).variables))
}

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
