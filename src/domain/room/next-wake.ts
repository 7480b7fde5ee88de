/**
 * When the room has something to do by itself. Derived from the state, so no timer can be
 * forgotten, doubled or lost in an eviction.
 */
import { activityDue } from './activity.ts'
import { degradingDue } from './degrading.ts'
import { pushesDue } from './pushing.ts'
import { marksDue } from './reading.ts'
import { tellingDue } from './read-telling.ts'
import type { Instant, RoomState } from './state.ts'

/** Undefined: only an input from outside can change anything. */
export const nextWake = (state: RoomState): Instant | undefined => {
  let at = Infinity
  const consider = (candidate: Instant | undefined) => {
    if (candidate !== undefined && candidate < at) at = candidate
  }
  if (state.sockets.size > 0) {
    consider(state.beat.next_at)
    consider(state.beat.check_at)
    consider(state.renewal_at)
  }
  for (const { until } of state.leaving.values()) consider(until)
  for (const expires_at of state.typing.values()) consider(expires_at)
  consider(state.typing_due_at)
  consider(state.presence_digest_at)
  consider(state.greeting_at)
  consider(activityDue(state))
  consider(pushesDue(state))
  consider(marksDue(state))
  consider(tellingDue(state))
  consider(degradingDue(state))
  if (state.restarting.length > 0) consider(0)
  if (state.commit.kind === 'waiting') consider(state.commit.at)
  return at === Infinity ? undefined : at
}
