/**
 * Where the reader is in the open room: how far they had read when they came, what they have seen
 * since, and the place they are on their way to (WEB-3, WEB-8).
 */
import type { Failure } from '../sync/api.ts'
import type { Arrival } from '../sync/history.ts'
import type { RoomSync } from '../sync/room-sync.ts'
import { firstUnread, type Unread } from '../sync/unread.ts'

/** The way to a message that was asked for. */
export type Journey =
  | { readonly kind: 'none' }
  | { readonly kind: 'going' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly message_id: string }

/** Own words may stand before the first unread ones; so many pages of them are looked through. */
const UNREAD_PAGES_MAX_COUNT = 20

const none: Journey = { kind: 'none' }

export class Reading {
  readonly #sync: RoomSync
  readonly #own_user_id: string
  #journey: Journey = $state.raw(none)
  #unread: Unread | undefined = $state.raw()
  #seen_sequence = $state(0)

  constructor(sync: RoomSync, own_user_id: string) {
    this.#sync = sync
    this.#own_user_id = own_user_id
  }

  get journey(): Journey {
    return this.#journey
  }

  /** Fixed on entry; undefined when all was read, or has been since. */
  get unread(): Unread | undefined {
    return this.#unread
  }

  /** The newest message that was in view; what came later is news. */
  get seen_sequence(): number {
    return this.#seen_sequence
  }

  saw(sequence_number: number): void {
    if (sequence_number > this.#seen_sequence) this.#seen_sequence = sequence_number
  }

  /** Everything is read, wherever the reader is. */
  markAllRead(): void {
    this.#sync.markRead()
    this.#unread = undefined
    this.saw(this.#sync.state.timeline.last_sequence)
  }

  /** Notes how far the person had read; undefined: everything. */
  begin(read_sequence: number | undefined): void {
    const { last_sequence } = this.#sync.state.timeline
    this.#seen_sequence = read_sequence ?? last_sequence
    if (read_sequence !== undefined && read_sequence < last_sequence)
      this.#unread = { after_sequence: read_sequence, upto_sequence: last_sequence }
  }

  /** Loads what is around the first unread message. Its id; undefined when there is none. */
  async findFirstUnread(): Promise<string | undefined> {
    const unread = this.#unread
    if (unread === undefined) return undefined
    await this.#sync.goToSequence(unread.after_sequence + 1)
    for (let page = 0; page < UNREAD_PAGES_MAX_COUNT; page += 1) {
      const { away, timeline } = this.#sync.state
      const messages = away?.messages ?? timeline.messages
      const first = firstUnread(messages, unread, this.#own_user_id)
      if (first !== undefined || away === undefined) return first?.message_id
      await this.#sync.loadNewer()
    }
    return undefined
  }

  /** Loads what is around a message. Whether it can be shown now. */
  async goTo(message_id: string): Promise<boolean> {
    this.#journey = { kind: 'going' }
    const arrival = await this.#sync.goToMessage(message_id)
    if (arrival.kind === 'superseded') return false
    this.#journey = journeyAfter(arrival, message_id)
    return arrival.kind === 'shown'
  }

  toLatest(): void {
    this.#journey = none
    this.#sync.goToLatest()
  }

  dismiss(): void {
    this.#journey = none
  }
}

const journeyAfter = (
  arrival: Exclude<Arrival, { kind: 'superseded' }>,
  message_id: string,
): Journey => {
  switch (arrival.kind) {
    case 'shown':
      return none
    case 'missing':
      return { kind: 'missing' }
    case 'failed':
      return { ...arrival, message_id }
  }
}
