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

/** So long others wait for the answer to a trial; it usually comes in some ms. */
const trialWaitMs = 500

export type Verdict =
  | 'answered'
  | 'unreachable'
  /** It said nothing for so long that one such failure is enough. */
  | 'silent'

type DatabaseCircuitOptions = {
  readonly circuit: Circuit
  /** @returns whether it answers */
  readonly trial: () => Promise<boolean>
  readonly opened: (why: Verdict) => void
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
   * asks meanwhile waits a moment for its answer.
   */
  async admits(): Promise<boolean> {
    const { circuit } = this.#options
    if (circuit.state === 'closed') return true
    if (circuit.state === 'open') this.#trial = this.#try()
    return soon(this.#trial)
  }

  /** What became of something that was sent at `started_at`. */
  async report(verdict: Verdict, started_at: number): Promise<void> {
    if (verdict === 'answered') return this.#note(verdict)
    if (started_at <= this.#failed_at) return
    this.#failed_at = Date.now()
    const weight = verdict === 'silent' ? databaseCircuitLimits.failures_max_count : 1
    for (let count = 0; count < weight; count += 1) await this.#note(verdict)
  }

  figures(): CircuitFigures {
    return this.#options.circuit.figures()
  }

  /** Of what was on its way when it opened nothing counts any more. */
  async #note(verdict: Verdict): Promise<void> {
    const { circuit, opened } = this.#options
    if (circuit.state !== 'closed') return
    await circuit.run(async () => verdict === 'answered', isFailure)
    if (circuit.state !== 'closed') opened(verdict)
  }

  async #try(): Promise<boolean> {
    const tried = await this.#options.circuit.run(this.#options.trial, isFailure)
    return tried.kind === 'answered' && tried.result
  }
}

const soon = async (trial: Promise<boolean>): Promise<boolean> => {
  const silence = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => silence.resolve(false), trialWaitMs)
  try {
    return await Promise.race([trial, silence.promise])
  } finally {
    clearTimeout(timer)
  }
}

const isFailure = (answers: boolean): boolean => !answers
