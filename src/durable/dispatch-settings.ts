/** The settings of the burst lane, with what the variables say. A bad value stops the start. */
import { numberSetting } from '../domain/configuration/read.ts'
import type { NumberName } from '../domain/configuration/schema.ts'
import { defaultDispatchSettings, type DispatchSettings } from '../domain/dispatch/settings.ts'
import { integerIn, type Variables } from '../lib/variables.ts'

/** A shard's number has three hex digits in a tracking id; more than this nobody needs. */
export const SHARDS_MAX_COUNT = 256

/** @throws SettingsError */
export const readDispatchShards = (variables: Variables): number =>
  integerIn(variables, 'DISPATCH_SHARDS', { or: 4, min: 1, max: SHARDS_MAX_COUNT })

/** @throws SettingsError */
export const readDispatchSettings = (variables: Variables): DispatchSettings => {
  const read = (name: NumberName) => numberSetting(variables, name)
  const batch_max_count = read('dispatch_batch_max_count')
  return {
    ...defaultDispatchSettings,
    buffer_max_count: read('dispatch_buffer_max_count'),
    buffer_max_bytes: read('dispatch_buffer_max_bytes'),
    batch_max_count,
    batch_start_count: Math.min(defaultDispatchSettings.batch_start_count, batch_max_count),
    slow_low_ratio: read('dispatch_slow_low_ratio'),
    slow_normal_ratio: read('dispatch_slow_normal_ratio'),
    retry_min_ms: read('dispatch_retry_min_ms'),
    retry_max_ms: read('dispatch_retry_max_ms'),
    attempts_max_count: read('dispatch_attempts_max_count'),
  }
}
