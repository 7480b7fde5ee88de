/** What the page offers to whom. The server decides for itself; this only spares refusals. */
import type { Role, User } from '../../../src/protocol/member.ts'

export type Access = {
  readonly can_write: boolean
  readonly can_edit_room: boolean
  readonly can_manage_members: boolean
}

export const accessOf = (user: User, role: Role | null | undefined): Access => ({
  can_write: user.is_admin || role === 'owner' || role === 'editor',
  can_edit_room: user.is_admin || role === 'owner' || role === 'editor',
  can_manage_members: user.is_admin || role === 'owner',
})
