/**
 * Where messages of one shard wait to go: each room by itself, people and each outside service
 * together. Knows how many wait and whose turn it is, never the messages themselves; bounded, what
 * is beyond the bound stays in the buffer until it is looked up (LIM-4).
 */
import { chooseLevel } from './schedule.ts'
import { levels, type Level, type StoredType } from './row.ts'
import type { DispatchSettings } from './settings.ts'

/** Milliseconds since the epoch of Unix. */
type Instant = number

export type Destination = {
  readonly name: string
  readonly isRoom: boolean
  /** A batch is taken or not as a whole; couriers take each by itself. */
  readonly isWhole: boolean
  /** By priority, those in flight included. */
  readonly waiting: [number, number, number]
  /** Since when the first of them waits, as far as is known. */
  readonly since: [Instant, Instant, Instant]
  phase:
    | { readonly kind: 'ready' }
    /** A batch is in flight or being made. */
    | { readonly kind: 'busy' }
    /** `wakes`: something new may go at once; all that was known is held back. */
    | { readonly kind: 'paused'; until: Instant; readonly wakes: boolean }
  /** Messages of the next batch. */
  size: number
  /** Batches that failed in a row. */
  failures: number
  /** So many of the first hold one that made a batch fail, maybe. */
  suspects: number
  /** The highest priority of what arrived since a batch was last made; 3: nothing did. */
  fresh: number
  /** Counts the places in its batches. */
  place: number
  /** Queues that are held back by their first message, and until when. */
  readonly held: Map<number, Instant>
}

