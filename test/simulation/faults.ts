/** What goes wrong, and how often. Every choice of a run comes from its seed. */
import type { Chance } from '../support/chance.ts'

export type FaultRates = {
  /** A commit call finds no connection. */
  readonly not_sent: number
  /** A commit call dies on its way, after some of its items or none. */
  readonly cut: number
  /** All of it is committed, the answer is lost. */
  readonly reply_lost: number
  /** It is given up while Postgres still works on it. */
  readonly given_up: number
  /** The gateway sends the same call once more before it answers. */
  readonly sent_twice: number
  readonly read_fails: number
  /** An answer takes seconds instead of milliseconds. */
  readonly slow: number
}

export class Faults {
  readonly #chance: Chance
  readonly #rates: FaultRates
  /** False once the run is to come to its end. */
  on = true

  constructor(chance: Chance) {
    this.#chance = chance
    // Some runs are calm, some wild: mixtures find what an average hides.
    const wildness = chance.next() ** 2
    const rate = (most: number) => (chance.next() < 0.5 ? 0 : most * wildness)
    this.#rates = {
      not_sent: rate(0.4),
      cut: rate(0.4),
      reply_lost: rate(0.5),
      given_up: rate(0.3),
      sent_twice: rate(0.5),
      read_fails: rate(0.4),
      slow: rate(0.5),
    }
  }

  happens(fault: keyof FaultRates): boolean {
    return this.on && this.#chance.next() < this.#rates[fault]
  }

  /** Milliseconds that one step of a journey takes. */
  delay(usual_ms = 20): number {
    if (this.happens('slow')) return 200 + this.#chance.below(2_500)
    return this.#chance.below(usual_ms)
  }
}
