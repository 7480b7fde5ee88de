/** When people want to be told, and of which rooms (WEB-5). */
import {
  DEFAULT_NOTIFICATION_LEVEL,
  type ChangeNotifications,
  type NotificationSettings,
  type RoomLevel,
} from '../protocol/notification.ts'
import type { Client } from './client.ts'

/** `n` is notification_settings; SQL of jsonb. */
export const quietHoursJson = `CASE WHEN n.quiet_start IS NOT NULL THEN jsonb_build_object(
  'start', n.quiet_start, 'end', n.quiet_end, 'time_zone', n.quiet_time_zone) END`

export const readNotifications = async (
  client: Client,
  { user_id }: { readonly user_id: string },
): Promise<NotificationSettings> => {
  const { rows } = await client.query({
    name: 'read-notifications',
    text: `SELECT coalesce(n.level, '${DEFAULT_NOTIFICATION_LEVEL}') AS level,
        ${quietHoursJson} AS quiet_hours,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('room_id', l.room_id, 'level', l.level)
            ORDER BY l.room_id), '[]')
          FROM room_notification_levels l JOIN room_members m USING (room_id, user_id)
          WHERE l.user_id = me.user_id) AS rooms
      FROM (SELECT $1::text AS user_id) AS me LEFT JOIN notification_settings n USING (user_id)`,
    values: [user_id],
  })
  return rows[0] as NotificationSettings
}

export const saveNotifications = async (
  client: Client,
  args: ChangeNotifications & { readonly user_id: string },
): Promise<RoomsAwake> => {
  const { user_id, level, quiet_hours } = args
  const { rows } = await client.query({
    name: 'save-notifications',
    text: `WITH saved AS (
        INSERT INTO notification_settings VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (user_id) DO UPDATE SET level = excluded.level,
            quiet_start = excluded.quiet_start, quiet_end = excluded.quiet_end,
            quiet_time_zone = excluded.quiet_time_zone)
      SELECT ${roomsAwake('$1')} AS room_ids`,
    values: [
      user_id,
      level,
      quiet_hours?.start ?? null,
      quiet_hours?.end ?? null,
      quiet_hours?.time_zone ?? null,
    ],
  })
  return rows[0] as RoomsAwake
}

/** @returns whether the person is a member; of other rooms there is nothing to be told */
export const saveRoomLevel = async (
  client: Client,
  args: { readonly room_id: string; readonly user_id: string; readonly level: RoomLevel },
): Promise<boolean> => {
  const { room_id, user_id, level } = args
  const { rows } = await client.query({
    name: `save-room-level${level === 'default' ? '-default' : ''}`,
    text: `WITH mine AS (SELECT room_id, user_id FROM room_members WHERE room_id = $1 AND user_id = $2),
      saved AS (${
        level === 'default'
          ? `DELETE FROM room_notification_levels l USING mine
              WHERE l.room_id = mine.room_id AND l.user_id = mine.user_id`
          : `INSERT INTO room_notification_levels SELECT room_id, user_id, $3 FROM mine
              ON CONFLICT (room_id, user_id) DO UPDATE SET level = excluded.level`
      })
      SELECT EXISTS (SELECT FROM mine) AS is_member`,
    values: level === 'default' ? [room_id, user_id] : [room_id, user_id, level],
  })
  return rows[0]?.['is_member'] as boolean
}

/** Rooms of a person that may believe that nobody there wants a push; see `push_interest_ms`. */
export type RoomsAwake = { readonly room_ids: string[] }

/** Longer than a room believes it, for clocks that differ. */
const awakeSeconds = 120

/** More rooms than anybody follows at once. The others believe it for a minute. */
const awakeMaxCount = 50

/** SQL of a jsonb array. @param user_id a placeholder */
export const roomsAwake = (user_id: string): string => `(
  SELECT coalesce(jsonb_agg(room_id), '[]') FROM (
    SELECT r.room_id FROM room_members m JOIN incident_rooms r USING (room_id)
      WHERE m.user_id = ${user_id}
        AND r.last_activity_at > clock_timestamp() - interval '${awakeSeconds} seconds'
      ORDER BY r.last_activity_at DESC LIMIT ${awakeMaxCount}) AS awake)`
