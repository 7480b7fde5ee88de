/** How much people may write, by tier (LIM-1). A bad value stops the start by name. */
import { numberSetting } from '../domain/configuration/read.ts'
import type { Variables } from '../lib/variables.ts'
import type { Tier } from '../protocol/rate-limit.ts'

export type RateLimits = {
  readonly window_ms: number
  /** Writes in a window. */
  readonly limits: Readonly<Record<Tier, number>>
}

/** @throws SettingsError */
export const readRateLimits = (variables: Variables): RateLimits => ({
  window_ms: numberSetting(variables, 'rate_limit_window') * 1_000,
  limits: {
    basic: numberSetting(variables, 'rate_limit_basic'),
    premium: numberSetting(variables, 'rate_limit_premium'),
    enterprise: numberSetting(variables, 'rate_limit_enterprise'),
  },
})
