/**
 * One circuit breaker (DISP-10): who failed so often in a row is left alone for a while, then asked
 * once, and again later each time that fails. What it knows fits into an object's storage.
 */
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  isBrokenCircuitError,
  IterableBackoff,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import type { CircuitFigures } from '../protocol/health.ts'
import { log } from '../telemetry/log.ts'

export type CircuitLimits = {
  /** It opens after so many failures in a row. */
  readonly failures_max_count: number
  /** So long after opening comes the first trial, the second after it failed, …; the last goes on. */
  readonly trials_after_ms: readonly [number, ...number[]]
}

/** A service that is busy for a moment is asked soon, one that is gone costs little. */
export const defaultCircuitLimits: CircuitLimits = {
  failures_max_count: 5,
  trials_after_ms: [5_000, 10_000, 20_000, 30_000],
}

/** While somebody else's trial is on its way: ask again then. */
const TRIAL_PAUSE_MS = 1_000

/** What outlives the object; kept only while the circuit is not closed. */
export type StoredCircuit = {
  readonly policy: unknown
  readonly since: number
  readonly trial_at: number
  readonly openings: number
}

/** `open`: nothing was asked. */
export type Answered<Result> =
  | { readonly kind: 'answered'; readonly result: Result }
  | { readonly kind: 'open'; readonly retry_after_ms: number }

export type CircuitOptions = {
  /** What the figures and the log call it. */
  readonly service: string
  readonly limits: CircuitLimits
  readonly stored: StoredCircuit | undefined
  /** At each opening and closing; undefined: closed, nothing to keep. */
  readonly onChange: (stored: StoredCircuit | undefined) => void
}

export class Circuit {
  readonly #options: CircuitOptions
  readonly #policy: CircuitBreakerPolicy
  /** In ms since the epoch; undefined: since ever. */
  #since: number | undefined
  #trial_at: number
  /** In a row, without a success between. */
  #openings: number
  #failed = 0
  #sent = 0

  constructor(options: CircuitOptions) {
    const { limits, stored } = options
    this.#options = options
    this.#since = stored?.since
    this.#trial_at = stored?.trial_at ?? 0
    this.#openings = stored?.openings ?? 0
    const failure = handleAll.orWhenResult((one) => (one as { is_failure: boolean }).is_failure)
    this.#policy = circuitBreaker(failure, {
      halfOpenAfter: new IterableBackoff(limits.trials_after_ms),
      breaker: new ConsecutiveBreaker(limits.failures_max_count),
      ...(stored && { initialState: stored.policy }),
    })
    this.#policy.onBreak(() => this.#opened(Date.now()))
    this.#policy.onReset(() => this.#closed(Date.now()))
  }

  get state(): CircuitFigures['state'] {
    switch (this.#policy.state) {
      case CircuitState.Closed:
        return 'closed'
      case CircuitState.HalfOpen:
        return 'half_open'
      default:
        return 'open'
    }
  }

  /** Until the next trial; 0 where it is due, or the circuit is closed. */
  get wait_ms(): number {
    return this.state === 'open' ? Math.max(0, this.#trial_at - Date.now()) : 0
  }

  /** For how long nothing has gone well; 0 where it is closed. */
  get away_ms(): number {
    return this.state === 'closed' ? 0 : Date.now() - (this.#since ?? Date.now())
  }

  /**
   * Asks unless the circuit is open. Of those that come when a trial is due one is the trial.
   * @param isFailure whether an answer speaks against the service; a throw always does
   * @throws whatever `ask` throws
   */
  async run<Result>(
    ask: () => Promise<Result>,
    isFailure: (result: Result) => boolean,
  ): Promise<Answered<Result>> {
    const { state, wait_ms } = this
    if (state === 'half_open') return { kind: 'open', retry_after_ms: TRIAL_PAUSE_MS }
    if (wait_ms > 0) return { kind: 'open', retry_after_ms: wait_ms }
    try {
      const { result } = await this.#policy.execute(async () => {
        let is_failure = true
        this.#sent += 1
        try {
          const answer = await ask()
          is_failure = isFailure(answer)
          return { result: answer, is_failure }
        } finally {
          if (is_failure) this.#failed += 1
        }
      })
      return { kind: 'answered', result }
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error
      return { kind: 'open', retry_after_ms: TRIAL_PAUSE_MS }
    }
  }

  figures(): CircuitFigures {
    const { state } = this
    return {
      service: this.#options.service,
      state,
      since: timestamp(this.#since),
      next_trial_at: timestamp(state === 'closed' ? undefined : this.#trial_at),
      failed: this.#failed,
      sent: this.#sent,
    }
  }

  #opened(now: number): void {
    const { trials_after_ms } = this.#options.limits
    const wait_ms = trials_after_ms[this.#openings] ?? trials_after_ms.at(-1) ?? 0
    this.#openings += 1
    // A trial that failed leaves it open: since when it does not work is what people ask.
    if (this.#openings === 1) this.#since = now
    this.#trial_at = now + wait_ms
    const told = { service: this.#options.service, openings: this.#openings, trial_in_ms: wait_ms }
    log.warn('circuit_opened', told)
    this.#options.onChange({
      policy: this.#policy.toJSON(),
      since: this.#since ?? now,
      trial_at: this.#trial_at,
      openings: this.#openings,
    })
  }

  #closed(now: number): void {
    const { service } = this.#options
    const ms = now - (this.#since ?? now)
    this.#since = now
    this.#openings = 0
    log.info('circuit_closed', { service, open_ms: ms })
    this.#options.onChange(undefined)
  }
}

const timestamp = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString()
