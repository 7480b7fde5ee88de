/** Makes batches of what waits in the buffer: read, in order of priority, checked (DISP-4, DISP-5). */
import { compose } from '../domain/dispatch/compose.ts'
import type { Destination } from '../domain/dispatch/destinations.ts'
import type { Outcome } from '../domain/dispatch/outcome.ts'
import type { Level, WaitingRow } from '../domain/dispatch/row.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import { validate } from '../domain/dispatch/validate.ts'
import type { DispatchBuffer, WaitingEntry } from './dispatch-buffer.ts'
import type { Ready } from './dispatch-delivery.ts'
import type { DispatchFormer } from './dispatch-former.ts'

export type Batch = {
  readonly ready: readonly Ready[]
  /** They are rejected. */
  readonly bad: readonly (readonly [WaitingRow, Outcome])[]
  /** By priority: the place of the last one in it, or in those before it. */
  readonly upto: Upto
  /** The lowest priority in it. */
  readonly lowest: number
}

type Upto = readonly [number, number, number]

type Former = Pick<DispatchFormer, 'mayLeave' | 'ask'>

const fromTheStart: Upto = [0, 0, 0]

export class DispatchBatches {
  readonly #buffer: DispatchBuffer
  readonly #former: Former
  readonly #settings: DispatchSettings

  constructor(buffer: DispatchBuffer, former: Former, settings: DispatchSettings) {
    this.#buffer = buffer
    this.#former = former
    this.#settings = settings
  }

  /**
   * The next of a destination; undefined where all that waits is held back, or nothing is left.
   * @param after those up to these places are in flight, or were held back when they were passed:
   * where a queue may go again only a batch from the start has its first message in it (DISP-4)
   */
  take(destination: Destination, after = fromTheStart): Batch | undefined {
    const now = Date.now()
    for (const [queue, until] of destination.held) {
      if (until > now) continue
      if (after !== fromTheStart) return undefined
      destination.held.delete(queue)
    }
    destination.fresh = 3
    const { looks_max_count, held_max_count } = this.#settings
    for (let look = 0; look < looks_max_count; look += 1) {
      if (destination.held.size > held_max_count) return undefined
      const entries = this.#entries(destination, after)
      const { size, place } = destination
      const composed = compose(entries, { size, place, now }, this.#settings)
      if (composed.length === 0) return undefined
      destination.place += composed.length
      // Where all of them are held back there may be others behind them.
      const batch = this.#checked(destination, composed, after)
      if (batch.ready.length > 0 || batch.bad.length > 0) return batch
    }
    return undefined
  }

  /** Until when all of a destination is held back. */
  held(destination: Destination): { readonly until: number; readonly wakes: boolean } | undefined {
    const { held } = destination
    if (held.size === 0) return undefined
    const isFull = held.size > this.#settings.held_max_count
    return { until: Math.min(...held.values()), wakes: !isFull }
  }

  #entries(destination: Destination, after: Upto): [Entries, Entries, Entries] {
    return [
      this.#entriesOf(destination, 0, after[0]),
      this.#entriesOf(destination, 1, after[1]),
      this.#entriesOf(destination, 2, after[2]),
    ]
  }

  #entriesOf(destination: Destination, level: Level, after: number): Entries {
    if (destination.waiting[level] === 0) return []
    const { name, size, held } = destination
    const without = [...held.keys()]
    const of = { destination: name, level, limit: size }
    const entries = this.#buffer.waiting({ ...of, after, without })
    // Outside, each attempt is by itself: only the first of a queue may go, or a second one could
    // arrive although the first did not.
    return destination.isWhole ? entries : this.#firstOfQueues(of, entries, without)
  }

  #firstOfQueues(
    of: { readonly destination: string; readonly level: Level; readonly limit: number },
    some: Entries,
    without: readonly number[],
  ): Entries {
    const firsts = new Map<number, WaitingEntry>()
    let entries = some
    for (let look = 0; look < this.#settings.looks_max_count; look += 1) {
      for (const entry of entries) if (!firsts.has(entry.queue)) firsts.set(entry.queue, entry)
      const after = entries.at(-1)?.seq
      if (after === undefined || entries.length < of.limit || firsts.size >= of.limit) break
      entries = this.#buffer.waiting({ ...of, after, without: [...without, ...firsts.keys()] })
    }
    return [...firsts.values()].slice(0, of.limit)
  }

  #checked(destination: Destination, entries: Entries, after: Upto): Batch {
    const now = Date.now()
    const rows = new Map(
      this.#buffer.rows(entries.map(({ seq }) => seq)).map((row) => [row.seq, row]),
    )
    const ready: Ready[] = []
    const bad: [WaitingRow, Outcome][] = []
    const upto: [number, number, number] = [...after]
    let lowest = 0
    for (const { seq } of entries) {
      const row = rows.get(seq)
      if (!row || destination.held.has(row.queue) || this.#isHeld(destination, row, now)) continue
      // One that failed before goes by itself: it may be what made the batch fail (DISP-11).
      const isSuspect = destination.isWhole && row.attempts > 0
      if (isSuspect && ready.length + bad.length > 0) break
      upto[row.level] = seq
      lowest = Math.max(lowest, row.level)
      const validated = validate(row)
      if (validated.ok) ready.push({ row, sendable: validated.sendable })
      else bad.push([row, { kind: 'rejected', reason: validated.reason }])
      if (isSuspect) break
    }
    const fresh = ready.flatMap(({ row }) => (row.status === 'accepted' ? row.seq : []))
    this.#buffer.validated(fresh, now)
    return { ready, bad, upto, lowest }
  }

  /** It is not its time, or earlier ones wait elsewhere; the later ones of its queue wait for it. */
  #isHeld(destination: Destination, row: WaitingRow, now: number): boolean {
    const { next_attempt_at } = row
    if (next_attempt_at !== null && next_attempt_at > now) {
      destination.held.set(row.queue, next_attempt_at)
      return true
    }
    if (this.#former.mayLeave(row)) return false
    destination.held.set(row.queue, now + this.#settings.ask_pause_ms)
    void this.#former.ask(row.epoch)
    return true
  }
}

type Entries = readonly WaitingEntry[]
