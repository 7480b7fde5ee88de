/**
 * One question to the object that counts what a person writes. Whoever asks always gets an answer
 * within a moment: where that object is silent this isolate goes on within the same limit by what it
 * knows (LIM-3).
 */
import { LocalBudgets } from '../domain/limits/local-budgets.ts'
import { limitsSettings } from '../domain/limits/settings.ts'
import type { Lease, LeaseRequest } from '../domain/limits/lease.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { readRateLimits, type RateLimits } from './rate-limit-settings.ts'
import { SettingsInForce } from './settings-in-force.ts'
import { rateLimiterStub } from './stubs.ts'

/** In an outage every person's every write would say the same. */
const LOG_PAUSE_MS = 10_000

const budgets = new LocalBudgets()
let limits: SettingsInForce<RateLimits> | undefined
let logged_at = 0

/** Never throws. */
export const askLimiter = async (env: Env, request: LeaseRequest): Promise<Lease> => {
  const { user_id } = request
  const { window_ms, limits: byTier } = limitsInForce(env)
  const silence = budgets.silence(user_id, Date.now())
  if (silence === 'over') {
    const lease = await inTime(ask(env, request))
    if (lease) return lease
    budgets.fellSilent(user_id, { now: Date.now(), window_ms })
    logSilence()
  } else if (silence === 'to_be_tried') void ask(env, { user_id, needed: 0, spare: 0 })
  // Of whom nothing was ever heard the most that anybody may.
  const unheard = Math.max(...Object.values(byTier))
  return budgets.grant(request, { now: Date.now(), window_ms, unheard })
}

/** Notes the answer also where nobody waits for it any more. */
const ask = async (env: Env, request: LeaseRequest): Promise<Lease | undefined> => {
  const { user_id, needed, spare } = request
  const untold = budgets.takeUntold(user_id)
  try {
    const lease = await rateLimiterStub(env, user_id).lease({ needed, spare, untold })
    const { window_ms } = limitsInForce(env)
    budgets.heard(request, lease, { now: Date.now(), window_ms })
    return lease
  } catch {
    budgets.giveBackUntold(user_id, untold)
    return undefined
  }
}

const inTime = async (asked: Promise<Lease | undefined>): Promise<Lease | undefined> => {
  const silence = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => silence.resolve(undefined), limitsSettings.patience_ms)
  const lease = await Promise.race([asked, silence.promise])
  clearTimeout(timer)
  return lease
}

const limitsInForce = (env: Env): RateLimits => {
  limits ??= new SettingsInForce(env, readRateLimits)
  limits.takeUp()
  return limits.current
}

const logSilence = (): void => {
  const now = Date.now()
  if (now - logged_at < LOG_PAUSE_MS) return
  logged_at = now
  log.warn('rate_limiter_silent', { pause_ms: LOG_PAUSE_MS })
}
