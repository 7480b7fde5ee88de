/**
 * The rooms a person is in, kept in step with their inbox (INBOX-1). Pure. The inbox knows less of
 * a room than its card shows; where that matters the list is to be read again over REST.
 */
import type { InboxDownFrame, InboxRoom } from '../../../src/protocol/inbox.ts'
import { INBOX_ROOMS_MAX_COUNT } from '../../../src/protocol/limits.ts'
import type { Room } from '../../../src/protocol/room.ts'

export type ToldRooms = {
  readonly rooms: readonly Room[]
  /** Whether something is not known well enough to be shown. */
  readonly is_stale: boolean
}

export const applyToRooms = (rooms: readonly Room[], frame: InboxDownFrame): ToldRooms => {
  switch (frame.type) {
    case 'inbox_welcome':
      return welcomed(rooms, frame.rooms)
    case 'activity': {
      const { type: _, ...activity } = frame
      return merge(rooms, activity)
    }
    case 'read':
    case 'mention': {
      const { room_id, read_sequence, unread_count, mention_count } = frame
      return merge(rooms, { room_id, read_sequence, unread_count, mention_count })
    }
    case 'room_changed':
      return merge(rooms, { room_id: frame.room_id, ...definedOnly(frame.changes) })
    case 'room_added':
      return { rooms, is_stale: true }
    case 'room_removed':
      return { rooms: rooms.filter((room) => room.room_id !== frame.room_id), is_stale: false }
    default:
      return { rooms, is_stale: false }
  }
}

const merge = (
  rooms: readonly Room[],
  told: Partial<InboxRoom> & Pick<InboxRoom, 'room_id'>,
): ToldRooms => {
  const is_known = rooms.some((room) => room.room_id === told.room_id)
  const merged = rooms.map((room) => (room.room_id === told.room_id ? { ...room, ...told } : room))
  return { rooms: merged, is_stale: !is_known }
}

/** A greeting is complete, except for those who are in very many rooms. */
const welcomed = (rooms: readonly Room[], told: readonly InboxRoom[]): ToldRooms => {
  const by_id = new Map(told.map((room) => [room.room_id, room]))
  const is_complete = told.length < INBOX_ROOMS_MAX_COUNT
  const kept = rooms.flatMap((room) => {
    const news = by_id.get(room.room_id)
    // An admin's list has rooms they are no member of; the inbox does not.
    if (news === undefined) return is_complete && room.my_role !== null ? [] : [room]
    return [{ ...room, ...news }]
  })
  const known = new Set(rooms.map((room) => room.room_id))
  return { rooms: kept, is_stale: told.some((room) => !known.has(room.room_id)) }
}

const definedOnly = <T extends object>(changes: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
