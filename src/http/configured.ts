/**
 * Every request finds the configuration that is in force (OPS-4). Only the first of an isolate
 * waits for it, and not for long.
 */
import type { MiddlewareHandler } from 'hono'
import { whenKnown } from '../durable/configuration.ts'
import type { HttpEnv } from './context.ts'

export const configured: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const waiting = whenKnown(context.env, (asking) => context.executionCtx.waitUntil(asking))
  if (waiting) await waiting
  await next()
}
