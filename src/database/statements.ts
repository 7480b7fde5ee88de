/**
 * How often each named statement ran on one database and how long it took. Slow ones are logged
 * (DB-7): their name and their time, never their values.
 */
import type { StatementFigures } from '../protocol/database-figures.ts'
import { log } from '../telemetry/log.ts'
import { count, observe } from '../telemetry/meter.ts'

export type { StatementFigures }

type StatementsOptions = {
  readonly database: 'primary' | 'replica'
  /** Longer than this is slow. */
  readonly slow_ms: number
}

type Ending = {
  readonly succeeded: boolean
  /** Of the commit call that it belongs to; for the log. */
  readonly call_id?: string | undefined
}

export class Statements {
  #options: StatementsOptions
  readonly #figures = new Map<string, StatementFigures>()

  constructor(options: StatementsOptions) {
    this.#options = options
  }

  /** What is slow from now on; what was counted stays. */
  change({ slow_ms }: Pick<StatementsOptions, 'slow_ms'>): void {
    this.#options = { ...this.#options, slow_ms }
  }

  /** Runs it and takes the time. Whatever it throws is thrown on. */
  async measure<Value>(
    name: string,
    statement: () => Promise<Value>,
    call_id?: string,
  ): Promise<Value> {
    const started = performance.now()
    let succeeded = false
    try {
      const value = await statement()
      succeeded = true
      return value
    } finally {
      this.record(name, performance.now() - started, { succeeded, call_id })
    }
  }

  /** Names come from the code, never from callers, so the map is bounded. */
  record(name: string, elapsed_ms: number, { succeeded, call_id }: Ending): void {
    const { database, slow_ms } = this.#options
    const before = this.#figures.get(name)
    const isSlow = elapsed_ms > slow_ms
    this.#figures.set(name, {
      count: (before?.count ?? 0) + 1,
      failed: (before?.failed ?? 0) + (succeeded ? 0 : 1),
      slow: (before?.slow ?? 0) + (isSlow ? 1 : 0),
      total_ms: (before?.total_ms ?? 0) + elapsed_ms,
      max_ms: Math.max(before?.max_ms ?? 0, elapsed_ms),
    })
    observe('muster_statement_duration_seconds', elapsed_ms / 1_000, { statement: name, database })
    if (!succeeded) count('muster_statement_failures_total', { statement: name, database })
    if (!isSlow) return
    count('muster_slow_statements_total', { statement: name, database })
    const ms = Math.round(elapsed_ms)
    log.warn('slow_statement', { statement: name, database, ms, call_id })
  }

  figures(): Record<string, StatementFigures> {
    return Object.fromEntries(this.#figures)
  }
}
