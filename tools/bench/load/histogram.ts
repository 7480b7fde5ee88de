/** Latencies in steps of 10 µs up to 20 s: cheap to add to, whatever their number. */

const stepsPerMs = 100
const maxMs = 20_000

export type Latency = { p50: number; p99: number; max: number }

export class Histogram {
  readonly #counts = new Uint32Array(maxMs * stepsPerMs + 1)
  #total = 0

  add(ms: number): void {
    const step = Math.min(Math.max(0, Math.round(ms * stepsPerMs)), maxMs * stepsPerMs)
    this.#counts[step] = (this.#counts[step] ?? 0) + 1
    this.#total += 1
  }

  /** In milliseconds; all NaN when nothing was added. */
  read(): Latency {
    return { p50: this.#quantile(0.5), p99: this.#quantile(0.99), max: this.#quantile(1) }
  }

  #quantile(share: number): number {
    let left = Math.ceil(this.#total * share)
    if (left === 0) return Number.NaN
    for (let step = 0; ; step++) {
      left -= this.#counts[step] ?? 0
      if (left <= 0) return step / stepsPerMs
    }
  }
}
