/** The room on screen: `RoomSync`'s state as runes, its commands, and what the reader is about. */
import { createContext } from 'svelte'
import type { Message } from '../../../src/protocol/message.ts'
import type { Failure } from '../sync/api.ts'
import type { ChangeFrame } from '../sync/change-requests.ts'
import type { PictureMessage } from '../pictures/pictures.ts'
import { RoomSync, type RoomState, type RoomSyncOptions } from '../sync/room-sync.ts'

export class OpenRoom {
  readonly room_id: string
  readonly sync: RoomSync
  #state: RoomState | undefined = $state.raw()
  #change_failure: Failure | undefined = $state.raw()
  /** What the message being written will answer. */
  replying_to: Message | undefined = $state.raw()
  /** The message whose words are being changed. */
  editing_id: string | undefined = $state()
  /** The message whose picture fills the screen. */
  viewing: PictureMessage | undefined = $state.raw()

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

  /** Why the last change of a message was not done, until another one is or it is dismissed. */
  get change_failure(): Failure | undefined {
    return this.#change_failure
  }

  /** Whether it was done. */
  async change(frame: ChangeFrame): Promise<boolean> {
    this.#change_failure = undefined
    const failure = await this.sync.change(frame)
    // One that was done says nothing of another that was not.
    if (failure !== undefined) this.#change_failure = failure
    return failure === undefined
  }

  dismissFailure(): void {
    this.#change_failure = undefined
  }
}

export const [getOpenRoom, setOpenRoom] = createContext<OpenRoom>()
