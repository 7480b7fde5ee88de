/**
 * Every request has an id and leaves one line in the log: who, what, how it ended, how long it
 * took (OPS-5). Never what was said, and no token: the query is left out.
 */
import type { MiddlewareHandler } from 'hono'
import { log } from '../telemetry/log.ts'
import { headersOf } from './answer-headers.ts'
import type { HttpEnv } from './context.ts'
import { countRequest } from './request-meter.ts'

export const requestLog: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const started_at = performance.now()
  const request_id = requestId(context.req.header('x-request-id'))
  context.set('request_id', request_id)
  await next()
  const { status } = context.res
  if (status !== 101) headersOf(context).set('x-request-id', request_id)
  const elapsed_ms = performance.now() - started_at
  countRequest(context, elapsed_ms)
  const path = pathOf(context.req.url)
  // Asked every few seconds by whoever watches; only its failures are news.
  if (path === '/health' && status === 200) return
  const fields = {
    request_id,
    method: context.req.method,
    path,
    status,
    duration_ms: Math.round(elapsed_ms),
    user_id: context.get('user_id'),
    room_id: context.req.param('room_id'),
    item_id: context.get('item_id'),
  }
  if (status >= 500) log.error('request', fields)
  else log.info('request', fields)
}

/** As it was sent. The platform has parsed the address already, and doing so again is dear. */
const pathOf = (url: string): string => {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return url.slice(start).split(/[?#]/, 1)[0] ?? ''
}

/** A proxy's own id is kept where it is one. */
const requestId = (given: string | undefined): string =>
  given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID()
