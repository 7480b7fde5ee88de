/** How many objects take what isolates count. A bad value stops the start by name. */
import { integerIn, type Variables } from '../lib/variables.ts'

/** @throws SettingsError */
export const readCollectorShards = (variables: Variables): number =>
  integerIn(variables, 'COLLECTOR_SHARDS', { or: 1, min: 1, max: 64 })
