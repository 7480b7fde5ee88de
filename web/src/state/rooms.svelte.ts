/** The rooms this person is in, newest activity first, kept in step with their inbox. */
import { createContext, untrack } from 'svelte'
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { CreateRoom, Room, RoomDetails, UpdateRoom } from '../../../src/protocol/room.ts'
import type { Api, Failure, Result } from '../sync/api.ts'
import { InboxSync, type InboxSyncOptions } from '../sync/inbox-sync.ts'
import type { Remembered } from '../sync/remembered.ts'
import { applyToRooms } from '../sync/room-list.ts'

/** While the inbox cannot tell, the list is asked for this often, if visible. */
const REFRESH_INTERVAL_MS = 15_000

/** What a card says of the newest message. */
export type NewestMessage = Pick<Room, 'last_activity_at' | 'last_message'>

export type RoomsOptions = Omit<InboxSyncOptions, 'onFrame'> & {
  readonly api: Api
  /** What is shown while the server cannot be reached. */
  readonly remembered: Remembered<readonly Room[]>
}

export class Rooms {
  readonly #api: Api
  readonly #inbox: InboxSync
  readonly #remembered: Remembered<readonly Room[]>
  readonly #told_meanwhile = new Set<InboxDownFrame[]>()
  readonly #listeners = new Set<(frame: InboxDownFrame) => void>()
  #list: readonly Room[] | undefined = $state.raw()
  #failure: Failure | undefined = $state.raw()

  constructor(options: RoomsOptions) {
    this.#api = options.api
    this.#remembered = options.remembered
    this.#inbox = new InboxSync({ ...options, onFrame: (frame) => this.#onFrame(frame) })
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
    const meanwhile: InboxDownFrame[] = []
    this.#told_meanwhile.add(meanwhile)
    const result = await this.#api.rooms()
    this.#told_meanwhile.delete(meanwhile)
    this.#failure = result.ok ? undefined : result.failure
    if (!result.ok) {
      if (result.failure.code === 'unreachable') this.#list ??= this.#remembered.get()
      return
    }
    // The list may have been read before what the inbox told while it was on its way.
    const told = meanwhile.reduce<readonly Room[]>(
      (rooms, frame) => applyToRooms(rooms, frame).rooms,
      result.value.rooms,
    )
    this.#list = told.toSorted(byActivity)
    this.#remembered.set(this.#list)
  }

  async create(body: CreateRoom): Promise<Result<Room>> {
    const result = await this.#api.createRoom(body)
    if (result.ok) this.#put(result.value)
    return result
  }

  /** Its card follows with the room itself, which may know of later changes than the answer. */
  update(room_id: string, body: UpdateRoom): Promise<Result<Room>> {
    return this.#api.updateRoom(room_id, body)
  }

  /** The room on screen is ahead of the list; its card follows at once. */
  follow(details: RoomDetails, newest: NewestMessage | undefined): void {
    const room = untrack(() => this.find(details.room_id))
    if (room === undefined) return
    const is_news = newest !== undefined && newest.last_activity_at > room.last_activity_at
    this.#put({ ...room, ...details, ...(is_news ? newest : {}) })
  }

  /** The session is over: this device keeps no list of this person's. */
  forget(): void {
    this.#remembered.forget()
  }

  /** Hears every frame of the inbox once the list knows it, until the result is called. */
  listen(listener: (frame: InboxDownFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the list and listens to the inbox, until the result is called. */
  start(): () => void {
    const refreshIfDeaf = () => {
      if (document.visibilityState === 'visible' && !this.#inbox.isLive) void this.refresh()
    }
    const interval = setInterval(refreshIfDeaf, REFRESH_INTERVAL_MS)
    window.addEventListener('focus', refreshIfDeaf)
    void this.refresh()
    this.#inbox.start()
    return () => {
      clearInterval(interval)
      window.removeEventListener('focus', refreshIfDeaf)
      this.#inbox.close()
    }
  }

  #onFrame(frame: InboxDownFrame): void {
    for (const frames of this.#told_meanwhile) frames.push(frame)
    if (this.#list !== undefined) {
      const told = applyToRooms(this.#list, frame)
      this.#list = told.rooms.toSorted(byActivity)
      if (told.is_stale) void this.refresh()
    }
    for (const listener of this.#listeners) listener(frame)
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
