/** `/metrics`: what all objects counted, for Prometheus (OPS-1). */
import { exposition, EXPOSITION_CONTENT_TYPE } from '../domain/metrics/exposition.ts'
import { merged } from '../domain/metrics/merge.ts'
import { collectorStubs } from '../durable/stubs.ts'
import { tokenOf } from '../identity/credentials.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import type { HttpContext } from './context.ts'
import { identify, type Endpoint } from './endpoint.ts'
import { isMetricsToken } from './metrics-token.ts'
import { operating } from './operating.ts'
import { refuse } from './refuse.ts'

const run = async (context: HttpContext): Promise<Response> => {
  const allowed = await mayRead(context)
  if (!allowed.ok) return refuse(context, allowed.refusal)
  const text = await readMetrics(context)
  if (!text.ok) return refuse(context, text.refusal)
  return context.body(text.value, 200, {
    'content-type': EXPOSITION_CONTENT_TYPE,
    'cache-control': 'no-store',
  })
}

/** Whoever has the deployment's own token, or an admin. */
const mayRead = async (context: HttpContext): Promise<Outcome<null>> => {
  const token = tokenOf(context.req.raw)
  if (token.ok && (await isMetricsToken(context.env, token.value))) return success(null)
  const caller = await identify(context)
  return caller.ok ? operating(context.env, caller.value) : caller
}

/** All or nothing: without one of the collectors every counter would seem to have been set back. */
const readMetrics = async ({ env }: HttpContext): Promise<Outcome<string>> => {
  try {
    const collected = await Promise.all(collectorStubs(env).map((stub) => stub.collected()))
    return success(exposition(merged(collected.map(({ snapshot }) => snapshot))))
  } catch {
    return failure(refusal('unavailable', 'a collector does not answer', 5_000))
  }
}

const metrics: Endpoint = {
  method: 'get',
  path: '/metrics',
  tag: 'admin',
  summary: 'What is counted and measured',
  description:
    'For Prometheus, in its text format 0.0.4: counters and histograms since the deployment ' +
    'began, gauges as they were told last. What happened in the last seconds may be missing. The ' +
    'bearer token is the METRICS_TOKEN of the deployment, or that of an admin.',
  is_public: false,
  success: {
    status: 200,
    description: 'Every metric, also those that nothing was counted of',
    content: {
      'text/plain': {
        schema: { type: 'string' },
        examples: {
          example: {
            value:
              '# HELP muster_rooms Rooms with at least one socket.\n# TYPE muster_rooms gauge\nmuster_rooms 3\n',
          },
        },
      },
    },
  },
  refuses: ['forbidden', 'database_busy'],
  run,
}

export const metricsEndpoints: readonly Endpoint[] = [metrics]
