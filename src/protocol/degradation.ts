/** What is left out for a while so that messages go on (LIM-2, LIM-3). */
import * as z from 'zod/mini'

/**
 * In the order in which they are left out, each level with those before it: level 1 leaves out
 * typing, level 5 all of them. Sending and receiving messages goes last.
 */
export const sheddable = ['typing', 'presence', 'read_marks', 'search', 'low_priority'] as const

export const Sheddable = z.enum(sheddable)
export type Sheddable = z.infer<typeof Sheddable>

/** 0: nothing is left out. */
export const DegradationLevel = z.int().check(z.minimum(0), z.maximum(sheddable.length))

/** down: how the room fares; at a change, and after `welcome` where it is not well. */
export const Degraded = z.object({
  type: z.literal('degraded'),
  level: DegradationLevel,
  paused: z.array(Sheddable),
  /** away: nothing can be written now, and nothing acked is lost. */
  database: z.enum(['reachable', 'away']),
})
export type Degraded = z.infer<typeof Degraded>
