/**
 * Who may use a connection next (DB-2, DB-4, LIM-2). Two classes wait apart, each bounded: messages
 * and what a join needs go first, searches and reports later; neither starves. After an outage the
 * gate opens by doubling, so that everybody who waited does not fall upon the database at once.
 */

export type Urgency = 'urgent' | 'patient'

export type Entrance =
  | { readonly kind: 'entered'; readonly waited_ms: number }
  /** timed_out: waited too long. rejected: too many wait. turned_away: the database is away. */
  | { readonly kind: 'timed_out' | 'rejected' | 'turned_away' }

export type GateOptions = {
  /** At most so many inside. */
  readonly max: number
  /** So many of them are kept free for the urgent. */
  readonly reserved: number
  /** Callers that may wait, of each class. */
  readonly waiting_max: number
  readonly timeout_ms: number
}

/** After so many urgent in a row one patient caller has its turn. */
const urgentInARow = 4

type Waiter = {
  readonly since: number
  /** Waits no longer than that. */
  until: number
  timer: ReturnType<typeof setTimeout> | null
  readonly answer: (entrance: Entrance) => void
}

export class Gate {
  #options: GateOptions
  readonly #waiting = { urgent: new Set<Waiter>(), patient: new Set<Waiter>() }
  readonly #inside = { urgent: 0, patient: 0 }
  /** While it opens slowly: so many; otherwise Infinity. */
  #opening = Infinity
  #places = Infinity
  #in_a_row = 0

  constructor(options: GateOptions) {
    this.#options = options
  }

  /**
   * Other limits, from now on (OPS-4). Who is inside stays, though it be too many; who waits keeps
   * the place, and as much time as was promised.
   */
  change(options: GateOptions): void {
    const isLonger = options.timeout_ms > this.#options.timeout_ms
    this.#options = options
    if (isLonger)
      for (const waiters of Object.values(this.#waiting))
        for (const waiter of waiters) {
          stop(waiter)
          waiter.until = Math.max(waiter.until, waiter.since + options.timeout_ms)
          waiter.timer = this.#timeOut(waiter, waiters)
        }
    this.#letIn()
  }

  /** For a moment there are fewer places than `max`: others are still being cleared. */
  hasPlaces(count: number): void {
    this.#places = count
    this.#letIn()
  }

  get waiting(): number {
    return this.#waiting.urgent.size + this.#waiting.patient.size
  }

  /** Whether it lets in fewer than it may, because the database was away a moment ago. */
  get isOpening(): boolean {
    return this.#opening < this.#options.max
  }

  /** How long the one has waited who waits longest. */
  oldestMs(now: number): number {
    let since = now
    for (const waiters of Object.values(this.#waiting))
      for (const waiter of waiters) {
        since = Math.min(since, waiter.since)
        break
      }
    return now - since
  }

  /** Who has entered must leave. */
  enter(urgency: Urgency): Promise<Entrance> {
    const waiters = this.#waiting[urgency]
    if (waiters.size === 0 && this.#hasRoomFor(urgency)) {
      this.#inside[urgency] += 1
      return Promise.resolve({ kind: 'entered', waited_ms: 0 })
    }
    if (waiters.size >= this.#options.waiting_max) return Promise.resolve({ kind: 'rejected' })
    return new Promise((resolve) => {
      const since = Date.now()
      const until = since + this.#options.timeout_ms
      const waiter: Waiter = { since, until, timer: null, answer: resolve }
      waiter.timer = this.#timeOut(waiter, waiters)
      waiters.add(waiter)
    })
  }

  leave(urgency: Urgency): void {
    this.#inside[urgency] -= 1
    this.#letIn()
  }

  /** The database is away: nobody waits for it. */
  turnAway(): void {
    for (const waiters of Object.values(this.#waiting))
      for (const waiter of waiters) {
        stop(waiter)
        waiters.delete(waiter)
        waiter.answer({ kind: 'turned_away' })
      }
  }

  /** The database is back: one at a time first … */
  openSlowly(): void {
    this.#opening = 1
  }

  /** … and with each answer twice as many. */
  hasAnswered(): void {
    if (this.#opening === Infinity) return
    this.#opening *= 2
    if (!this.isOpening) this.#opening = Infinity
    this.#letIn()
  }

  get #limit(): number {
    return Math.min(this.#options.max, this.#opening, this.#places)
  }

  #timeOut(waiter: Waiter, waiters: Set<Waiter>): Waiter['timer'] {
    return setTimeout(() => {
      waiters.delete(waiter)
      waiter.answer({ kind: 'timed_out' })
    }, waiter.until - Date.now())
  }

  #hasRoomFor(urgency: Urgency): boolean {
    const { urgent, patient } = this.#inside
    if (urgent + patient >= this.#limit) return false
    return urgency === 'urgent' || patient < Math.max(1, this.#limit - this.#options.reserved)
  }

  #letIn(): void {
    for (;;) {
      const urgency = this.#next()
      if (!urgency) return
      const [waiter] = this.#waiting[urgency]
      if (!waiter) return
      this.#in_a_row = urgency === 'urgent' ? this.#in_a_row + 1 : 0
      this.#waiting[urgency].delete(waiter)
      this.#inside[urgency] += 1
      stop(waiter)
      waiter.answer({ kind: 'entered', waited_ms: Date.now() - waiter.since })
    }
  }

  #next(): Urgency | undefined {
    const mayEnter = (urgency: Urgency) =>
      this.#waiting[urgency].size > 0 && this.#hasRoomFor(urgency)
    if (this.#in_a_row >= urgentInARow && mayEnter('patient')) return 'patient'
    if (mayEnter('urgent')) return 'urgent'
    return mayEnter('patient') ? 'patient' : undefined
  }
}

const stop = ({ timer }: Waiter): void => {
  if (timer !== null) clearTimeout(timer)
}
