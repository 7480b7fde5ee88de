/** The settings of rooms, with what the environment says of them. A bad value stops the start. */
import { readPushSettings } from '../channels/push-settings.ts'
import { defaultRoomSettings, type RoomSettings } from '../domain/room/settings.ts'
import { numberIn, type Variables } from '../lib/variables.ts'
import { readInboxSettings } from './inbox-settings.ts'

/** Minutes. At most a day: an edit window without an end would make the record a draft. */
const editWindow = { or: defaultRoomSettings.edit_window_ms / 60_000, min: 0, max: 1_440 }

/** @throws SettingsError */
export const readRoomSettings = (variables: Variables): RoomSettings => ({
  ...defaultRoomSettings,
  inbox_shards_count: readInboxSettings(variables).shards,
  has_push: readPushSettings(variables) !== undefined,
  commit_in_group: variables.COMMIT_MODE === 'group',
  edit_window_ms: numberIn(variables, 'EDIT_WINDOW_MINUTES', editWindow) * 60_000,
})
