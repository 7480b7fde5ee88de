/** Members of a room. Written only by the commit procedure. */
import type { Member, Role } from '../protocol/member.ts'
import type { Client } from './client.ts'

/** A member as the wire has it; `m` is room_members, `u` tr_users. */
export const memberJson = `jsonb_build_object(
  'user_id', m.user_id, 'display_name', coalesce(u.display_name, m.user_id),
  'role', m.role, 'joined_at', wire_time(m.joined_at),
  'is_admin', coalesce(u.is_admin, false))`

export type MembersRead = {
  /** What the viewer is to the room, read in the same statement (SEC-2). */
  readonly role: Role | null
  readonly is_admin: boolean
  /** In the order they joined. */
  readonly members: Member[]
}

/** @returns null where there is no such room */
export const listMembers = async (
  client: Client,
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<MembersRead | null> => {
  const { rows } = await client.query({
    name: 'list-members',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin,
        (SELECT coalesce(jsonb_agg(${memberJson} ORDER BY m.joined_at, m.user_id), '[]')
          FROM room_members m LEFT JOIN tr_users u ON u.user_id = m.user_id
          WHERE m.room_id = r.room_id) AS members
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      WHERE r.room_id = $1`,
    values: [room_id, user_id],
  })
  return (rows[0] as MembersRead | undefined) ?? null
}

/** @returns null for somebody who is no member */
export const readMember = async (
  client: Client,
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<Member | null> => {
  const { rows } = await client.query({
    name: 'read-member',
    text: `SELECT ${memberJson} AS member
      FROM room_members m LEFT JOIN tr_users u ON u.user_id = m.user_id
      WHERE m.room_id = $1 AND m.user_id = $2`,
    values: [room_id, user_id],
  })
  return (rows[0]?.['member'] as Member | undefined) ?? null
}

/** The display names of a room's members, by user_id. */
export const readMemberNames = async (
  client: Client,
  { room_id }: { readonly room_id: string },
): Promise<Record<string, string>> => {
  const { rows } = await client.query({
    name: 'read-member-names',
    text: `SELECT coalesce(jsonb_object_agg(m.user_id, coalesce(u.display_name, m.user_id)), '{}') AS names
      FROM room_members m LEFT JOIN tr_users u ON u.user_id = m.user_id WHERE m.room_id = $1`,
    values: [room_id],
  })
  return rows[0]?.['names'] as Record<string, string>
}
