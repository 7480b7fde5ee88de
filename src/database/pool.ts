/**
 * One shard's connections: a bounded pool over the Neon driver. A connection is held for one
 * operation and given back at once (DB-1); who cannot get one in time is told so (DB-2, DB-4).
 */
import { neonConfig, Pool, type PoolClient } from '@neondatabase/serverless'
import type { PoolFigures } from '../protocol/health.ts'
import type { Client } from './client.ts'
import { failureOf, type Failure } from './failure.ts'
import { GatheringSocket } from './gathering-socket.ts'
import type { PoolSettings, PoolShare } from './pool-settings.ts'

export type Used<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'not_sent'; readonly code: 'database_busy' | 'unavailable' }
  | Failure

const ignore = (): void => {}

/** Callers waiting for a connection, per connection; beyond it they are turned away at once. */
const waitingPerConnection = 100

/** Overflow connections close after this long without work. */
const overflowIdleMs = 5_000

/** The server ends a statement, or a wait for a lock, that takes longer. */
const statementTimeoutMs = 10_000
const lockTimeoutMs = 5_000

/** A server that says nothing at all for so long is given up: longer than its own time-out. */
const silenceMs = 12_000

/** While the server is away every use would try to open all of `min` again. */
const fillPauseMs = 1_000

export type PoolOptions = {
  readonly url: string
  /** host:port of a local bridge; undefined: Neon's own proxy. */
  readonly proxy: string | undefined
  readonly settings: PoolSettings
  readonly share: PoolShare
}

export class ConnectionPool {
  readonly #pool: Pool
  readonly #share: PoolShare
  readonly #waitingMax: number
  #filled_at = -Infinity
  readonly #counts = {
    opened: 0,
    recycled: 0,
    broken: 0,
    waits: 0,
    timeouts: 0,
    rejected: 0,
    peak_in_use: 0,
  }

  constructor({ url, proxy, settings, share }: PoolOptions) {
    configureDriver(proxy)
    this.#share = share
    this.#waitingMax = share.max * waitingPerConnection
    this.#pool = new Pool({
      connectionString: url,
      min: share.min,
      max: share.max,
      connectionTimeoutMillis: settings.timeout_ms,
      idleTimeoutMillis: overflowIdleMs,
      maxLifetimeSeconds: settings.recycle_s,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      query_timeout: silenceMs,
      application_name: 'muster',
    })
    const recycleMs = settings.recycle_s * 1_000
    const openedAt = new WeakMap<PoolClient, number>()
    this.#pool.on('connect', (client: PoolClient) => {
      this.#counts.opened += 1
      openedAt.set(client, Date.now())
    })
    this.#pool.on('remove', (client: PoolClient) => {
      if (Date.now() - (openedAt.get(client) ?? Infinity) >= recycleMs) this.#counts.recycled += 1
    })
    // An idle connection that the server closed; the pool has dropped it already.
    this.#pool.on('error', () => {
      this.#counts.broken += 1
    })
  }

  /** Runs `work` with a connection of its own. Never throws what the database threw. */
  async use<Value>(work: (client: Client) => Promise<Value>): Promise<Used<Value>> {
    if (this.#pool.waitingCount >= this.#waitingMax) {
      this.#counts.rejected += 1
      return { kind: 'not_sent', code: 'database_busy' }
    }
    if (this.#pool.idleCount === 0 && this.#pool.totalCount >= this.#share.max)
      this.#counts.waits += 1
    let client: PoolClient
    const connecting = this.#pool.connect()
    this.#fill()
    try {
      client = await connecting
    } catch {
      const isFull = this.#pool.totalCount >= this.#share.max
      if (isFull) this.#counts.timeouts += 1
      else this.#counts.broken += 1
      return { kind: 'not_sent', code: isFull ? 'database_busy' : 'unavailable' }
    }
    const inUse = this.#pool.totalCount - this.#pool.idleCount
    this.#counts.peak_in_use = Math.max(this.#counts.peak_in_use, inUse)
    // Without a listener a connection lost during the query would end the whole object.
    client.on('error', ignore)
    let failure: Failure | undefined
    try {
      return { kind: 'done', value: await work(client as Client) }
    } catch (error) {
      failure = failureOf(error)
      return failure
    } finally {
      const isBroken = failure?.kind === 'unknown'
      // A broken one may complain again while it is closed.
      if (isBroken) this.#counts.broken += 1
      else client.off('error', ignore)
      client.release(isBroken)
    }
  }

  figures(): PoolFigures {
    const { totalCount: open, idleCount: idle, waitingCount: waiting } = this.#pool
    const overflow = Math.max(0, open - this.#share.min)
    return { ...this.#share, open, idle, waiting, in_use: open - idle, overflow, ...this.#counts }
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }

  /**
   * The pool opens a connection only for a caller who finds none idle. At the first use, and when
   * some of `min` were lost, the others are opened here.
   */
  #fill(): void {
    const { totalCount: open, idleCount: idle, waitingCount: waiting } = this.#pool
    const now = Date.now()
    if (open >= this.#share.min || now - this.#filled_at < fillPauseMs) return
    this.#filled_at = now
    // Those that stay idle are handed out first, and come back at once.
    const handedOut = Math.max(0, idle - waiting)
    for (let count = this.#share.min - open + handedOut; count > 0; count -= 1)
      this.#pool.connect().then((client) => client.release(), ignore)
  }
}

const configureDriver = (proxy: string | undefined): void => {
  // A query over HTTP would not count against the pool's limits.
  neonConfig.poolQueryViaFetch = false
  neonConfig.webSocketConstructor = GatheringSocket
  // The driver's own way to gather writes waits for a timer; the socket waits for nothing.
  neonConfig.coalesceWrites = false
  if (proxy === undefined) return
  neonConfig.wsProxy = (host, port) => `${proxy}/v1?address=${host}:${port}`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
}
