/** Is this Worker alive, and can it serve (OPS-1)? */
import { askDatabase } from '../durable/ask-database.ts'
import { gatewayStubs } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { success } from '../lib/outcome.ts'
import { Health, Readiness, type PoolFigures } from '../protocol/health.ts'
import { publicEndpoint, type Endpoint } from './endpoint.ts'

const live = publicEndpoint({
  method: 'get',
  path: '/health',
  tag: 'health',
  summary: 'Is it alive?',
  description: 'Touches neither the database nor any room.',
  success: { status: 200, description: 'Alive', schema: Health },
  refuses: [],
  handle: async () => success({ status: 'ok' as const }),
})

const ready: Endpoint = {
  method: 'get',
  path: '/health/ready',
  tag: 'health',
  summary: 'Can it serve?',
  description: 'Asks the database, and tells what its connections do. 503 with reasons if not.',
  is_public: true,
  success: { status: 200, description: 'Ready', schema: Readiness },
  refuses: [],
  run: async (context) => {
    const readiness = await readReadiness(context.env)
    return context.json(readiness, readiness.status === 'ready' ? 200 : 503)
  },
}

export const healthEndpoints: readonly Endpoint[] = [live, ready]

const readReadiness = async (env: Env): Promise<Readiness> => {
  const answer = await askDatabase(env, 'health', 'ping', undefined)
  const shards = await Promise.all(
    gatewayStubs(env).map(async (stub, shard) => {
      const figures = await stub.figures().catch(() => null)
      return { shard, pool: figures?.pool ?? null }
    }),
  )
  const silent = answer.ok ? [] : [`database: ${answer.refusal.message}`]
  return {
    status: answer.ok ? 'ready' : 'not_ready',
    reasons: silent,
    database: answer.ok ? 'reachable' : 'unreachable',
    pool: { total: totalOf(shards.flatMap(({ pool }) => pool ?? [])), shards },
    circuits: [],
    buffers: [],
    degradation: { level: 0, paused: [] },
  }
}

/** Each figure added up over the shards; null before any of them was used. */
const totalOf = (pools: readonly PoolFigures[]): PoolFigures | null => {
  const [first, ...others] = pools
  if (first === undefined) return null
  const total = { ...first }
  for (const pool of others)
    for (const name of Object.keys(total) as (keyof PoolFigures)[]) total[name] += pool[name]
  return total
}
