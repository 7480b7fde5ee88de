/**
 * What `/health/ready` gathers from all objects of the deployment (OPS-1). Each part has its time:
 * one that does not answer is null, and only the database makes the whole not ready (LIM-3).
 */
import { serviceNames } from '../channels/channel.ts'
import { durabilityProblems } from '../database/ping.ts'
import { pausedAt } from '../domain/limits/degradation.ts'
import { askDatabase } from '../durable/ask-database.ts'
import type { GatewayFigures } from '../durable/database-gateway.ts'
import { dispatchLayout } from '../durable/dispatch-layout.ts'
import { courierStub, dispatchStub, gatewayStubs, pushStubs } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { inTime } from '../lib/in-time.ts'
import { failure } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import type { CircuitFigures, PoolFigures, Readiness } from '../protocol/health.ts'

/** The database may have to open a connection, or wake up. */
const databaseWaitMs = 5_000
const figuresWaitMs = 1_000

/**
 * Objects that sleep while nothing is sent are asked no more often than this, however often the
 * endpoint is: a probe every few seconds would keep them awake for nothing.
 */
const rememberedMs = 5_000

export const readReadiness = async (env: Env): Promise<Readiness> => {
  const [answer, gateways, { circuits, buffers }] = await Promise.all([
    inTime(databaseWaitMs, askDatabase(env, 'health', 'ping', undefined)),
    Promise.all(gatewayStubs(env).map((stub) => figuresOf<GatewayFigures>(() => stub.figures()))),
    remembered(env),
  ])
  const silence = refusal('unavailable', 'the database did not answer in time')
  const refused = answer ?? failure(silence)
  const known = gateways.filter((gateway) => gateway !== null)
  const reasons = refused.ok ? durabilityProblems(refused.value) : [refused.refusal.message]
  const level = Math.max(0, ...known.map((gateway) => gateway.level))
  return {
    status: reasons.length === 0 ? 'ready' : 'not_ready',
    reasons: reasons.map((reason) => `database: ${reason}`),
    database: refused.ok ? 'reachable' : 'unreachable',
    pool: {
      total: totalOf(known.flatMap(({ pool }) => pool ?? [])),
      shards: gateways.map((gateway, shard) => ({ shard, pool: gateway?.pool ?? null })),
    },
    circuits: [...known.flatMap(({ circuit }) => circuit ?? []), ...circuits],
    buffers: [...buffers],
    degradation: { level, paused: pausedAt(level) },
  }
}

type Sleepers = Pick<Readiness, 'buffers'> & { readonly circuits: readonly CircuitFigures[] }

/** Of answers alone: a request must not wait for what another one asked. */
let memory: { readonly at: number; readonly sleepers: Sleepers } | undefined

const remembered = async (env: Env): Promise<Sleepers> => {
  const now = Date.now()
  if (memory && now - memory.at < rememberedMs) return memory.sleepers
  const sleepers = await askSleepers(env)
  memory = { at: now, sleepers }
  return sleepers
}

const askSleepers = async (env: Env): Promise<Sleepers> => {
  const [couriers, pushes, buffers] = await Promise.all([
    Promise.all(serviceNames.map((name) => circuitsOf(() => courierStub(env, name).figures()))),
    Promise.all(pushStubs(env).map((stub) => circuitsOf(() => stub.figures()))),
    readBuffers(env),
  ])
  return { circuits: [...couriers, ...pushes].flat(), buffers }
}

const readBuffers = async (env: Env): Promise<Readiness['buffers']> => {
  const layout = await figuresOf(() => dispatchLayout(env))
  const shards = Array.from({ length: layout?.known_shards ?? 0 }, (_, shard) => shard)
  return Promise.all(
    shards.map(async (shard) => ({
      shard,
      figures: await figuresOf(() => dispatchStub(env, shard).figures()),
    })),
  )
}

const circuitsOf = async (ask: () => Promise<CircuitFigures[]>): Promise<CircuitFigures[]> =>
  (await figuresOf(ask)) ?? []

/** Null for an object that does not answer. */
const figuresOf = <Figures>(ask: () => PromiseLike<Figures>): Promise<Figures | null> =>
  inTime(figuresWaitMs, ask())

/** Each figure added up over the shards; null before any of them was used. */
const totalOf = (pools: readonly PoolFigures[]): PoolFigures | null => {
  const [first, ...others] = pools
  if (first === undefined) return null
  const total = { ...first }
  for (const pool of others)
    for (const name of Object.keys(total) as (keyof PoolFigures)[]) total[name] += pool[name]
  return total
}
