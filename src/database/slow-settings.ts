/** When a statement counts as slow (DB-7). */
import { numberSetting } from '../domain/configuration/read.ts'
import type { Variables } from '../lib/variables.ts'

/** @throws SettingsError */
export const readSlowMs = (variables: Variables): number => numberSetting(variables, 'db_slow_ms')
