/** When a person wants to be told of what they do not see (WEB-5): for all rooms, and for one. */
import * as z from 'zod/mini'
import { Uuid } from './scalars.ts'

/** `mentions`: only of messages that name the person. */
export const NotificationLevel = z.enum(['all', 'mentions', 'nothing'])
export type NotificationLevel = z.infer<typeof NotificationLevel>

/** Nobody who never said otherwise is told of everything. */
export const DEFAULT_NOTIFICATION_LEVEL: NotificationLevel = 'mentions'

const ClockTime = z
  .string()
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 22:00' }))

const TimeZone = z
  .string()
  .check(z.refine(isTimeZone, { error: 'must be a time zone such as Asia/Taipei' }))

/** From `start` to `end` on the clocks of the zone, across midnight where `end` is the earlier. */
export const QuietHours = z.object({ start: ClockTime, end: ClockTime, time_zone: TimeZone }).check(
  z.refine(({ start, end }) => start !== end, {
    error: 'must differ from start',
    path: ['end'],
  }),
)
export type QuietHours = z.infer<typeof QuietHours>

const own = { level: NotificationLevel, quiet_hours: z.nullable(QuietHours) }

/** The body that changes a person's own settings, as a whole. */
export const ChangeNotifications = z.object(own)
export type ChangeNotifications = z.infer<typeof ChangeNotifications>

export const NotificationSettings = z.object({
  ...own,
  /** Rooms of which the person is a member and that have a level of their own. */
  rooms: z.array(z.object({ room_id: Uuid, level: NotificationLevel })),
})
export type NotificationSettings = z.infer<typeof NotificationSettings>

/** `default`: as the person's own settings say. */
const RoomLevel = z.enum([...NotificationLevel.options, 'default'])
export type RoomLevel = z.infer<typeof RoomLevel>

export const ChangeRoomNotifications = z.object({ level: RoomLevel })

export const RoomNotifications = z.object({ room_id: Uuid, level: RoomLevel })

/** Longer names are none; asking about them would only cost. */
const TIME_ZONE_MAX_LENGTH = 64

/** Names only: an offset such as `+08:00` knows no summer time. */
function isTimeZone(name: string): boolean {
  if (name.length > TIME_ZONE_MAX_LENGTH || !/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}