export class Destinations {
  readonly #settings: DispatchSettings
  readonly #byName = new Map<string, Destination>()
  /** By the highest priority that waits; in each the one that is ready for longest comes first. */
  readonly #ready: readonly [Set<Destination>, Set<Destination>, Set<Destination>] = [
    new Set(),
    new Set(),
    new Set(),
  ]
  readonly #paused = new Set<Destination>()
  #rooms_in_flight = 0
  #place = 0
  /** Something waits for a destination that is not known here. */
  has_unknown = false

  constructor(settings: DispatchSettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#byName.size
  }

  of(name: string): Destination | undefined {
    return this.#byName.get(name)
  }

  /** @param since when the first of them was accepted */
  arrived(name: string, { level, count, since }: Arrival): void {
    const destination = this.#byName.get(name) ?? this.#added(name)
    if (!destination) return
    if (destination.waiting[level] === 0) destination.since[level] = since
    destination.waiting[level] += count
    destination.fresh = Math.min(destination.fresh, level)
    const { phase } = destination
    if (phase.kind === 'ready' || (phase.kind === 'paused' && phase.wakes)) this.ready(destination)
  }

  /** @param groups all that wait, or the first of them */
  meet(groups: readonly (Arrival & { readonly destination: string })[]): void {
    this.has_unknown = groups.length >= this.#settings.destinations_max_count
    const known = new Set(this.#byName.keys())
    for (const { destination, ...arrival } of groups)
      if (!known.has(destination)) this.arrived(destination, arrival)
  }

  /** They are final. */
  left(destination: Destination, level: Level, count: number): void {
    destination.waiting[level] = Math.max(0, destination.waiting[level] - count)
  }

  /** The next one to work for, which is busy from now on. */
  next(now: Instant): Destination | undefined {
    for (const paused of this.#paused)
      if (paused.phase.kind === 'paused' && paused.phase.until <= now) this.ready(paused)
    const heads = levels.map((level) => {
      const head = this.#head(level)
      return head?.since[level]
    }) as [Instant | undefined, Instant | undefined, Instant | undefined]
    const level = chooseLevel(heads, { place: this.#place, now }, this.#settings)
    const chosen = level === undefined ? undefined : this.#head(level)
    if (!chosen) return undefined
    this.#place += 1
    this.#leave(chosen)
    chosen.phase = { kind: 'busy' }
    if (chosen.isRoom) this.#rooms_in_flight += 1
    return chosen
  }

  /** Whatever was counted, nothing waits for it. */
  emptied(destination: Destination): void {
    destination.waiting.fill(0)
  }

  /** It may have its next turn; where nothing waits it is forgotten. */
  ready(destination: Destination): void {
    this.#leave(destination)
    const level = levels.find((one) => destination.waiting[one] > 0)
    if (level === undefined) return this.#forget(destination)
    destination.phase = { kind: 'ready' }
    this.#ready[level].add(destination)
  }

  pause(destination: Destination, until: Instant, wakes: boolean): void {
    this.#leave(destination)
    if (levels.every((level) => destination.waiting[level] === 0)) return this.#forget(destination)
    destination.phase = { kind: 'paused', until, wakes }
    this.#paused.add(destination)
  }

  /** Nothing is paused or held back for longer than until then. */
  resumeBy(latest: Instant): void {
    for (const { phase, held } of this.#byName.values()) {
      if (phase.kind === 'paused') phase.until = Math.min(phase.until, latest)
      for (const [queue, until] of held) if (until > latest) held.set(queue, latest)
    }
  }

  /** The next moment at which one that is paused may go on; undefined: none is paused. */
  nextDue(): Instant | undefined {
    let due: Instant | undefined
    for (const { phase } of this.#paused)
      if (phase.kind === 'paused' && (due === undefined || phase.until < due)) due = phase.until
    return due
  }

  get isBusy(): boolean {
    return this.#byName.size > this.#paused.size
  }

  /** The longest wait of each priority. */
  oldest(now: Instant): [number, number, number] {
    const oldest: [number, number, number] = [0, 0, 0]
    for (const { waiting, since } of this.#byName.values())
      for (const level of levels)
        if (waiting[level] > 0) oldest[level] = Math.max(oldest[level], now - since[level])
    return oldest
  }

  /** There is room to learn of destinations that are not known. */
  get lacksSome(): boolean {
    return this.has_unknown && this.#byName.size < this.#settings.destinations_max_count / 2
  }

  /** The first that may have a place now: rooms of low priority never take all of them. */
  #head(level: Level): Destination | undefined {
    const { rooms_in_flight_max_count: max, rooms_for_high_count: for_high } = this.#settings
    const ready = this.#ready[level]
    if (this.#rooms_in_flight < max - level * for_high) return first(ready)
    for (const name of notRooms) {
      const one = this.#byName.get(name)
      if (one && ready.has(one)) return one
    }
    return undefined
  }

  #added(name: string): Destination | undefined {
    if (this.#byName.size >= this.#settings.destinations_max_count) {
      this.has_unknown = true
      return undefined
    }
    const isRoom = name.startsWith('room ')
    const { batch_start_count, parcels_start_count } = this.#settings
    const isWhole = isRoom || name === 'user'
    const added: Destination = {
      name,
      isRoom,
      isWhole,
      waiting: [0, 0, 0],
      since: [0, 0, 0],
      phase: { kind: 'ready' },
      size: isWhole ? batch_start_count : parcels_start_count,
      failures: 0,
      suspects: 0,
      fresh: 3,
      place: 0,
      held: new Map(),
    }
    this.#byName.set(name, added)
    return added
  }

  #leave(destination: Destination): void {
    if (destination.phase.kind === 'busy' && destination.isRoom) this.#rooms_in_flight -= 1
    for (const ready of this.#ready) ready.delete(destination)
    this.#paused.delete(destination)
  }

  #forget(destination: Destination): void {
    this.#byName.delete(destination.name)
  }
}

const first = <Value>(values: Iterable<Value>): Value | undefined => {
  for (const value of values) return value
  return undefined
}

/** One each, so they need not wait for a place among the rooms. */
const notRooms = ['user', 'email', 'whatsapp', 'webhook'] as const satisfies readonly StoredType[]

type Arrival = { readonly level: Level; readonly count: number; readonly since: Instant }
