/** How the deployment does, now and over time (OPS-3). Admins only. */
import * as z from 'zod/mini'
import { inForce } from '../durable/configuration.ts'
import { askCollectors } from '../durable/ask-collectors.ts'
import { operationsStub } from '../durable/stubs.ts'
import { hottest } from '../domain/metrics/hot-rooms.ts'
import { success } from '../lib/outcome.ts'
import type { AlertList } from '../protocol/alerts.ts'
import { OperationsNow, SeriesRange } from '../protocol/operations.ts'
import { fromOperations } from './ask-operations.ts'
import { readDatabaseFigures } from './database-figures.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'
import { integer } from './query-values.ts'
import { readReadiness } from './readiness.ts'

const tag = 'admin'

const DAY_S = 86_400

const now = endpoint({
  method: 'get',
  path: '/api/admin/operations',
  tag,
  summary: 'How everything does now',
  description:
    'Whether it can serve, what the database, circuits and buffers do, the busiest rooms of the ' +
    'last minute, and the alerts that fire. Admins only.',
  success: { status: 200, description: 'As it is now', schema: OperationsNow },
  refuses: ['forbidden', 'database_busy'],
  handle: async ({ env, caller }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const [readiness, database, collected, alerts] = await Promise.all([
      readReadiness(env),
      readDatabaseFigures(env),
      askCollectors(env),
      fromOperations(async () => (await operationsStub(env).alerts()) as AlertList),
    ])
    if (!alerts.ok) return alerts
    const heard = collected.flatMap((one) => one?.heard_at ?? [])
    return success({
      at: new Date().toISOString(),
      sampled_at: heard.length === 0 ? null : new Date(Math.max(...heard)).toISOString(),
      environment: env.ENVIRONMENT ?? 'production',
      configuration_version: inForce(env).version,
      readiness,
      database,
      hot_rooms: hottest(collected.flatMap((one) => one?.hot_rooms ?? [])),
      alerts: alerts.value.firing,
    })
  },
})

export const SeriesQuery = z.object({
  range_s: z
    ._default(integer(60, DAY_S), 900)
    .check(z.meta({ examples: [3_600] }))
    .check(z.describe('How many seconds, from `until` back; a day at most.')),
  until: z
    .optional(integer(0, 8_640_000_000_000_000))
    .check(z.meta({ examples: [1_795_340_000_000] }))
    .check(z.describe('Milliseconds since the epoch. Left out: now.')),
})

const series = endpoint({
  method: 'get',
  path: '/api/admin/series',
  tag,
  summary: 'The lines of the charts',
  description:
    'At most 360 instants: every five seconds for the last hour, every minute for the last day, ' +
    'or less often where the range is long. Rates are per second, times in milliseconds. ' +
    'Null where nothing is known, or nothing was measured. Admins only.',
  query: SeriesQuery,
  success: { status: 200, description: 'All lines over one axis', schema: SeriesRange },
  refuses: ['bad_request', 'forbidden', 'database_busy'],
  handle: async ({ env, caller, query: { range_s, until } }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const range = { range_ms: range_s * 1_000, until }
    return fromOperations(async () => (await operationsStub(env).series(range)) as SeriesRange)
  },
})

export const adminOperationsEndpoints: readonly Endpoint[] = [now, series]
