/**
 * What this isolate may write for people, for requests that no room pays for (LIM-1): rooms opened,
 * files uploaded, one-way messages. Of ten thousand posts at once few ask the limiter: they share
 * what one of them was given. Only counters are shared, since a request cannot wait for another's
 * promise.
 */
import { askLimiter } from '../durable/ask-limiter.ts'
import { limitsSettings } from '../domain/limits/settings.ts'
import type { BudgetFigures } from '../domain/limits/lease.ts'
import type { Env } from '../env.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import { refuse } from './refuse.ts'
import type { HttpContext } from './context.ts'

/** People remembered by one isolate; beyond that the first is forgotten, with the spare it had. */
const PEOPLE_MAX_COUNT = 5_000

/** Spare for so long at the pace at which the person posts, and at most so much. */
const AIM_MS = 250
const SPARE_MAX_COUNT = 500

/** After no the limiter is left alone for so long. */
const REFUSED_MS = 1_000

/** Who waits for another's answer looks at these intervals, the first doubled up to the last. */
const FIRST_LOOK_MS = 2
const LAST_LOOK_MS = 50

export type Spent = {
  /** How many of those wanted are paid, the first ones. */
  readonly paid: number
  /** What the others are told. */
  readonly refusal?: Refusal
}

type Purse = {
  left: number
  expires_at: number
  /** Somebody asks for all who wait; whoever finds that taking too long asks again. */
  asking_until: number
  wanted: number
  asked_at: number
  paid_count: number
  refused_until: number
  retry_at: number
  limit: number
  remaining: number
  reset_at: number
}

const purses = new Map<string, Purse>()

/** Pays as far as the budget goes. */
export const spend = async (context: HttpContext, user_id: string, count = 1): Promise<Spent> => {
  const purse = purseOf(user_id)
  const spent = takeFrom(purse, count) ?? (await waitFor(context.env, user_id, purse, count))
  purse.paid_count += spent.paid
  const figures = figuresOf(purse)
  if (figures) context.set('budget', figures)
  return spent
}

/** For one that is answered at once where it cannot be paid; undefined: go on. */
export const refusedUnpaid = async (
  context: HttpContext,
  user_id: string,
): Promise<Response | undefined> => {
  const spent = await spend(context, user_id)
  return spent.refusal && refuse(context, spent.refusal)
}

const waitFor = async (env: Env, user_id: string, purse: Purse, count: number): Promise<Spent> => {
  purse.wanted += count
  try {
    for (let pause_ms = FIRST_LOOK_MS; ; pause_ms = Math.min(LAST_LOOK_MS, pause_ms * 2)) {
      const spent = takeFrom(purse, count)
      if (spent) return spent
      if (purse.asking_until > Date.now()) await scheduler.wait(pause_ms)
      else await ask(env, user_id, purse)
    }
  } finally {
    purse.wanted -= count
  }
}

/** Undefined: the limiter has to be asked. */
const takeFrom = (purse: Purse, count: number): Spent | undefined => {
  const now = Date.now()
  const left = purse.expires_at > now ? purse.left : 0
  if (left < count && purse.refused_until <= now) return undefined
  const paid = Math.min(left, count)
  purse.left = left - paid
  return paid === count ? { paid } : { paid, refusal: tooMuch(purse.retry_at - now) }
}

const ask = async (env: Env, user_id: string, purse: Purse): Promise<void> => {
  const asked_at = Date.now()
  const elapsed_ms = Math.max(asked_at - purse.asked_at, AIM_MS / 10)
  const pace = ((purse.paid_count + purse.wanted) * AIM_MS) / elapsed_ms
  const spare = Math.min(SPARE_MAX_COUNT, Math.ceil(pace))
  purse.asking_until = asked_at + limitsSettings.patience_ms
  purse.asked_at = asked_at
  purse.paid_count = 0
  // All who wait share the answer, so that what is left must not be asked for again.
  const left = purse.expires_at > asked_at ? purse.left : 0
  const needed = Math.max(1, purse.wanted - left)
  const lease = await askLimiter(env, { user_id, needed, spare })
  const now = Date.now()
  purse.asking_until = 0
  const still_left = purse.expires_at > now ? purse.left : 0
  purse.left = still_left + lease.granted
  // What was needed is for those who wait at this moment, and they look within the last interval.
  purse.expires_at = Math.max(asked_at + lease.ttl_ms, now + 2 * LAST_LOOK_MS)
  purse.limit = lease.limit
  purse.remaining = lease.remaining
  purse.reset_at = now + lease.reset_ms
  if (lease.retry_after_ms === 0) return
  purse.refused_until = now + Math.min(REFUSED_MS, lease.retry_after_ms)
  purse.retry_at = now + lease.retry_after_ms
}

const tooMuch = (retry_after_ms: number): Refusal =>
  refusal('rate_limited', 'you have written as much as you may for now', Math.ceil(retry_after_ms))

const figuresOf = ({ limit, remaining, left, reset_at }: Purse): BudgetFigures | undefined =>
  limit === 0
    ? undefined
    : { limit, remaining: remaining + left, reset_ms: Math.max(0, reset_at - Date.now()) }

const purseOf = (user_id: string): Purse => {
  const known = purses.get(user_id)
  if (known) return known
  const [first] = purses.keys()
  if (first !== undefined && purses.size >= PEOPLE_MAX_COUNT) purses.delete(first)
  const purse: Purse = {
    left: 0,
    expires_at: 0,
    asking_until: 0,
    wanted: 0,
    asked_at: 0,
    paid_count: 0,
    refused_until: 0,
    retry_at: 0,
    limit: 0,
    remaining: 0,
    reset_at: 0,
  }
  purses.set(user_id, purse)
  return purse
}
