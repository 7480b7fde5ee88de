/** What the page offers to whom. The server decides for itself; this only spares refusals. */
import type { Role, User } from '../../../src/protocol/member.ts'
import type { RoomStatus } from '../../../src/protocol/room.ts'

export type Access = {
  /** Why one may only read; undefined when one may write. */
  readonly read_only: 'viewer' | 'archived' | undefined
  readonly can_edit_room: boolean
  readonly can_archive_room: boolean
  readonly can_manage_members: boolean
}

export const accessOf = (
  user: User,
  role: Role | null | undefined,
  status: RoomStatus | undefined,
): Access => {
  const is_owner = user.is_admin || role === 'owner'
  const is_editor = is_owner || role === 'editor'
  return {
    read_only: status === 'archived' ? 'archived' : is_editor ? undefined : 'viewer',
    can_edit_room: status === 'archived' ? is_owner : is_editor,
    can_archive_room: is_owner,
    can_manage_members: is_owner,
  }
}
