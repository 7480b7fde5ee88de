/**
 * Empties one shard of the buffer: takes batches of the destinations whose turn it is, several at a
 * time, one of each; makes the next batch of a room while one is in flight (DISP-7).
 */
import { backoffMs } from '../domain/dispatch/backoff.ts'
import { batchFailed, batchRefused, tookBatch, tookParcels } from '../domain/dispatch/batch-size.ts'
import type { Destination, Destinations } from '../domain/dispatch/destinations.ts'
import { outcomeOf, type Outcome, type Reply, type Verdict } from '../domain/dispatch/outcome.ts'
import type { WaitingRow } from '../domain/dispatch/row.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import { log } from '../telemetry/log.ts'
import type { DispatchBatches, Batch } from './dispatch-batches.ts'
import type { DispatchDelivery } from './dispatch-delivery.ts'

export type Settled = readonly [WaitingRow, Outcome]

type Parts = {
  readonly settings: DispatchSettings
  readonly destinations: Destinations
  readonly batches: DispatchBatches
  readonly delivery: DispatchDelivery
  /** Writes what became of messages. */
  readonly settle: (destination: Destination, settled: readonly Settled[]) => Promise<void>
  /** A room says how it fares. */
  readonly fares: (level: number) => void
  /** After each batch, when there may be something new to wait for. */
  readonly turned: () => void
}

/** When a destination may go on; undefined: at once. */
type Pause = { readonly until: number; readonly wakes: boolean } | undefined

export class DispatchDrain {
  readonly #parts: Parts
  /** Made before their turn; only of rooms that have one in flight. */
  readonly #ahead = new Map<Destination, Batch>()
  #isKicked = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** After the turn of the object that is going on: its callers come first. */
  kick(): void {
    if (this.#isKicked) return
    this.#isKicked = true
    setTimeout(() => {
      this.#isKicked = false
      this.#pump()
    }, 0)
  }

  #pump(): void {
    const { destinations, turned } = this.#parts
    for (;;) {
      const destination = destinations.next(Date.now())
      if (!destination) break
      void this.#work(destination)
    }
    turned()
  }

  /** One batch; never throws. */
  async #work(destination: Destination): Promise<void> {
    const { destinations, settings } = this.#parts
    let pause: Pause
    try {
      pause = await this.#turn(destination)
    } catch (error) {
      const { name } = destination
      log.error('drain_failed', { destination: name, error: String(error) })
      destination.failures += 1
      const due_ms = backoffMs(destination.failures, Math.random(), settings)
      pause = { until: Date.now() + due_ms, wakes: false }
    }
    if (pause) destinations.pause(destination, pause.until, pause.wakes)
    else destinations.ready(destination)
    this.#pump()
    // What was made ahead is of use now or not at all: memory is for those in flight (LIM-4).
    if (destination.phase.kind !== 'busy') this.#ahead.delete(destination)
  }

  async #turn(destination: Destination): Promise<Pause> {
    const { batches } = this.#parts
    const batch = this.#takenAhead(destination) ?? batches.take(destination)
    if (!batch) return this.#heldBack(destination)
    const began_at = Date.now()
    const sent = this.#send(destination, batch)
    if (destination.isRoom && destination.failures === 0 && destination.suspects === 0) {
      const next = batches.take(destination, batch.upto)
      if (next) this.#ahead.set(destination, next)
    }
    const { reply, isClean } = await sent
    if (!isClean) this.#ahead.delete(destination)
    return this.#judge(destination, batch, { reply, took_ms: Date.now() - began_at })
  }

  #heldBack(destination: Destination): Pause {
    const { batches, destinations } = this.#parts
    const held = batches.held(destination)
    if (!held) destinations.emptied(destination)
    return held
  }

  /** Of no use where something of higher priority has arrived since. */
  #takenAhead(destination: Destination): Batch | undefined {
    const ahead = this.#ahead.get(destination)
    this.#ahead.delete(destination)
    return ahead && destination.fresh >= ahead.lowest ? ahead : undefined
  }

  /** @returns with `isClean` where nothing of it has to be sent again */
  async #send(
    destination: Destination,
    batch: Batch,
  ): Promise<{ readonly reply: Reply; readonly isClean: boolean }> {
    const { delivery, settle } = this.#parts
    const [reply] = await Promise.all([
      delivery.deliver(destination.name, batch.ready),
      settle(destination, batch.bad),
    ])
    const rows = batch.ready.map(({ row }) => row)
    const verdicts = verdictsOf(reply, rows.length)
    const settled = this.#settledBy(rows, verdicts)
    for (const [row, outcome] of settled)
      if (outcome.kind === 'retrying') destination.held.set(row.queue, outcome.next_attempt_at)
    // Each webhook is a service of its own: one that is away holds up no other.
    if (destination.name === 'webhook' && reply.kind === 'answered')
      this.#holdUntried(destination, rows, reply)
    await settle(destination, settled)
    const isClean =
      settled.length === rows.length && settled.every(([, { kind }]) => kind !== 'retrying')
    return { reply, isClean }
  }

  #holdUntried(
    destination: Destination,
    rows: readonly WaitingRow[],
    { verdicts, retry_after_ms = 0 }: Reply & { readonly kind: 'answered' },
  ): void {
    const until = Date.now() + Math.max(retry_after_ms, this.#parts.settings.retry_min_ms)
    rows.forEach(({ queue }, index) => {
      if (verdicts[index]?.kind === 'untried') destination.held.set(queue, until)
    })
  }

  #settledBy(rows: readonly WaitingRow[], verdicts: readonly Verdict[]): Settled[] {
    const now = Date.now()
    return rows.flatMap((row, index): Settled[] => {
      const verdict = verdicts[index] ?? { kind: 'untried' }
      const chances = { now, chance: Math.random() }
      const outcome = outcomeOf(verdict, row, chances, this.#parts.settings)
      return outcome ? [[row, outcome]] : []
    })
  }

  #judge(
    destination: Destination,
    { ready }: Batch,
    { reply, took_ms }: { readonly reply: Reply; readonly took_ms: number },
  ): Pause {
    const { settings, fares } = this.#parts
    const count = ready.length
    const later = (retry_after_ms = 0): Pause => {
      const due_ms = backoffMs(destination.failures, Math.random(), settings)
      return { until: Date.now() + Math.max(retry_after_ms, due_ms), wakes: false }
    }
    if (count === 0) return undefined
    switch (reply.kind) {
      case 'answered': {
        fares(reply.level)
        const of = (kind: Verdict['kind']) =>
          reply.verdicts.filter((verdict) => verdict.kind === kind).length
        const untried = destination.name === 'webhook' ? 0 : of('untried')
        if (destination.isWhole) tookBatch(destination, { count, took_ms }, settings)
        else tookParcels(destination, { count, untried, troubled: of('troubled') }, settings)
        if (untried === 0) return undefined
        if (destination.failures === 0) destination.failures = 1
        return later(reply.retry_after_ms)
      }
      case 'away':
        batchRefused(destination)
        return later(reply.retry_after_ms)
      case 'failed':
        batchFailed(destination, count, settings)
        // Alone it waits by itself, and holds up nobody.
        return count === 1 ? undefined : later()
    }
  }
}

/** Where a batch failed as a whole nothing is said of its messages, unless it was only one. */
const verdictsOf = (reply: Reply, count: number): readonly Verdict[] => {
  if (reply.kind === 'answered') return reply.verdicts
  if (reply.kind === 'failed' && count === 1)
    return [{ kind: 'troubled', reason: { code: 'internal', message: reply.reason } }]
  return []
}
