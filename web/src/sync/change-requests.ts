/**
 * What this person asked the room to do to a message and has not been told the end of: each question
 * has a reference, which its answer carries, and until answer and broadcast are both here it is
 * shown as done. A lost answer is a failure that one may repeat: the same change again changes
 * nothing.
 */
import type { ErrorFrame } from '../../../src/protocol/connection.ts'
import type {
  AddReaction,
  ChangeAck,
  DeleteMessage,
  EditMessage,
  MessageChange,
  PinMessage,
  RemoveReaction,
  UnpinMessage,
} from '../../../src/protocol/message-change.ts'
import type * as z from 'zod/mini'
import type { Failure } from './api.ts'
import type { Cancel, Clock } from './clock.ts'
import { isWordOn, type PendingChange } from './pending-changes.ts'

/** A change that takes longer was lost, or waits for a database that is away. */
export const CHANGE_TIMEOUT_MS = 10_000

export type ChangeFrame = z.infer<
  | typeof EditMessage
  | typeof DeleteMessage
  | typeof AddReaction
  | typeof RemoveReaction
  | typeof PinMessage
  | typeof UnpinMessage
>

export type ChangeRequestsOptions = {
  readonly clock: Clock
  readonly user_id: string
  readonly newId: () => string
  /** False when there is no live connection. */
  readonly transmit: (frame: ChangeFrame) => boolean
  readonly onPending: (pending: readonly PendingChange[]) => void
}

type Answer = Failure | undefined

type Refusal = Pick<ErrorFrame, 'code' | 'message' | 'retry_after_ms'>

type Asked = PendingChange & {
  readonly ref: string
  readonly resolve: (answer: Answer) => void
  readonly cancelTimeout: Cancel
  /** Answer and broadcast come in either order; it is over once both are here. */
  readonly is_acked: boolean
  readonly is_seen: boolean
}

const unreachable: Failure = { code: 'unreachable', detail: '' }

export class ChangeRequests {
  readonly #options: ChangeRequestsOptions
  /** In the order in which they were asked, which is the order in which they are done. */
  #asked: readonly Asked[] = []

  constructor(options: ChangeRequestsOptions) {
    this.#options = options
  }

  /** Resolves to why not, or to undefined once it is done. */
  ask(frame: ChangeFrame): Promise<Answer> {
    const { clock, newId, transmit, user_id } = this.#options
    const ref = newId()
    const asked_at = new Date(clock.now()).toISOString()
    return new Promise((resolve) => {
      const cancelTimeout = clock.after(CHANGE_TIMEOUT_MS, () => this.#end(ref, unreachable))
      const state = { is_acked: false, is_seen: false }
      this.#set([
        ...this.#asked,
        { ref, frame, user_id, asked_at, resolve, cancelTimeout, ...state },
      ])
      if (!transmit({ ...frame, ref })) this.#end(ref, unreachable)
    })
  }

  onAck({ ref, status }: Pick<ChangeAck, 'ref' | 'status'>): void {
    const asked = this.#asked.find((one) => one.ref === ref)
    if (asked === undefined) return
    asked.resolve(undefined)
    // What was so already is not broadcast.
    if (asked.is_seen || status === 'unchanged') this.#end(asked.ref, undefined)
    else this.#replace(asked, { ...asked, is_acked: true })
  }

  /** A change as the room tells everybody; it is in the timeline by now. */
  onChange(change: MessageChange): void {
    const asked = this.#asked.find((one) => !one.is_seen && isWordOn(one, change))
    if (asked === undefined) return
    if (asked.is_acked) this.#end(asked.ref, undefined)
    else this.#replace(asked, { ...asked, is_seen: true })
  }

  onRefused(ref: string, { code, message, retry_after_ms }: Refusal): void {
    const wait = retry_after_ms === undefined ? {} : { retry_after_ms }
    this.#end(ref, { code, detail: message, ...wait })
  }

  /** The connection is gone, and with it the answers. */
  giveUp(): void {
    for (const { ref } of this.#asked) this.#end(ref, unreachable)
  }

  #end(ref: string, answer: Answer): void {
    const asked = this.#asked.find((one) => one.ref === ref)
    if (asked === undefined) return
    asked.cancelTimeout()
    // Of what was answered before this says nothing new.
    asked.resolve(answer)
    this.#set(this.#asked.filter((one) => one !== asked))
  }

  #replace(asked: Asked, by: Asked): void {
    this.#asked = this.#asked.map((one) => (one === asked ? by : one))
  }

  #set(asked: readonly Asked[]): void {
    this.#asked = asked
    this.#options.onPending(asked)
  }
}
