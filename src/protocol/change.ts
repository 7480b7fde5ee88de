/**
 * Everything that changes a room, told to its sockets. Each is a revision and has the same form
 * live and replayed (CONN-5); here those of the room itself and of its members.
 */
import * as z from 'zod/mini'
import { Member, Role } from './member.ts'
import { MessageFrame } from './message.ts'
import { MessageChange } from './message-change.ts'
import { RoomDetails } from './room.ts'
import { Revision, Timestamp, UserId } from './scalars.ts'

const change = {
  type: z.literal('system'),
  revision: Revision,
  timestamp: Timestamp,
  /** Who did it. */
  actor_id: UserId,
}

export const RoomCreated = z.object({ ...change, event: z.literal('room_created') })

export const RoomUpdated = z.object({
  ...change,
  event: z.literal('room_updated'),
  /** The fields that changed, with their new values. */
  changes: z.partial(
    z.pick(RoomDetails, {
      title: true,
      incident_type: true,
      severity: true,
      status: true,
      location: true,
      description: true,
      lots: true,
    }),
  ),
})

export const MemberAdded = z.object({ ...change, event: z.literal('member_added'), member: Member })

export const MemberRoleChanged = z.object({
  ...change,
  event: z.literal('member_role_changed'),
  user_id: UserId,
  role: Role,
})

export const MemberRemoved = z.object({
  ...change,
  event: z.literal('member_removed'),
  user_id: UserId,
})

/** down: one revision. The one list of everything that can be replayed. */
export const Change = z.union([
  MessageFrame,
  MessageChange,
  z.discriminatedUnion('event', [
    RoomCreated,
    RoomUpdated,
    MemberAdded,
    MemberRoleChanged,
    MemberRemoved,
  ]),
])
export type Change = z.infer<typeof Change>
