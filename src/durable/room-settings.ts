/** The settings of rooms, with what the variables say of them. A bad value stops the start. */
import { readPushSettings } from '../channels/push-settings.ts'
import { choiceSetting, numberSetting } from '../domain/configuration/read.ts'
import type { NumberName } from '../domain/configuration/schema.ts'
import { defaultRoomSettings, type RoomSettings } from '../domain/room/settings.ts'
import { pressureSettingsFrom } from '../domain/limits/pressure-settings-from.ts'
import type { Variables } from '../lib/variables.ts'
import { readInboxSettings } from './inbox-settings.ts'

/** @throws SettingsError */
export const readRoomSettings = (variables: Variables): RoomSettings => {
  const read = (name: NumberName) => numberSetting(variables, name)
  return {
    ...defaultRoomSettings,
    inbox_shards_count: readInboxSettings(variables).shards,
    has_push: readPushSettings(variables) !== undefined,
    commit_in_group: choiceSetting(variables, 'commit_mode') === 'group',
    commit_batch_max_count: read('commit_batch_max_count'),
    commit_batch_max_bytes: read('commit_batch_max_bytes'),
    gather_ms: read('gather_ms'),
    pending_max_count: read('pending_max_count'),
    pending_max_bytes: read('pending_max_bytes'),
    commit_wait_max_ms: read('commit_wait_max_ms'),
    pressure: pressureSettingsFrom(variables),
    edit_window_ms: read('edit_window_minutes') * 60_000,
    resume_max_changes: read('resume_max_changes'),
    recent_max_count: read('recent_max_count'),
    recent_max_bytes: read('recent_max_bytes'),
    heartbeat_interval_ms: read('heartbeat_interval_ms'),
    heartbeat_timeout_ms: read('heartbeat_timeout_ms'),
    presence_grace_ms: read('presence_grace_ms'),
    presence_detail_max_count: read('presence_detail_max_count'),
    lag_shed_bytes: read('lag_shed_bytes'),
    lag_max_bytes: read('lag_max_bytes'),
    burst_batch_max_count: read('burst_batch_max_count'),
  }
}
