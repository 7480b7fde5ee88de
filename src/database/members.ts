/** Members of a room. Written only by the commit procedure. */
import type { Member } from '../protocol/member.ts'
import type { Client } from './client.ts'

/** A member as the wire has it; `m` is room_members, `u` tr_users. */
export const memberJson = `jsonb_build_object(
  'user_id', m.user_id, 'display_name', coalesce(u.display_name, m.user_id),
  'role', m.role, 'joined_at', wire_time(m.joined_at),
  'is_admin', coalesce(u.is_admin, false))`

export const listMembers = async (
  client: Client,
  { room_id }: { readonly room_id: string },
): Promise<Member[]> => {
  const { rows } = await client.query({
    name: 'list-members',
    text: `SELECT ${memberJson} AS member
      FROM room_members m LEFT JOIN tr_users u ON u.user_id = m.user_id
      WHERE m.room_id = $1 ORDER BY m.joined_at, m.user_id`,
    values: [room_id],
  })
  return rows.map((row) => row['member'] as Member)
}
