/** How much a person may write, as they are told, and how an admin changes it (LIM-1). */
import * as z from 'zod/mini'
import { UserId } from './scalars.ts'

export const Tier = z.enum(['basic', 'premium', 'enterprise'])
export type Tier = z.infer<typeof Tier>

export const MyLimits = z.object({
  tier: Tier,
  /** Writes in a window. */
  limit: z.int(),
  remaining: z.int(),
  /** Seconds until all of them are free, if nothing more is written. */
  reset: z.int(),
})
export type MyLimits = z.infer<typeof MyLimits>

export const ChangeUser = z.object({ tier: Tier })
export type ChangeUser = z.infer<typeof ChangeUser>

export const UserTier = z.object({ user_id: UserId, tier: Tier })
export type UserTier = z.infer<typeof UserTier>
