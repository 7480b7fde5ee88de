/**
 * The one gate: may this person do this to this room (SEC-2)? Sockets, REST and everything later
 * ask here. The commit procedure asks again, under the room's lock, with the roles of that moment.
 */
import { refusal, type Refusal } from '../protocol/errors.ts'
import type { Role } from '../protocol/member.ts'
import type { RoomStatus } from '../protocol/room.ts'

/** What a person is to a room. */
export type Standing = {
  /** Null: not a member. */
  readonly role: Role | null
  readonly is_admin: boolean
}

export type Action = 'read' | 'write' | 'update_room' | 'archive_room' | 'manage_members' | 'leave'

const allowedRoles: Record<Action, readonly Role[]> = {
  read: ['owner', 'editor', 'viewer'],
  write: ['owner', 'editor'],
  update_room: ['owner', 'editor'],
  archive_room: ['owner'],
  manage_members: ['owner'],
  leave: ['owner', 'editor', 'viewer'],
}

/** Undefined where it is allowed, otherwise what to tell the person. */
export const deny = (
  standing: Standing,
  action: Action,
  status: RoomStatus = 'active',
): Refusal | undefined => {
  const { role, is_admin } = standing
  if (role === null && !is_admin) return refusal('forbidden', 'you are not a member of this room')
  if (!is_admin && role !== null && !allowedRoles[action].includes(role))
    return refusal('forbidden', `a room's ${role} may not do this`)
  if (action === 'write' && status === 'archived')
    return refusal('forbidden', 'the room is archived')
  return undefined
}

/** What concerns the whole deployment and no room is for admins. Null: nobody knows the person. */
export const denyOperating = (
  person: { readonly is_admin: boolean } | null,
): Refusal | undefined =>
  person?.is_admin ? undefined : refusal('forbidden', 'only admins may do this')
