/** Which rooms the list shows. */
import type { Room } from '../../../src/protocol/room.ts'

export type RoomScope = 'open' | 'all'

export type RoomFilter = {
  /** Every word must occur in the title, the location or a lot. */
  readonly words: string
  readonly scope: RoomScope
  /** The room on screen stays listed, even once it is resolved. */
  readonly keep: string | undefined
}

export const filterRooms = (rooms: readonly Room[], filter: RoomFilter): readonly Room[] => {
  const words = filter.words.toLowerCase().split(/\s+/u)
  return rooms.filter((room) => {
    const in_scope =
      filter.scope === 'all' || room.status === 'active' || room.room_id === filter.keep
    const haystack = [room.title, room.location, ...room.lots].join('\n').toLowerCase()
    return in_scope && words.every((word) => haystack.includes(word))
  })
}
