/**
 * The one alarm of an object. It may go off early, never late: what is due is for the object to
 * know. Unlike a timer it does not keep the object from hibernating, and survives it.
 */

/**
 * An alarm that would go off so much too early is put off: it would keep a quiet room awake for
 * ten more seconds, as after each heartbeat that all have answered. Less is not worth a write.
 */
const earlyMaxMs = 5_000

export class Alarm {
  readonly #storage: DurableObjectStorage
  /** When it goes off; undefined: as far as this instance knows, never. */
  #set_at: number | undefined

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Makes sure that the alarm goes off at `at` (ms since the epoch) or somewhat before. */
  arm(at: number | undefined): void {
    if (at === undefined) return
    const early_ms = at - (this.#set_at ?? -Infinity)
    if (early_ms >= 0 && early_ms <= earlyMaxMs) return
    this.#set_at = at
    // Losing it in a crash loses nothing: the sockets are gone then, too.
    // What is long due is due at once; the platform takes no time before the epoch.
    void this.#storage.setAlarm(Math.max(1, Math.ceil(at)), { allowUnconfirmed: true })
  }

  /**
   * Makes sure that it goes off by then, and as durably as what is written in the same turn. Never
   * puts it off.
   */
  armBy(at: number): void {
    if (this.#set_at !== undefined && this.#set_at <= at) return
    this.#set_at = at
    void this.#storage.setAlarm(Math.max(1, Math.ceil(at)))
  }

  /** Call first when it has gone off. */
  wentOff(): void {
    this.#set_at = undefined
  }
}
