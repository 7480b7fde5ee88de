/**
 * One shard's connections: a bounded pool over the Neon driver. A connection is held for one
 * operation and given back at once (DB-1); who cannot get one in time is told so (DB-2, DB-4).
 */
import { Pool, type PoolClient } from '@neondatabase/serverless'
import type { PoolFigures } from '../protocol/health.ts'
import type { Client } from './client.ts'
import { Connections } from './connections.ts'
import { configureDriver } from './driver.ts'
import { failureOf, type Failure } from './failure.ts'
import { Gate, type GateOptions, type Urgency } from './gate.ts'
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

/** How old the connections are is looked at no more often. */
const agePauseMs = 250

/** While the server is away every use would try to open all of `min` again. */
const fillPauseMs = 1_000

export type PoolOptions = {
  readonly url: string
  /** host:port of a local bridge; undefined: Neon's own proxy. */
  readonly proxy: string | undefined
  readonly settings: PoolSettings
  readonly share: PoolShare
}

/** What may change while the pool works (OPS-4). */
export type PoolLimits = Pick<PoolOptions, 'settings' | 'share'>

export class ConnectionPool {
  readonly #pool: Pool
  readonly #connections = new Connections(() => this.#makeRoom())
  readonly #gate: Gate
  #share: PoolShare
  #recycle_ms: number
  #recycling: ReturnType<typeof setTimeout> | null = null
  #filled_at = -Infinity
  /** The minimum was changed, and some places were not free yet. */
  #hasToFill = false
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
    this.#recycle_ms = settings.recycle_s * 1_000
    this.#gate = new Gate(gateOptionsOf({ settings, share }))
    this.#pool = new Pool({
      connectionString: url,
      min: share.min,
      max: share.max,
      connectionTimeoutMillis: settings.timeout_ms,
      idleTimeoutMillis: overflowIdleMs,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      query_timeout: silenceMs,
      application_name: 'muster',
    })
    this.#pool.Client = this.#connections.Client
    this.#pool.on('connect', (client: PoolClient) => {
      this.#counts.opened += 1
      this.#connections.hasOpened(client)
      if (this.#recycling === null) this.#watchAges()
    })
    // An idle connection that the server closed; the pool has dropped it already.
    this.#pool.on('error', (_error: unknown, client: PoolClient) => {
      if (!this.#connections.wasToldToClose(client)) this.#counts.broken += 1
    })
  }

  /**
   * Other limits, from now on (OPS-4). A connection in use stays until it is given back; of the
   * idle ones those beyond the new limits are closed at once. Nobody who waits is turned away.
   */
  change({ settings, share }: PoolLimits): void {
    const kept = share.min < this.#share.min ? share.min : share.max
    this.#share = share
    this.#recycle_ms = settings.recycle_s * 1_000
    const { options } = this.#pool
    options.min = share.min
    options.connectionTimeoutMillis = settings.timeout_ms
    this.#makeRoom()
    this.#closeIdle((client) => this.#pool.totalCount > kept || this.#hasGrownOld(client))
    this.#gate.change(gateOptionsOf({ settings, share }))
    this.#watchAges()
    this.#hasToFill = true
    this.#fillAnew()
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
    this.#closeIdle(() => true)
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
    if (this.#recycling !== null) clearTimeout(this.#recycling)
    await this.#pool.end()
    this.#connections.end()
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
      client.release(isBroken || this.#isTooMany() || this.#hasGrownOld(client))
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
    const wanted = Math.min(this.#share.min, this.#share.max - this.#connections.closing)
    if (open >= wanted || now - this.#filled_at < fillPauseMs) return
    this.#filled_at = now
    // Those that stay idle are handed out first, and come back at once.
    const handedOut = Math.max(0, idle - waiting)
    for (let count = wanted - open + handedOut; count > 0; count -= 1) this.#touch()
  }

  /** Places are only what those leave that are being closed; who waits has those that are free. */
  #makeRoom(): void {
    const free = Math.max(0, this.#share.max - this.#connections.closing)
    this.#pool.options.max = free
    // Those that are open may be used, though for a moment there be too many of them.
    this.#gate.hasPlaces(Math.max(free, Math.min(this.#pool.totalCount, this.#share.max)))
    // The driver looks at its queue when a connection is given back.
    if (this.#pool.waitingCount > 0) this.#touch()
    this.#fillAnew()
  }

  #fillAnew(): void {
    if (this.#pool.totalCount >= this.#share.min || this.#pool.ending) this.#hasToFill = false
    if (!this.#hasToFill || this.#gate.isOpening) return
    this.#filled_at = -Infinity
    this.#fill()
  }

  /** Opens one, or takes an idle one, and gives it back at once. */
  #touch(): void {
    this.#pool.connect().then(
      (client) => client.release(this.#isTooMany() || this.#hasGrownOld(client)),
      () => {
        this.#hasToFill = false
      },
    )
  }

  /** After a change: more than there may be, with those that are still being closed. */
  #isTooMany(): boolean {
    return this.#pool.totalCount > this.#share.max
  }

  #hasGrownOld(client: PoolClient): boolean {
    const isTooOld = this.#connections.isTooOld(client, this.#recycle_ms)
    if (isTooOld) this.#counts.recycled += 1
    return isTooOld
  }

  /** Of the idle connections, each handed out once: those of which `isOver` says so. */
  #closeIdle(isOver: (client: PoolClient) => boolean): void {
    for (let count = this.#pool.idleCount; count > 0; count -= 1)
      this.#pool.connect().then((client) => client.release(isOver(client)), ignore)
  }

  /** An idle one that has grown too old is closed then; one in use when it is given back. */
  #watchAges(): void {
    if (this.#recycling !== null) clearTimeout(this.#recycling)
    const at = this.#connections.eldestTooOldAt(this.#recycle_ms)
    const recycle = () => {
      this.#closeIdle((client) => this.#hasGrownOld(client))
      this.#watchAges()
    }
    const delay_ms = Math.max(agePauseMs, (at ?? 0) - Date.now())
    this.#recycling = at === undefined ? null : setTimeout(recycle, delay_ms)
  }
}

const gateOptionsOf = ({ settings, share }: PoolLimits): GateOptions => ({
  max: share.max,
  reserved: Math.ceil((share.max - 1) * reservedShare),
  waiting_max: share.max * waitingPerConnection,
  timeout_ms: settings.timeout_ms,
})
