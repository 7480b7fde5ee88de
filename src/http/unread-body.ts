/** Who is refused before their body was read hears why, also over HTTP/1.1 (API-7). */
import type { MiddlewareHandler } from 'hono'
import { DISCARDED_SILENCE_MAX_MS } from '../files/limits.ts'
import { discardBody } from './body-chunks.ts'
import type { HttpEnv } from './context.ts'

export const unreadBody: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next()
  const { body, bodyUsed } = context.req.raw
  if (body !== null && !bodyUsed && !body.locked) await discardBody(body, DISCARDED_SILENCE_MAX_MS)
}
