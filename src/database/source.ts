/**
 * One database as a gateway sees it, primary or replica: a pool that opens at the first use and
 * may be ended and opened again, and the figures of what ran on it.
 */
import type { PoolFigures } from '../protocol/health.ts'
import type { Client } from './client.ts'
import {
  ConnectionPool,
  type PoolLimits,
  type PoolOptions,
  type Used,
  type UseOptions,
} from './pool.ts'
import type { Statements } from './statements.ts'

export class Source {
  readonly statements: Statements
  #options: PoolOptions
  #pool: ConnectionPool | undefined

  constructor(options: PoolOptions, statements: Statements) {
    this.#options = options
    this.statements = statements
  }

  /** Other limits, from now on: see the pool's. */
  change(limits: PoolLimits): void {
    this.#options = { ...this.#options, ...limits }
    this.#pool?.change(limits)
  }

  /** Runs `work` with a connection of its own. Never throws what the database threw. */
  use<Value>(
    work: (client: Client) => Promise<Value>,
    options: UseOptions = {},
  ): Promise<Used<Value>> {
    this.#pool ??= new ConnectionPool(this.#options)
    return this.#pool.use(work, options)
  }

  /** The database cannot be reached: see the pool's. */
  isAway(): void {
    this.#pool?.isAway()
  }

  /** It says nothing any more: see the pool's. */
  dropIdle(): void {
    this.#pool?.dropIdle()
  }

  /** Whether it answers again, within so long. */
  isBack(patience_ms: number): Promise<boolean> {
    this.#pool ??= new ConnectionPool(this.#options)
    return this.#pool.isBack(patience_ms)
  }

  /** Callers that wait for a connection. */
  queue(now: number): { readonly waiting_share: number; readonly oldest_ms: number } {
    return this.#pool?.queue(now) ?? { waiting_share: 0, oldest_ms: 0 }
  }

  /** Null while no pool is open. */
  figures(): PoolFigures | null {
    return this.#pool?.figures() ?? null
  }

  async end(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    await pool?.end()
  }
}
