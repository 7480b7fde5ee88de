/** Refusals and failures on their way out: the one mapper from what went wrong to an answer. */
import type { ErrorHandler, NotFoundHandler } from 'hono'
import { problemResponse, type ProblemExtras } from '../lib/problem.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import { countRefusal } from '../telemetry/refusals.ts'
import { budgetHeaders } from './budget-headers.ts'
import type { HttpContext, HttpEnv } from './context.ts'

export const refuse = (
  context: HttpContext,
  refused: Refusal,
  extras: ProblemExtras = {},
): Response => {
  countRefusal('http', refused.code)
  return problemResponse(refused, {
    ...extras,
    headers: { ...budgetHeaders(context), ...extras.headers },
    request_id: context.get('request_id'),
  })
}

export const notFound: NotFoundHandler<HttpEnv> = (context) =>
  refuse(context, refusal('not_found', 'there is nothing at this address'))

/** A broken invariant: told to us in the log, and to the peer only that it happened (API-7). */
export const failed: ErrorHandler<HttpEnv> = (error, context) => {
  const request_id = context.get('request_id')
  log.error('request_failed', { request_id, stack: error.stack })
  return refuse(context, refusal('internal', 'something went wrong here'))
}
