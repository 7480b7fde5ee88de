/** Tells rooms that somebody of them may want pushes that nobody wanted (WEB-5). */
import { roomStub } from '../durable/stubs.ts'
import type { Env } from '../env.ts'

/** A room that cannot be told finds out within a minute. */
export const pushWanted = async (env: Env, room_ids: readonly string[]): Promise<void> => {
  await Promise.allSettled(
    room_ids.map(async (room_id) => {
      await roomStub(env, room_id).pushWanted()
    }),
  )
}
