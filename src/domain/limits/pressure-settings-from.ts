/** The thresholds of LIM-2 as the variables say. */
import { levelsSetting, numberSetting } from '../configuration/read.ts'
import type { Variables } from '../../lib/variables.ts'
import { pressureSettings, type PressureSettings } from './pressure-settings.ts'

/** @throws SettingsError */
export const pressureSettingsFrom = (variables: Variables): PressureSettings => ({
  up: {
    ...pressureSettings.up,
    commit_ms: levelsSetting(variables, 'shed_commit_ms'),
    pool_wait_ms: levelsSetting(variables, 'shed_pool_wait_ms'),
    pool_waiting_share: levelsSetting(variables, 'shed_pool_waiting_share'),
    queue_age_ms: levelsSetting(variables, 'shed_queue_age_ms'),
    queue_share: levelsSetting(variables, 'shed_queue_share'),
  },
  down_share: numberSetting(variables, 'shed_down_share'),
  stay_ms: numberSetting(variables, 'shed_stay_ms'),
})
