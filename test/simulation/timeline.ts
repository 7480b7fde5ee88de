/** Simulated time: what is due happens in order of time, then of asking. Nothing ever waits. */

type Due = { readonly at: number; readonly order: number; readonly run: () => void }

export class Timeline {
  /** Milliseconds since the epoch. */
  now = Date.UTC(2026, 0, 1)
  #asked = 0
  /** A binary heap: the next one first. */
  readonly #due: Due[] = []

  after(delay_ms: number, run: () => void): void {
    const due = { at: this.now + Math.max(0, delay_ms), order: (this.#asked += 1), run }
    let index = this.#due.push(due) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#isBefore(index, parent)) break
      this.#swap(index, parent)
      index = parent
    }
  }

  /** Lets the next thing happen; false if there is none. */
  step(): boolean {
    const [next] = this.#due
    const last = this.#due.pop()
    if (!next || !last) return false
    if (next !== last) {
      this.#due[0] = last
      this.#sink()
    }
    this.now = next.at
    next.run()
    return true
  }

  #sink(): void {
    let index = 0
    for (;;) {
      let least = index
      for (const child of [index * 2 + 1, index * 2 + 2])
        if (child < this.#due.length && this.#isBefore(child, least)) least = child
      if (least === index) return
      this.#swap(index, least)
      index = least
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#due[one], this.#due[other]]
    if (!a || !b) return false
    return a.at < b.at || (a.at === b.at && a.order < b.order)
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#due[one], this.#due[other]]
    if (!a || !b) return
    this.#due[one] = b
    this.#due[other] = a
  }
}
