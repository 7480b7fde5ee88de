/** Whole seconds until an instant, for the eye: read out every second it would drown all else. */

/** Often enough that no second is skipped. */
const LOOK_INTERVAL_MS = 250

/** To be made while a component is: it looks at the clock only as long as there is an instant. */
export class Countdown {
  readonly #until: () => number | undefined
  #now_ms = $state(Date.now())

  constructor(until: () => number | undefined) {
    this.#until = until
    $effect(() => {
      if (until() === undefined) return
      this.#now_ms = Date.now()
      const interval = setInterval(() => (this.#now_ms = Date.now()), LOOK_INTERVAL_MS)
      return () => clearInterval(interval)
    })
  }

  /** Zero where there is none, and once it is over. */
  get seconds(): number {
    const until = this.#until()
    return until === undefined ? 0 : Math.max(0, Math.ceil((until - this.#now_ms) / 1000))
  }
}
