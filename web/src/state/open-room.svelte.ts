/** The room on screen: `RoomSync`'s state as runes, and its commands. */
import { createContext } from 'svelte'
import { RoomSync, type RoomState, type RoomSyncOptions } from '../sync/room-sync.ts'

export class OpenRoom {
  readonly room_id: string
  readonly sync: RoomSync
  #state: RoomState | undefined = $state.raw()

  constructor(options: Omit<RoomSyncOptions, 'onState'>) {
    this.room_id = options.room_id
    this.sync = new RoomSync({
      ...options,
      onState: (state) => {
        this.#state = state
      },
    })
  }

  get state(): RoomState {
    return this.#state ?? this.sync.state
  }
}

export const [getOpenRoom, setOpenRoom] = createContext<OpenRoom>()
