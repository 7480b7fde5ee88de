/**
 * Asks for something again and again while somebody looks, and keeps the last answer when one does
 * not come. A question that was overtaken by a newer one is not listened to.
 */
import type { Failure, Result } from '../sync/api.ts'
import type { Cancel, Clock } from '../sync/clock.ts'

export type Polled<T> = {
  /** The last that was answered; undefined before the first. */
  readonly value: T | undefined
  readonly answered_at_ms: number | undefined
  /** Why the last question was not answered, and when it was not. */
  readonly failure: Failure | undefined
  readonly failed_at_ms: number | undefined
}

export const nothingPolled = {
  value: undefined,
  answered_at_ms: undefined,
  failure: undefined,
  failed_at_ms: undefined,
} as const satisfies Polled<never>

export type PollerOptions<T> = {
  readonly clock: Clock
  readonly ask: () => Promise<Result<T>>
  /** From an answer to the next question. */
  readonly interval_ms: () => number
  readonly onPolled: (polled: Polled<T>) => void
}

export class Poller<T> {
  readonly #options: PollerOptions<T>
  #polled: Polled<T> = nothingPolled
  #is_running = false
  #question = 0
  #cancel: Cancel = () => {}

  constructor(options: PollerOptions<T>) {
    this.#options = options
  }

  /** Asks at once, and then in intervals until it is stopped. */
  start(): void {
    if (this.#is_running) return
    this.#is_running = true
    void this.look()
  }

  /** What is on its way is not listened to any more. */
  stop(): void {
    this.#is_running = false
    this.#question += 1
    this.#cancel()
  }

  /** Asks now, running or not. */
  async look(): Promise<void> {
    const { clock, ask, interval_ms, onPolled } = this.#options
    this.#cancel()
    this.#question += 1
    const question = this.#question
    const result = await ask()
    if (question !== this.#question) return
    const at_ms = clock.now()
    this.#polled = result.ok
      ? { ...nothingPolled, value: result.value, answered_at_ms: at_ms }
      : { ...this.#polled, failure: result.failure, failed_at_ms: at_ms }
    onPolled(this.#polled)
    if (this.#is_running) this.#cancel = clock.after(interval_ms(), () => void this.look())
  }
}
