/** What a form changed of a room, and nothing else, so that what others changed meanwhile stays. */
import type { RoomDetails, UpdateRoom } from '../../../src/protocol/room.ts'

export type RoomFields = Pick<
  RoomDetails,
  'title' | 'incident_type' | 'severity' | 'status' | 'location' | 'description' | 'lots'
>

/** Undefined when nothing was changed; the server refuses an empty change. */
export const roomChanges = (before: RoomFields, after: RoomFields): UpdateRoom | undefined => {
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof RoomFields]),
  )
  return changed.length === 0 ? undefined : Object.fromEntries(changed)
}
