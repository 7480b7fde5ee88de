/** The room on screen: `RoomSync`'s state as runes, its commands, and what the reader is about. */
import { createContext } from 'svelte'
import type { Message } from '../../../src/protocol/message.ts'
import type { Room } from '../../../src/protocol/room.ts'
import type { Failure } from '../sync/api.ts'
import type { ChangeFrame } from '../sync/change-requests.ts'
import type { PictureMessage } from '../pictures/pictures.ts'
import { RoomSync, type RoomState, type RoomSyncOptions } from '../sync/room-sync.ts'
import type { Drafts } from './drafts.svelte.ts'
import { Reading } from './reading.svelte.ts'

export type OpenRoomOptions = Omit<RoomSyncOptions, 'onState'> & {
  readonly drafts: Drafts
  /** Where the list of rooms says one is, if it is loaded. */
  readonly card: Pick<Room, 'read_sequence' | 'unread_count'> | undefined
}

export class OpenRoom {
  readonly room_id: string
  readonly sync: RoomSync
  readonly reading: Reading
  readonly #card: OpenRoomOptions['card']
  #state: RoomState | undefined = $state.raw()
  readonly #drafts: Drafts
  #change_failure: Failure | undefined = $state.raw()
  #answered: Message | undefined = $state.raw()
  /** The message whose words are being changed. */
  editing_id: string | undefined = $state()
  /** The message whose picture fills the screen. */
  viewing: PictureMessage | undefined = $state.raw()

  constructor({ card, drafts, ...options }: OpenRoomOptions) {
    this.room_id = options.room_id
    this.#card = card
    this.#drafts = drafts
    this.sync = new RoomSync({
      ...options,
      onState: (state) => {
        this.#state = state
      },
    })
    this.reading = new Reading(this.sync, options.user_id)
  }

  get state(): RoomState {
    return this.#state ?? this.sync.state
  }

  /** What the message being written will answer; part of the draft. */
  get reply_to(): string | undefined {
    return this.#drafts.get(this.room_id).reply_to
  }

  /** The same as it is now; undefined also while it is not held. */
  get replying_to(): Message | undefined {
    const { reply_to } = this
    const isAnswered = (message: Message) => message.message_id === reply_to
    return (
      this.state.timeline.messages.find(isAnswered) ??
      (this.#answered && isAnswered(this.#answered) ? this.#answered : undefined)
    )
  }

  set replying_to(message: Message | undefined) {
    this.#answered = message
    this.#drafts.change(this.room_id, { reply_to: message?.message_id })
  }

  /** Fixes what is unread, before the room is shown. */
  async begin(): Promise<void> {
    this.reading.begin(await this.sync.askReadSequence(this.#card))
  }

  /** Everything is read, and the line of what was new goes. */
  markAllRead(): void {
    this.reading.markAllRead()
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

  /** Something else about the room was not done. */
  fail(failure: Failure): void {
    this.#change_failure = failure
  }

  dismissFailure(): void {
    this.#change_failure = undefined
  }
}

export const [getOpenRoom, setOpenRoom] = createContext<OpenRoom>()
