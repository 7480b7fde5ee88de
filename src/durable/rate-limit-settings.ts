/** How much people may write, by tier (LIM-1). A bad value stops the start by name. */
import { integerIn, type Variables } from '../lib/variables.ts'
import type { Tier } from '../protocol/rate-limit.ts'

export type RateLimits = {
  readonly window_ms: number
  /** Writes in a window. */
  readonly limits: Readonly<Record<Tier, number>>
}

/** Seconds. A window of more than an hour would punish for what nobody remembers. */
const window = { or: 60, min: 1, max: 3_600 }

const upTo = (or: number) => ({ or, min: 1, max: 100_000_000 })

/** @throws SettingsError */
export const readRateLimits = (variables: Variables): RateLimits => ({
  window_ms: integerIn(variables, 'RATE_LIMIT_WINDOW', window) * 1_000,
  limits: {
    // Above a burst of 10,000 one-way messages, which is what a gateway of a line may have to say.
    basic: integerIn(variables, 'RATE_LIMIT_BASIC', upTo(15_000)),
    premium: integerIn(variables, 'RATE_LIMIT_PREMIUM', upTo(60_000)),
    enterprise: integerIn(variables, 'RATE_LIMIT_ENTERPRISE', upTo(300_000)),
  },
})
