/**
 * The connections of one pool as the server counts them (DB-2): how old each is, and which are
 * being closed. One that is being closed keeps its place until the server has let go of it, so
 * that another is never opened too early.
 */
import { Client } from '@neondatabase/serverless'

/** A server that says nothing is not waited for any longer: the place is free then. */
const closingMaxMs = 2_000

export class Connections {
  /** What the pool makes connections of. */
  readonly Client: typeof Client
  readonly #changed: () => void
  readonly #opened_at = new Map<Client, number>()
  readonly #told = new WeakSet<object>()
  readonly #closing = new Map<Client, ReturnType<typeof setTimeout>>()

  /** @param changed called when one begins to close and when its place is free */
  constructor(changed: () => void) {
    this.#changed = changed
    this.Client = this.#clientClass()
  }

  /** So many places are taken by some that the pool has given up already. */
  get closing(): number {
    return this.#closing.size
  }

  hasOpened(client: object): void {
    this.#opened_at.set(client as Client, Date.now())
  }

  /** @param max_age_ms from this age on it is to be replaced */
  isTooOld(client: object, max_age_ms: number): boolean {
    const opened_at = this.#opened_at.get(client as Client)
    return opened_at !== undefined && Date.now() - opened_at >= max_age_ms
  }

  /** When the eldest gets, or got, too old; undefined: there is none. */
  eldestTooOldAt(max_age_ms: number): number | undefined {
    // In the order in which they were opened.
    for (const opened_at of this.#opened_at.values()) return opened_at + max_age_ms
    return undefined
  }

  /** Whether we have told it to close: what it complains of afterwards is no loss. */
  wasToldToClose(client: object): boolean {
    return this.#told.has(client)
  }

  /** Nothing is waited for any more. */
  end(): void {
    for (const timer of this.#closing.values()) clearTimeout(timer)
    this.#closing.clear()
  }

  #closes(client: Client): void {
    this.#opened_at.delete(client)
    if (this.#closing.has(client)) return
    this.#closing.set(
      client,
      setTimeout(() => this.#isGone(client), closingMaxMs),
    )
    this.#changed()
  }

  #isGone(client: Client): void {
    this.#opened_at.delete(client)
    const timer = this.#closing.get(client)
    if (timer === undefined) return
    clearTimeout(timer)
    this.#closing.delete(client)
    this.#changed()
  }

  /** Only the connection itself knows when it is told to close, and when it has. */
  #clientClass(): typeof Client {
    const closes = (client: Client) => this.#closes(client)
    const isGone = (client: Client) => this.#isGone(client)
    const told = this.#told
    return class extends Client {
      #hasEnded = false
      #hasFailed = false

      constructor(config?: ConstructorParameters<typeof Client>[0]) {
        super(config)
        // Before the pool's own listener, which tells one that failed to close.
        this.on('error', () => {
          this.#hasFailed = true
        })
        this.once('end', () => {
          this.#hasEnded = true
          isGone(this)
        })
      }

      override end(): Promise<void>
      override end(callback: (error: Error) => void): void
      override end(callback?: (error: Error) => void): Promise<void> | void {
        if (!this.#hasFailed) told.add(this)
        if (!this.#hasEnded) closes(this)
        return callback ? super.end(callback) : super.end()
      }
    }
  }
}
