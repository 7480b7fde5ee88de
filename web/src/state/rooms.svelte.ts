/** The rooms this person is in, newest activity first, kept fresh while somebody looks. */
import { createContext, untrack } from 'svelte'
import type { CreateRoom, Room, RoomDetails, UpdateRoom } from '../../../src/protocol/room.ts'
import type { Api, Failure, Result } from '../sync/api.ts'

/** Until the inbox socket tells, the list is asked for this often while visible. */
const REFRESH_INTERVAL_MS = 15_000

/** What a card says of the newest message. */
export type NewestMessage = Pick<Room, 'last_activity_at' | 'last_message'>

export class Rooms {
  readonly #api: Api
  #list: readonly Room[] | undefined = $state.raw()
  #failure: Failure | undefined = $state.raw()

  constructor(api: Api) {
    this.#api = api
  }

  /** Undefined until first loaded. */
  get list(): readonly Room[] | undefined {
    return this.#list
  }

  /** Why the last refresh brought nothing; the list before it stays. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  find(room_id: string): Room | undefined {
    return this.#list?.find((room) => room.room_id === room_id)
  }

  async refresh(): Promise<void> {
    const result = await this.#api.rooms()
    if (result.ok) this.#list = result.value.rooms.toSorted(byActivity)
    this.#failure = result.ok ? undefined : result.failure
  }

  async create(body: CreateRoom): Promise<Result<Room>> {
    const result = await this.#api.createRoom(body)
    if (result.ok) this.#put(result.value)
    return result
  }

  async update(room_id: string, body: UpdateRoom): Promise<Result<Room>> {
    const result = await this.#api.updateRoom(room_id, body)
    if (result.ok) this.#put(result.value)
    return result
  }

  /** The room on screen is ahead of the list; its card follows at once. */
  follow(details: RoomDetails, newest: NewestMessage | undefined): void {
    const room = untrack(() => this.find(details.room_id))
    if (room === undefined) return
    const is_news = newest !== undefined && newest.last_activity_at > room.last_activity_at
    this.#put({ ...room, ...details, ...(is_news ? newest : {}) })
  }

  /** Refreshes now, on every return to the tab and at intervals, until the result is called. */
  start(): () => void {
    const refreshIfVisible = () => {
      if (document.visibilityState === 'visible') void this.refresh()
    }
    const interval = setInterval(refreshIfVisible, REFRESH_INTERVAL_MS)
    window.addEventListener('focus', refreshIfVisible)
    void this.refresh()
    return () => {
      clearInterval(interval)
      window.removeEventListener('focus', refreshIfVisible)
    }
  }

  #put(room: Room): void {
    const list = untrack(() => this.#list) ?? []
    const others = list.filter((other) => other.room_id !== room.room_id)
    this.#list = [...others, room].toSorted(byActivity)
  }
}

const byActivity = (a: Room, b: Room): number =>
  b.last_activity_at < a.last_activity_at ? -1 : b.last_activity_at > a.last_activity_at ? 1 : 0

export const [getRooms, setRooms] = createContext<Rooms>()
