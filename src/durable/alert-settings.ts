/** At which figures alerts fire (OPS-2), from the variables. A bad value stops the start by name. */
import type { AlertSettings } from '../domain/alerts/settings.ts'
import { numberSetting } from '../domain/configuration/read.ts'
import type { Variables } from '../lib/variables.ts'

/** @throws SettingsError */
export const readAlertSettings = (variables: Variables): AlertSettings => ({
  error_ratio: numberSetting(variables, 'alert_error_ratio'),
  commit_p99_ms: numberSetting(variables, 'alert_commit_p99_ms'),
  pool_wait_p99_ms: numberSetting(variables, 'alert_pool_wait_p99_ms'),
  room_queue_p99_ms: numberSetting(variables, 'alert_room_queue_p99_ms'),
  buffer_fill: numberSetting(variables, 'alert_buffer_fill'),
  queue_age_s: numberSetting(variables, 'alert_queue_age_s'),
  memory_fill: numberSetting(variables, 'alert_memory_fill'),
  slow_statements_per_s: numberSetting(variables, 'alert_slow_statements_per_s'),
  level: numberSetting(variables, 'alert_level'),
  for_s: numberSetting(variables, 'alert_for_s'),
  clear_share: numberSetting(variables, 'alert_clear_share'),
})
