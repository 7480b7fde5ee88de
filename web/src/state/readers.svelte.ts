/** Who has read up to where in the room on screen, worked out again only when it may be different. */
import { readersOf, receptionOf, type ReadersInput } from '../sync/readers.ts'
import type { OpenRoom } from './open-room.svelte.ts'

export class Readers {
  readonly #open_room: OpenRoom
  readonly #own_user_id: () => string
  // One by one: the room's state is another with every frame, these are not.
  readonly #messages = $derived.by(() => this.#open_room.state.timeline.messages)
  readonly #members = $derived.by(() => this.#open_room.state.members)
  readonly #online_count = $derived.by(() => this.#open_room.state.online_count)
  readonly #read_marks = $derived.by(() => this.#open_room.state.read_marks)
  readonly #are_marks_known = $derived.by(() => this.#open_room.state.are_marks_known)
  readonly #input: ReadersInput = $derived.by(() => ({
    messages: this.#messages,
    members: this.#members,
    online_count: this.#online_count,
    read_marks: this.#read_marks,
    are_marks_known: this.#are_marks_known,
    own_user_id: this.#own_user_id(),
  }))
  /** By message_id. */
  readonly by_message = $derived.by(() => readersOf(this.#input))
  /** Of one's own newest message. */
  readonly reception = $derived.by(() => receptionOf(this.#input))

  constructor(open_room: OpenRoom, own_user_id: () => string) {
    this.#open_room = open_room
    this.#own_user_id = own_user_id
  }
}
