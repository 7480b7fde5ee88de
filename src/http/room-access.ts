/** Reading a room over REST: the row and the gate in one step (SEC-2). */
import type { RoomSeen } from '../database/rooms.ts'
import { deny } from '../domain/access.ts'
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import type { Role } from '../protocol/member.ts'
import type { Room } from '../protocol/room.ts'

/** `not_found` where there is no such thing, `forbidden` to those who may not read its room. */
export const readable = <Seen extends { readonly role: Role | null; readonly is_admin: boolean }>(
  read: Outcome<Seen | null>,
  what: 'room' | 'file' = 'room',
): Outcome<Seen> => {
  if (!read.ok) return read
  if (read.value === null) return failure(refusal('not_found', `no such ${what}`))
  const denied = deny(read.value, 'read')
  return denied ? failure(denied) : success(read.value)
}

export const readRoom = async (
  env: Env,
  viewing: { readonly room_id: string; readonly user_id: string },
): Promise<Outcome<Room>> => {
  const seen: Outcome<RoomSeen> = readable(
    await askDatabase(env, viewing.room_id, 'readRoom', viewing),
  )
  return seen.ok ? success(seen.value.room) : seen
}
