/**
 * One shard's connections: a bounded pool over the Neon driver. A connection is held for one
 * operation and given back at once (DB-1); who cannot get one in time is told so (DB-2, DB-4).
 */
import { neonConfig, Pool, type PoolClient } from '@neondatabase/serverless'
import type { PoolFigures } from '../protocol/health.ts'
import type { Client } from './client.ts'
import { failureOf, type Failure } from './failure.ts'
import { Gate, type Urgency } from './gate.ts'
import { GatheringSocket } from './gathering-socket.ts'
import type { PoolSettings, PoolShare } from './pool-settings.ts'
import { answersWithin } from './trial.ts'

export type Used<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'not_sent'; readonly code: 'database_busy' }
  | {
      readonly kind: 'not_sent'
      readonly code: 'unavailable'
      /** Not even tried: the database was away a moment ago. */
      readonly circuit?: 'open'
    }
  | Failure

export type UseOptions = {
  readonly urgency?: Urgency
  /** Called when a connection is there, with how long that took to be one's turn. */
  readonly entered?: (waited_ms: number) => void
}

const ignore = (): void => {}

/** Callers of one class waiting for a connection, per connection; more are turned away at once. */
const waitingPerConnection = 100

/** This share of the connections is kept for what is urgent: of two one, of 25 five. */
const reservedShare = 0.2

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
  readonly #gate: Gate
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
    this.#gate = new Gate({
      max: share.max,
      reserved: Math.ceil((share.max - 1) * reservedShare),
      waiting_max: share.max * waitingPerConnection,
      timeout_ms: settings.timeout_ms,
    })
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
  async use<Value>(
    work: (client: Client) => Promise<Value>,
    { urgency = 'urgent', entered }: UseOptions = {},
  ): Promise<Used<Value>> {
    const { waiting } = this.#gate
    const entering = this.#gate.enter(urgency)
    if (this.#gate.waiting > waiting) this.#counts.waits += 1
    const entrance = await entering
    switch (entrance.kind) {
      case 'entered':
        entered?.(entrance.waited_ms)
        try {
          return await this.#connected(work)
        } finally {
          this.#gate.leave(urgency)
        }
      case 'turned_away':
        return { kind: 'not_sent', code: 'unavailable', circuit: 'open' }
      case 'timed_out':
        this.#counts.timeouts += 1
        return { kind: 'not_sent', code: 'database_busy' }
      case 'rejected':
        this.#counts.rejected += 1
        return { kind: 'not_sent', code: 'database_busy' }
    }
  }

  /** The database cannot be reached: who waits hears so. */
  isAway(): void {
    this.#gate.turnAway()
  }

  /** It says nothing any more: connections that nobody uses are probably dead as well. */
  dropIdle(): void {
    for (let count = this.#pool.idleCount; count > 0; count -= 1)
      this.#pool.connect().then((client) => client.release(true), ignore)
  }

  /** Whether it answers again, within so long. From then on the gate opens slowly. */
  async isBack(patience_ms: number): Promise<boolean> {
    const answers = await answersWithin(this.#pool, patience_ms)
    if (answers) this.#gate.openSlowly()
    return answers
  }

  /** Callers that wait, and for how long the first of them has. */
  queue(now: number): { readonly waiting_share: number; readonly oldest_ms: number } {
    const waiting_share = this.#gate.waiting / this.#share.max
    return { waiting_share, oldest_ms: this.#gate.oldestMs(now) }
  }

  figures(): PoolFigures {
    const { totalCount: open, idleCount: idle } = this.#pool
    const { waiting } = this.#gate
    const overflow = Math.max(0, open - this.#share.min)
    return { ...this.#share, open, idle, waiting, in_use: open - idle, overflow, ...this.#counts }
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }

  async #connected<Value>(work: (client: Client) => Promise<Value>): Promise<Used<Value>> {
    let client: PoolClient
    const connecting = this.#pool.connect()
    if (!this.#gate.isOpening) this.#fill()
    try {
      client = await connecting
    } catch {
      this.#counts.broken += 1
      return { kind: 'not_sent', code: 'unavailable' }
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
      if (!isBroken) this.#gate.hasAnswered()
    }
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
