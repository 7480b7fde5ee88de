/**
 * How many may be on their way at once: after a failure one, and twice as many each time that all
 * of those went well (1, 2, 4, …), so that a service that has just come back is not run over.
 */

export class Pace {
  readonly #max: number
  readonly #onChange: (allowed: number) => void
  readonly #waiting: (() => void)[] = []
  #allowed: number
  #running = 0
  #good = 0

  constructor(options: {
    readonly max: number
    /** Undefined: all of them. */
    readonly allowed: number | undefined
    readonly onChange: (allowed: number) => void
  }) {
    this.#max = options.max
    this.#allowed = Math.min(options.allowed ?? options.max, options.max)
    this.#onChange = options.onChange
  }

  /** In the order in which they came. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#allowed)
      await new Promise<void>((begin) => void this.#waiting.push(begin))
    else this.#running += 1
    try {
      return await work()
    } finally {
      this.#running -= 1
      this.#beginMore()
    }
  }

  wentWell(): void {
    if (this.#allowed === this.#max) return
    this.#good += 1
    if (this.#good >= this.#allowed) this.#allow(this.#allowed * 2)
  }

  /** It had too many. */
  slowDown(): void {
    this.#allow(Math.floor(this.#allowed / 2))
  }

  startAnew(): void {
    this.#allow(1)
  }

  #allow(count: number): void {
    const allowed = Math.min(Math.max(count, 1), this.#max)
    this.#good = 0
    if (allowed === this.#allowed) return
    this.#allowed = allowed
    this.#onChange(allowed)
    this.#beginMore()
  }

  #beginMore(): void {
    while (this.#running < this.#allowed) {
      const begin = this.#waiting.shift()
      if (!begin) return
      this.#running += 1
      begin()
    }
  }
}
