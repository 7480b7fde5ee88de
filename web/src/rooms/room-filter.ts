/** Which rooms the list shows, and in which sections. */
import type { Room, RoomStatus, Severity } from '../../../src/protocol/room.ts'

export type RoomFilter = {
  /** Every word must occur in the title, the location or a lot. */
  readonly words: string
  /** Only these; all of them when empty. */
  readonly severities: readonly Severity[]
}

export const filterRooms = (rooms: readonly Room[], filter: RoomFilter): readonly Room[] => {
  const words = filter.words.toLowerCase().split(/\s+/u)
  return rooms.filter((room) => {
    const haystack = [room.title, room.location, ...room.lots].join('\n').toLowerCase()
    return (
      (filter.severities.length === 0 || filter.severities.includes(room.severity)) &&
      words.every((word) => haystack.includes(word))
    )
  })
}

export type RoomSection = { readonly status: RoomStatus; readonly rooms: readonly Room[] }

/** What goes on comes first; sections without rooms are left out. */
export const sectionsOf = (rooms: readonly Room[]): readonly RoomSection[] =>
  (['active', 'resolved', 'archived'] as const)
    .map((status) => ({ status, rooms: rooms.filter((room) => room.status === status) }))
    .filter((section) => section.rooms.length > 0)

/** Rooms in an order that is held; those that came since are at the end, where they move nothing. */
export const inHeldOrder = (rooms: readonly Room[], ids: readonly string[]): readonly Room[] => {
  const place = new Map(ids.map((id, index) => [id, index]))
  const placeOf = (room: Room) => place.get(room.room_id) ?? ids.length
  return rooms.toSorted((a, b) => placeOf(a) - placeOf(b))
}
