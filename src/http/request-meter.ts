/** Counts requests by their endpoint, never by the address that was asked for (OPS-1). */
import { count, observe } from '../telemetry/meter.ts'
import { Reporter } from '../telemetry/reporter.ts'
import type { HttpContext } from './context.ts'

/** @param elapsed_ms as far as the platform's clock moves: with what the request waited for */
export const countRequest = (context: HttpContext, elapsed_ms: number): void => {
  const method = methods.has(context.req.method) ? context.req.method : 'other'
  const route = context.get('route') ?? 'other'
  const { status } = context.res
  count('muster_http_requests_total', { method, route, status: `${Math.floor(status / 100)}xx` })
  if (status !== 101)
    observe('muster_http_request_duration_seconds', elapsed_ms / 1_000, { method, route })
  if (route === ONE_WAY && status === 202)
    observe('muster_accept_duration_seconds', elapsed_ms / 1_000)
  // Who watches keeps nothing awake.
  if (!watching.has(route)) new Reporter(context.env, context.executionCtx).due()
}

const ONE_WAY = '/api/messages/one-way'

const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
])

const watching: ReadonlySet<string> = new Set(['/health', '/health/ready', '/metrics'])
