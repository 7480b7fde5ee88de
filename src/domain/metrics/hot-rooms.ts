/** The rooms where most is said, over the last minute. Bounded; what is quiet is forgotten. */
import type { RoomSaid } from './report.ts'
import type { HotRoom } from './snapshot.ts'

const WINDOW_MS = 60_000
/** What is remembered for so long: of 500 rooms that speak all the time. Beyond it half of it goes. */
const SAID_MAX_COUNT = 7_500
const ROOMS_KEPT_COUNT = 250
/** What an operator is shown, and what a report carries. */
export const HOT_ROOMS_MAX_COUNT = 20

type Said = RoomSaid & { readonly at: number }

export type RoomsSaid = readonly Said[]

/** @param now ms since the epoch, like every time here */
export const saidIn = (before: RoomsSaid, rooms: readonly RoomSaid[], now: number): RoomsSaid => {
  const kept = before.filter(({ at }) => now - at < WINDOW_MS)
  const said = [...kept, ...rooms.map((room) => ({ ...room, at: now }))]
  if (said.length <= SAID_MAX_COUNT) return said
  const loudest = new Set(hotRooms(said, now, ROOMS_KEPT_COUNT).map(({ room_id }) => room_id))
  return said.filter(({ room_id }) => loudest.has(room_id))
}

/** Most messages first. Over the whole minute, also where it began to speak within it. */
export const hotRooms = (
  said: RoomsSaid,
  now: number,
  max_count: number = HOT_ROOMS_MAX_COUNT,
): HotRoom[] => {
  const recent = said.filter(({ at }) => now - at < WINDOW_MS)
  const rooms = [...Map.groupBy(recent, ({ room_id }) => room_id)].map(([room_id, parts]) => ({
    room_id,
    messages_per_s: parts.reduce((sum, { messages }) => sum + messages, 0) / (WINDOW_MS / 1_000),
    queue_max_ms: Math.max(...parts.map(({ queue_max_ms }) => queue_max_ms)),
    sockets: parts.at(-1)?.sockets ?? 0,
  }))
  return hottest(rooms, max_count)
}

/** Of several collectors: a room may be in more than one of them when it moved. */
export const hottest = (rooms: readonly HotRoom[], max_count = HOT_ROOMS_MAX_COUNT): HotRoom[] =>
  rooms.toSorted((one, other) => other.messages_per_s - one.messages_per_s).slice(0, max_count)
