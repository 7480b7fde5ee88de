/**
 * What a person may see, and how far it has come: the roles they have and the last revision of
 * each room. Read from the primary and from the replica, it tells whether the replica's answer is
 * as good as the primary's (DB-6). Every change of a room and of who is in it is a revision.
 */
import type { Role } from '../protocol/member.ts'
import type { Client } from './client.ts'

export type Viewer = {
  readonly user_id: string
  /** Null: all the rooms they are a member of. */
  readonly room_id: string | null
}

export type Standpoint = {
  readonly is_admin: boolean
  /** By room_id. Of one room: also what a person who is no member sees of it. */
  readonly rooms: readonly {
    readonly room_id: string
    readonly role: Role | null
    readonly revision: number
  }[]
}

/** Who is in more rooms than this is always served by the primary. */
const roomsMaxCount = 1_000

const oneRoom = `incident_rooms r
  LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $1
  WHERE r.room_id = $2::uuid`

const myRooms = `room_members mine JOIN incident_rooms r ON r.room_id = mine.room_id
  WHERE mine.user_id = $1 AND $2::uuid IS NULL`

export const readStandpoint = async (
  client: Client,
  { user_id, room_id }: Viewer,
): Promise<Standpoint> => {
  const { rows } = await client.query({
    name: `read-standpoint-${room_id === null ? 'mine' : 'room'}`,
    text: `SELECT coalesce((SELECT is_admin FROM tr_users WHERE user_id = $1), false) AS is_admin,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'room_id', seen.room_id, 'role', seen.role, 'revision', seen.last_revision)
          ORDER BY seen.room_id)
        FROM (SELECT r.room_id, mine.role, r.last_revision
          FROM ${room_id === null ? myRooms : oneRoom}
          ORDER BY r.room_id LIMIT ${roomsMaxCount + 1}) AS seen), '[]') AS rooms`,
    values: [user_id, room_id],
  })
  return rows[0] as Standpoint
}

/**
 * Whether the replica sees the person just as the primary did, and all that the primary had. It
 * may have come further since.
 */
export const isLevel = (replica: Standpoint, primary: Standpoint): boolean =>
  primary.rooms.length <= roomsMaxCount &&
  replica.is_admin === primary.is_admin &&
  replica.rooms.length === primary.rooms.length &&
  primary.rooms.every(({ room_id, role, revision }, index) => {
    const there = replica.rooms[index]
    return there?.room_id === room_id && there.role === role && there.revision >= revision
  })
