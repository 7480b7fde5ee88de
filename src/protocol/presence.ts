/** Who is here, who types, and what the system says about both (PRES-1…3). */
import * as z from 'zod/mini'
import { Reference, Timestamp, UserId } from './scalars.ts'

export const OnlineUser = z.object({
  user_id: UserId,
  display_name: z.string(),
  state: z.enum(['active', 'idle']),
  last_seen_at: Timestamp,
})
export type OnlineUser = z.infer<typeof OnlineUser>

/** down: the whole list, so that a lost one heals. Above a size only the count is told. */
export const Presence = z.object({
  type: z.literal('presence'),
  online: z.array(OnlineUser),
  online_count: z.int(),
})
export type Presence = z.infer<typeof Presence>

/** down: a person came or went. Not a revision: nothing of it is stored. */
export const PresenceEvent = z.object({
  type: z.literal('system'),
  event: z.enum(['user_joined', 'user_left']),
  user_id: UserId,
  display_name: z.string(),
  timestamp: Timestamp,
})
export type PresenceEvent = z.infer<typeof PresenceEvent>

/** down: everybody but the receiver who types now. */
export const TypingList = z.object({
  type: z.literal('typing'),
  user_ids: z.array(UserId),
})
export type TypingList = z.infer<typeof TypingList>

/** up: keys are being pressed, or no longer. */
export const Typing = z.object({
  type: z.literal('typing'),
  is_typing: z._default(z.boolean(), true),
  ref: z.optional(Reference),
})

/** up: the person is at the screen, or has left it. */
export const SetPresence = z.object({
  type: z.literal('presence'),
  state: z.enum(['active', 'idle']),
  ref: z.optional(Reference),
})
