/**
 * One question to the object that counts what a person writes. Whoever asks goes on without an
 * answer (LIM-3), so it never throws and never takes long.
 */
import { limitsSettings } from '../domain/limits/settings.ts'
import type { Lease, LeaseRequest } from '../domain/limits/lease.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { rateLimiterStub } from './stubs.ts'

/** In an outage every person's every write would say the same. */
const LOG_PAUSE_MS = 10_000

let logged_at = 0

/** @returns undefined where there is no answer within a moment */
export const askLimiter = async (env: Env, request: LeaseRequest): Promise<Lease | undefined> => {
  const silence = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => silence.resolve(undefined), limitsSettings.patience_ms)
  const lease = await Promise.race([asked(env, request), silence.promise])
  clearTimeout(timer)
  if (lease === undefined) logSilence()
  return lease
}

const asked = async (env: Env, request: LeaseRequest): Promise<Lease | undefined> => {
  try {
    return await rateLimiterStub(env, request.user_id).lease(request)
  } catch {
    return undefined
  }
}

const logSilence = (): void => {
  const now = Date.now()
  if (now - logged_at < LOG_PAUSE_MS) return
  logged_at = now
  log.warn('rate_limiter_silent', { pause_ms: LOG_PAUSE_MS })
}
