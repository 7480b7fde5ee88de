/**
 * What this person asked the room to do to a message and has not been answered yet: each question
 * has a reference, and the answer that carries it settles it. A lost answer is a failure that one
 * may repeat: the same change again changes nothing.
 */
import type { ErrorCode } from '../../../src/protocol/errors.ts'
import type {
  AddReaction,
  DeleteMessage,
  EditMessage,
  PinMessage,
  RemoveReaction,
  UnpinMessage,
} from '../../../src/protocol/message-change.ts'
import type * as z from 'zod/mini'
import type { Failure } from './api.ts'
import type { Cancel, Clock } from './clock.ts'

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
  readonly newId: () => string
  /** False when there is no live connection. */
  readonly transmit: (frame: ChangeFrame) => boolean
}

type Answer = Failure | undefined
type Waiting = { readonly resolve: (answer: Answer) => void; readonly cancelTimeout: Cancel }

const unreachable: Failure = { code: 'unreachable', detail: '' }

export class ChangeRequests {
  readonly #options: ChangeRequestsOptions
  readonly #waiting = new Map<string, Waiting>()

  constructor(options: ChangeRequestsOptions) {
    this.#options = options
  }

  /** Resolves to why not, or to undefined once it is done. */
  ask(frame: ChangeFrame): Promise<Answer> {
    const { clock, newId, transmit } = this.#options
    const ref = newId()
    return new Promise((resolve) => {
      const cancelTimeout = clock.after(CHANGE_TIMEOUT_MS, () => this.#settle(ref, unreachable))
      this.#waiting.set(ref, { resolve, cancelTimeout })
      if (!transmit({ ...frame, ref })) this.#settle(ref, unreachable)
    })
  }

  onDone(ref: string | undefined): void {
    if (ref !== undefined) this.#settle(ref, undefined)
  }

  onRefused(ref: string, code: ErrorCode, detail: string): void {
    this.#settle(ref, { code, detail })
  }

  /** The connection is gone, and with it the answers. */
  giveUp(): void {
    for (const ref of [...this.#waiting.keys()]) this.#settle(ref, unreachable)
  }

  #settle(ref: string, answer: Answer): void {
    const waiting = this.#waiting.get(ref)
    if (waiting === undefined) return
    this.#waiting.delete(ref)
    waiting.cancelTimeout()
    waiting.resolve(answer)
  }
}
