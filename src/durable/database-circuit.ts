/**
 * The circuit breaker in front of the primary (LIM-3). What Postgres refuses, and waiting for a
 * connection, say nothing about whether it can be reached; many that break together are one failure,
 * not many in a row; and the trial is a ping, so that no message is spent on it.
 */
import type { CircuitFigures } from '../protocol/health.ts'
import type { Circuit, CircuitLimits } from './circuit.ts'

/** A short rest: whoever waits for the database should find it back at once. */
export const databaseCircuitLimits: CircuitLimits = {
  // As many as one patient caller makes: see `retry.ts`.
  failures_max_count: 4,
  trials_after_ms: [1_000],
}

export type Verdict =
  | 'answered'
  | 'unreachable'
  /** It said nothing for so long that one such failure is enough. */
  | 'silent'

type DatabaseCircuitOptions = {
  readonly circuit: Circuit
  /** @returns whether it answers; must not take long, as others wait for it */
  readonly trial: () => Promise<boolean>
  readonly opened: () => void
}

export class DatabaseCircuit {
  readonly #options: DatabaseCircuitOptions
  #trial: Promise<boolean> = Promise.resolve(false)
  #failed_at = -Infinity

  constructor(options: DatabaseCircuitOptions) {
    this.#options = options
  }

  /**
   * Whether something may be sent now. The first who asks after the rest has the ping sent; who
   * asks meanwhile waits for its answer.
   */
  async admits(): Promise<boolean> {
    const { circuit } = this.#options
    if (circuit.state === 'closed') return true
    if (circuit.state === 'open') this.#trial = this.#try()
    return this.#trial
  }

  /** What became of something that was sent at `started_at`. */
  async report(verdict: Verdict, started_at: number): Promise<void> {
    if (verdict === 'answered') return this.#note(true)
    if (started_at <= this.#failed_at) return
    this.#failed_at = Date.now()
    const weight = verdict === 'silent' ? databaseCircuitLimits.failures_max_count : 1
    for (let count = 0; count < weight; count += 1) await this.#note(false)
  }

  figures(): CircuitFigures {
    return this.#options.circuit.figures()
  }

  /** Of what was on its way when it opened nothing counts any more. */
  async #note(answers: boolean): Promise<void> {
    const { circuit, opened } = this.#options
    if (circuit.state !== 'closed') return
    await circuit.run(async () => answers, isFailure)
    if (circuit.state !== 'closed') opened()
  }

  async #try(): Promise<boolean> {
    const tried = await this.#options.circuit.run(this.#options.trial, isFailure)
    return tried.kind === 'answered' && tried.result
  }
}

const isFailure = (answers: boolean): boolean => !answers
