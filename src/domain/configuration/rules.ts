/** What has to hold between settings, whoever sets them. */
import { SettingsError, type Variables } from '../../lib/variables.ts'
import type { SettingName } from '../../protocol/setting-names.ts'
import { numberSetting } from './read.ts'
import { variableOf, type NumberName } from './schema.ts'

export type Rule = {
  readonly lower: NumberName
  readonly upper: NumberName
  /** Equal is not enough. */
  readonly strictly?: true
}

export const rules: readonly Rule[] = [
  // A call is taken from what waits.
  { lower: 'commit_batch_max_count', upper: 'pending_max_count' },
  { lower: 'commit_batch_max_bytes', upper: 'pending_max_bytes' },
  // The next beat would put off the look at who has not answered, for ever.
  { lower: 'heartbeat_timeout_ms', upper: 'heartbeat_interval_ms', strictly: true },
  // First less, then nothing.
  { lower: 'lag_shed_bytes', upper: 'lag_max_bytes', strictly: true },
  { lower: 'dispatch_slow_low_ratio', upper: 'dispatch_slow_normal_ratio' },
  { lower: 'dispatch_retry_min_ms', upper: 'dispatch_retry_max_ms' },
  { lower: 'rate_limit_basic', upper: 'rate_limit_premium' },
  { lower: 'rate_limit_premium', upper: 'rate_limit_enterprise' },
]

export type BrokenRule = {
  readonly names: readonly [SettingName, SettingName]
  readonly message: string
}

/**
 * @param call how a setting is called where it is read: by its variable, or by its name
 * @throws SettingsError where a value by itself is bad
 */
export const brokenRules = (
  variables: Variables,
  call: (name: SettingName) => string = (name) => name,
): BrokenRule[] =>
  rules.flatMap(({ lower, upper, strictly }) => {
    const [low, high] = [numberSetting(variables, lower), numberSetting(variables, upper)]
    if (low < high || (low === high && !strictly)) return []
    const must = strictly ? 'be less than' : 'not exceed'
    const message = `${call(lower)} is ${low}; it must ${must} ${call(upper)} (${high})`
    return { names: [lower, upper], message }
  })

/** @throws SettingsError that names the variables */
export const checkRules = (variables: Variables): void => {
  const [broken] = brokenRules(variables, variableOf)
  if (broken) throw new SettingsError(broken.message)
}
