/** The settings of the burst lane, with what the environment says. A bad value stops the start. */
import { defaultDispatchSettings, type DispatchSettings } from '../domain/dispatch/settings.ts'
import { integerIn, type Variables } from '../lib/variables.ts'

const { buffer_max_count, buffer_max_bytes, batch_max_count } = defaultDispatchSettings

/** A shard's number has three hex digits in a tracking id; more than this nobody needs. */
export const SHARDS_MAX_COUNT = 256

/** @throws SettingsError */
export const readDispatchShards = (variables: Variables): number =>
  integerIn(variables, 'DISPATCH_SHARDS', { or: 4, min: 1, max: SHARDS_MAX_COUNT })

/** @throws SettingsError */
export const readDispatchSettings = (variables: Variables): DispatchSettings => ({
  ...defaultDispatchSettings,
  buffer_max_count: integerIn(variables, 'DISPATCH_BUFFER_MAX_COUNT', {
    or: buffer_max_count,
    min: 10,
    max: 1_000_000,
  }),
  buffer_max_bytes: integerIn(variables, 'DISPATCH_BUFFER_MAX_BYTES', {
    or: buffer_max_bytes,
    // Less would not hold one large message.
    min: 1_048_576,
    // An object stores 10 GB; final ones and indexes take room, too.
    max: 4_294_967_296,
  }),
  batch_max_count: integerIn(variables, 'DISPATCH_BATCH_MAX_COUNT', {
    or: batch_max_count,
    min: 1,
    max: batch_max_count,
  }),
})
