/** What has to hold between settings, whoever sets them. */
import { SettingsError, type Variables } from '../../lib/variables.ts'
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
]

/** @throws SettingsError where it is broken, or one of the two is bad by itself */
export const checkRule = ({ lower, upper, strictly }: Rule, variables: Variables): void => {
  const [low, high] = [numberSetting(variables, lower), numberSetting(variables, upper)]
  if (low < high || (low === high && !strictly)) return
  const must = strictly ? 'be less than' : 'not exceed'
  throw new SettingsError(
    `${variableOf(lower)} is ${low}; it must ${must} ${variableOf(upper)} (${high})`,
  )
}
