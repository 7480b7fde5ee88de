/** How many objects take what isolates count, and how often. A bad value stops the start by name. */
import { integerIn, numberIn, type Variables } from '../lib/variables.ts'

/** @throws SettingsError */
export const readCollectorShards = (variables: Variables): number =>
  integerIn(variables, 'COLLECTOR_SHARDS', { or: 1, min: 1, max: 64 })

/** @throws SettingsError */
export const readReportIntervalMs = (variables: Variables): number =>
  numberIn(variables, 'REPORT_INTERVAL', { or: 4, min: 0.1, max: 10 }) * 1_000
