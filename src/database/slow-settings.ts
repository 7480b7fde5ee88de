/** When a statement counts as slow (DB-7). */
import { integerIn, type Variables } from '../lib/variables.ts'

/** Half a second: people notice. */
const slowMsByDefault = 500

/** @throws SettingsError */
export const readSlowMs = (variables: Variables): number =>
  integerIn(variables, 'DB_SLOW_MS', { or: slowMsByDefault, min: 1, max: 60_000 })
