/** People: users, and their membership of a room. */
import * as z from 'zod/mini'
import { DISPLAY_NAME_MAX_LENGTH } from './limits.ts'
import { Timestamp, UserId, text } from './scalars.ts'

export const Role = z.enum(['owner', 'editor', 'viewer'])
export type Role = z.infer<typeof Role>

export const User = z.object({
  user_id: UserId,
  display_name: z.string(),
  is_admin: z.boolean(),
})
export type User = z.infer<typeof User>

export const Member = z.object({
  user_id: UserId,
  display_name: z.string(),
  role: Role,
  joined_at: Timestamp,
  /** Admins may do everything in every room, whatever their role. */
  is_admin: z.boolean(),
})
export type Member = z.infer<typeof Member>

export const AddMember = z.object({ user_id: UserId, role: Role })
export type AddMember = z.infer<typeof AddMember>

export const ChangeMember = z.object({ role: Role })
export type ChangeMember = z.infer<typeof ChangeMember>

export const TransferOwnership = z.object({ user_id: UserId })

/** The people that a development server offers to sign in as. */
export const UserList = z.object({ people: z.array(User) })

export const MemberList = z.object({ members: z.array(Member) })

export const DevLogin = z.object({
  user_id: UserId,
  display_name: z.optional(text(1, DISPLAY_NAME_MAX_LENGTH)),
})

export const Session = z.object({ token: z.string(), expires_at: Timestamp, user: User })
export type Session = z.infer<typeof Session>
