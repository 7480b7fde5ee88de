/** What the caller may still write, and the tiers that admins give to people (LIM-1). */
import * as z from 'zod/mini'
import { askDatabase } from '../durable/ask-database.ts'
import { rateLimiterStub } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { failure, success } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { ChangeUser, MyLimits, UserTier, type Tier } from '../protocol/rate-limit.ts'
import { UserId } from '../protocol/scalars.ts'
import { log } from '../telemetry/log.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { operating } from './operating.ts'

const mine = endpoint({
  method: 'get',
  path: '/api/me/limits',
  tag: 'session',
  summary: 'How much I may write',
  description:
    'Everything that I write counts, whichever the way: on sockets, over REST, as one-way ' +
    'messages. Asking costs nothing. What rooms hold ahead of need for me counts as used.',
  success: { status: 200, description: 'As of now', schema: MyLimits },
  refuses: [],
  handle: async ({ env, caller: { user_id } }) => {
    try {
      const { tier, limit, remaining, reset_ms } = await rateLimiterStub(env, user_id).standing()
      return success({ tier, limit, remaining, reset: Math.ceil(reset_ms / 1_000) })
    } catch {
      return failure(refusal('unavailable', 'what you wrote cannot be counted now', 1_000))
    }
  },
})

const change = endpoint({
  method: 'patch',
  path: '/api/admin/users/{user_id}',
  tag: 'admin',
  summary: 'Give a person another tier',
  description: 'It holds within a moment, on the sockets that are open too. Admins only.',
  params: z.object({ user_id: UserId }),
  body: ChangeUser,
  success: { status: 200, description: 'As it is now', schema: UserTier },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  says: { forbidden: 'only admins may do this', not_found: 'no such user' },
  handle: async ({ env, caller, params: { user_id }, body: { tier } }) => {
    const allowed = await operating(env, caller)
    if (!allowed.ok) return allowed
    const changed = await askDatabase(env, user_id, 'changeTier', { user_id, tier })
    if (!changed.ok) return changed
    const from = changed.value
    if (from === null) return failure(refusal('not_found', 'no such user'))
    const { user_id: by } = caller
    log.info('tier_changed', { by, user_id, from, to: tier })
    await tellLimiter(env, user_id, tier)
    return success({ user_id, tier })
  },
})

/** Untold it would notice by itself within a minute. */
const tellLimiter = async (env: Env, user_id: string, tier: Tier): Promise<void> => {
  try {
    await rateLimiterStub(env, user_id).tierChanged(tier)
  } catch {
    log.warn('rate_limiter_not_told', { user_id })
  }
}

export const limitEndpoints: readonly Endpoint[] = [mine, change]
