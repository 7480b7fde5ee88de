/** Rooms: cards, details, and what a room's actor loads when it wakes. */
import type { Member, Role } from '../protocol/member.ts'
import type { CreateRoom, Room, RoomDetails } from '../protocol/room.ts'
import type { RoomSnapshot } from '../domain/room/state.ts'
import { changeOf, type ChangeRow } from './changes.ts'
import type { Client } from './client.ts'
import { memberJson } from './members.ts'

/** A room as the wire has it; `r` is incident_rooms. */
export const detailsJson = `jsonb_build_object(
  'room_id', r.room_id, 'title', r.title, 'incident_type', r.incident_type,
  'severity', r.severity, 'status', r.status, 'location', r.location,
  'description', r.description, 'lots', r.lots, 'created_at', wire_time(r.created_at),
  'updated_at', wire_time(r.updated_at), 'last_sequence', r.last_sequence,
  'last_revision', r.last_revision)`

/** Length of the text on a card, in characters. */
export const previewLength = 120

/** The same with the viewer's part; `mine` is their membership, `count` what they have not read. */
const cardJson = `${detailsJson} || jsonb_build_object(
  'my_role', mine.role,
  'member_count', (SELECT count(*) FROM room_members m WHERE m.room_id = r.room_id),
  'read_sequence', coalesce(mine.read_sequence, r.last_sequence),
  'unread_count', count.unread_count, 'mention_count', count.mention_count,
  'last_activity_at', wire_time(r.last_activity_at),
  'last_message', last_message_json(r.room_id, ${previewLength}))`

/** Who is no member has read it all. */
const countJoin = `CROSS JOIN LATERAL unread_after(
  r.room_id, mine.user_id, coalesce(mine.read_sequence, r.last_sequence)) AS count`

export const createRoom = async (
  client: Client,
  args: { readonly room_id: string; readonly actor_id: string; readonly details: CreateRoom },
): Promise<null> => {
  await client.query({
    name: 'create-room',
    text: 'SELECT create_room($1, $2, $3)',
    values: [args.room_id, args.actor_id, JSON.stringify(args.details)],
  })
  return null
}

/** The rooms a person is a member of, the most recently active first. */
export const listRooms = async (
  client: Client,
  { user_id, limit }: { readonly user_id: string; readonly limit: number },
): Promise<Room[]> => {
  const { rows } = await client.query({
    name: 'list-rooms',
    text: `SELECT ${cardJson} AS room
      FROM room_members mine JOIN incident_rooms r USING (room_id) ${countJoin}
      WHERE mine.user_id = $1 ORDER BY r.last_activity_at DESC LIMIT $2`,
    values: [user_id, limit],
  })
  return rows.map((row) => row['room'] as Room)
}

/** What a person is to a room, and the room itself; the gate decides what becomes of it. */
export type RoomSeen = {
  readonly role: Role | null
  readonly is_admin: boolean
  readonly room: Room
}

/** @returns null where there is no such room */
export const readRoom = async (
  client: Client,
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<RoomSeen | null> => {
  const { rows } = await client.query({
    name: 'read-room',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin, ${cardJson} AS room
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $1
      LEFT JOIN tr_users me ON me.user_id = $1
      ${countJoin}
      WHERE r.room_id = $2`,
    values: [user_id, room_id],
  })
  return (rows[0] as RoomSeen | undefined) ?? null
}

/** All a room's actor needs after waking. `recent`: that many of the last changes. */
export const readRoomSnapshot = async (
  client: Client,
  { room_id, recent }: { readonly room_id: string; readonly recent: number },
): Promise<RoomSnapshot | null> => {
  const { rows } = await client.query({
    name: 'read-room-snapshot',
    text: `SELECT ${detailsJson} AS details,
        (SELECT coalesce(jsonb_agg(${memberJson}), '[]') FROM room_members m
          LEFT JOIN tr_users u ON u.user_id = m.user_id WHERE m.room_id = r.room_id) AS members,
        (SELECT coalesce(jsonb_agg(change), '[]') FROM room_changes(
          r.room_id, r.last_revision - $2::int, r.last_revision, $2::int) AS change) AS recent
      FROM incident_rooms r WHERE r.room_id = $1`,
    values: [room_id, recent],
  })
  const row = rows[0] as
    { details: RoomDetails; members: Member[]; recent: ChangeRow[] } | undefined
  return row ? { ...row, recent: row.recent.map(changeOf) } : null
}
