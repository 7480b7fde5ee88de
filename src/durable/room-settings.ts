/** The settings of rooms, with what the environment says of them. A bad value stops the start. */
import { defaultRoomSettings, type RoomSettings } from '../domain/room/settings.ts'
import { SettingsError, type Variables } from '../lib/variables.ts'

/** A day; an edit window without an end would make the record a draft. */
const editWindowMaxMinutes = 1_440

/** @throws SettingsError */
export const readRoomSettings = (variables: Variables): RoomSettings => ({
  ...defaultRoomSettings,
  commit_in_group: variables.COMMIT_MODE === 'group',
  edit_window_ms: editWindowMinutes(variables) * 60_000,
})

const editWindowMinutes = ({ EDIT_WINDOW_MINUTES: text }: Variables): number => {
  if (text === undefined || text === '') return defaultRoomSettings.edit_window_ms / 60_000
  const minutes = Number(text)
  if (Number.isFinite(minutes) && minutes >= 0 && minutes <= editWindowMaxMinutes) return minutes
  throw new SettingsError(
    `EDIT_WINDOW_MINUTES is "${text}"; it must be a number from 0 to ${editWindowMaxMinutes}`,
  )
}
