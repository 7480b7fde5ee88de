/**
 * An object's ways to outside services, by key (a service, or one of its hosts): each behind a
 * circuit breaker (DISP-10), with so many at once and no more, growing gently after a recovery. One
 * that is slow, busy or away does not hold up the others. Nothing here throws.
 */
import type { Delivery } from '../channels/channel.ts'
import { away } from '../channels/sort-status.ts'
import type { CircuitFigures } from '../protocol/health.ts'
import { log } from '../telemetry/log.ts'
import type { Circuit } from './circuit.ts'
import { Circuits } from './circuits.ts'
import { Pace } from './pace.ts'
import { countOutside } from './ways-meter.ts'

/** An object may wait for six answers at once; one host of many does not get all of them. */
const AT_ONCE_MAX_COUNT = 6

/** A service may ask for a day; a quota may be raised, so we look. */
const REST_MAX_MS = 3_600_000

/**
 * A trial that fails within so long is the service's fault. After that it counts against the message
 * that was tried: one that breaks the service by itself, and is alone, is given up some time.
 */
const OUTAGE_MAX_MS = 3_600_000

/** So much longer than until the next trial waits the one that was tried. */
const TRIED_WAITS_RATIO = 1.25

/** As many as there are circuits; a way that nobody uses costs nothing to make again. */
const KEPT_MAX_COUNT = 200

export type WaysOutOptions = {
  /** What the figures call the way of a key. */
  readonly service: (key: string) => string
  /** Of one key. */
  readonly at_once_max_count: number
  /** More do not wait here: they are kept where they come from (LIM-4). */
  readonly waiting_max_count: number
  /** Those that have not begun by then are handed back: who waits for all hears in a bounded time. */
  readonly patience_ms: number
}

type Way = {
  readonly pace: Pace
  /** Until then the service wants to be left alone; in ms since the epoch. */
  rests_until: number
}

const prefix = 'pace:'

export class WaysOut {
  readonly #storage: DurableObjectStorage
  readonly #options: WaysOutOptions
  readonly #circuits: Circuits
  readonly #ways = new Map<string, Way>()
  readonly #all = new Pace({ max: AT_ONCE_MAX_COUNT, allowed: undefined, onChange: () => {} })
  #waiting = 0

  constructor(storage: DurableObjectStorage, options: WaysOutOptions) {
    this.#storage = storage
    this.#options = options
    this.#circuits = new Circuits(storage, { service: options.service })
  }

  async send(key: string, attempt: () => Promise<Delivery>): Promise<Delivery> {
    const { waiting_max_count, patience_ms } = this.#options
    if (this.#waiting >= waiting_max_count) return notNow('too many are on their way', 1_000)
    const latest_at = Date.now() + patience_ms
    this.#waiting += 1
    try {
      const way = this.#wayOf(key)
      return await way.pace.run(() =>
        this.#all.run(() =>
          Date.now() > latest_at
            ? Promise.resolve(notNow('it was not its turn yet', 0))
            : this.#try(key, way, attempt),
        ),
      )
    } finally {
      this.#waiting -= 1
    }
  }

  /** Makes it known before anything was sent. */
  know(key: string): void {
    this.#circuits.of(key)
  }

  figures(): CircuitFigures[] {
    return this.#circuits.figures()
  }

  async #try(key: string, way: Way, attempt: () => Promise<Delivery>): Promise<Delivery> {
    const rest_ms = way.rests_until - Date.now()
    if (rest_ms > 0) return notNow('the service asked for patience', rest_ms)
    const circuit = this.#circuits.of(key)
    const answer = await circuit.run(() => attempt().catch(broken), speaksAgainst)
    if (answer.kind === 'open')
      return notNow('the service does not work now', answer.retry_after_ms)
    const { result } = answer
    countOutside(this.#options.service(key), result)
    const trouble = result.kind === 'later' ? result.trouble : undefined
    if (circuit.state !== 'closed') way.pace.startAnew()
    else if (trouble === 'busy') way.pace.slowDown()
    else if (!speaksAgainst(result)) way.pace.wentWell()
    if (trouble === 'busy' && result.kind === 'later')
      way.rests_until = Date.now() + Math.min(result.retry_after_ms ?? 0, REST_MAX_MS)
    if (!isOutage(result, circuit)) return result
    // Not as soon as the next trial: that is for another one, should this one be what is wrong.
    const retry_after_ms = Math.round(circuit.wait_ms * TRIED_WAITS_RATIO)
    return { ...result, is_outage: true, retry_after_ms }
  }

  #wayOf(key: string): Way {
    const known = this.#ways.get(key)
    if (known) return known
    const [oldest] = this.#ways.keys()
    if (this.#ways.size >= KEPT_MAX_COUNT && oldest !== undefined) this.#ways.delete(oldest)
    const { kv } = this.#storage
    const max = this.#options.at_once_max_count
    const pace = new Pace({
      max,
      allowed: kv.get<number>(`${prefix}${key}`),
      onChange: (allowed) => {
        if (allowed === max) kv.delete(`${prefix}${key}`)
        else kv.put(`${prefix}${key}`, allowed)
      },
    })
    const way = { pace, rests_until: 0 }
    this.#ways.set(key, way)
    return way
  }
}

const speaksAgainst = (delivery: Delivery): boolean =>
  delivery.kind === 'later' && (delivery.trouble === 'away' || delivery.trouble === 'denied')

const isOutage = (delivery: Delivery, circuit: Circuit): delivery is Later =>
  speaksAgainst(delivery) && circuit.state !== 'closed' && circuit.away_ms < OUTAGE_MAX_MS

type Later = Extract<Delivery, { readonly kind: 'later' }>

const notNow = (reason: string, retry_after_ms: number): Delivery => ({
  ...{ kind: 'later', retry_after_ms, reason, tried: false },
})

/** A mistake of ours; whether it was sent is not known. */
const broken = (error: unknown): Delivery => {
  log.error('channel_failed', { error: String(error) })
  return away('it could not be sent')
}
