/** How often each named statement ran and how long it took; slow ones are logged (DB-7). */

/** Slower than this is worth a line in the log: people notice. */
const slowMs = 500

export type StatementFigures = {
  readonly count: number
  readonly failed: number
  readonly slow: number
  readonly total_ms: number
  readonly max_ms: number
}

export class Statements {
  readonly #figures = new Map<string, StatementFigures>()

  /** Names come from the code, never from callers, so the map is bounded. */
  record(name: string, elapsed_ms: number, succeeded: boolean): void {
    const before = this.#figures.get(name)
    const isSlow = elapsed_ms > slowMs
    this.#figures.set(name, {
      count: (before?.count ?? 0) + 1,
      failed: (before?.failed ?? 0) + (succeeded ? 0 : 1),
      slow: (before?.slow ?? 0) + (isSlow ? 1 : 0),
      total_ms: (before?.total_ms ?? 0) + elapsed_ms,
      max_ms: Math.max(before?.max_ms ?? 0, elapsed_ms),
    })
    if (isSlow)
      console.warn(
        JSON.stringify({ event: 'slow_statement', statement: name, ms: Math.round(elapsed_ms) }),
      )
  }

  figures(): Record<string, StatementFigures> {
    return Object.fromEntries(this.#figures)
  }
}
