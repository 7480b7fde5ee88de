/**
 * Writes what became of messages, in one turn of the object: the state of each, what its sender is
 * owed, and the call of the sender's webhook, which is a message of our own. So each outcome is told
 * to a webhook once, also over a crash (DISP-5).
 */
import type { Destination, Destinations } from '../domain/dispatch/destinations.ts'
import { entered, finished, left, type Ledger } from '../domain/dispatch/ledger.ts'
import type { Places } from '../domain/dispatch/places.ts'
import { levelOf, ROW_OVERHEAD_BYTES, type WaitingRow } from '../domain/dispatch/row.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import { seqOfTracking, trackingId } from '../domain/dispatch/tracking-id.ts'
import { hash53 } from '../lib/hash53.ts'
import type { WebhookEvent } from '../protocol/one-way.ts'
import { log } from '../telemetry/log.ts'
import type { DispatchBuffer } from './dispatch-buffer.ts'
import type { Debt } from './dispatch-debts.ts'
import type { Settled } from './dispatch-drain.ts'
import type { DispatchSenders } from './dispatch-senders.ts'
import { outcomeIn, type DispatchTeller } from './dispatch-teller.ts'
import type { DispatchTracking } from './dispatch-tracking.ts'

type Parts = {
  readonly settings: DispatchSettings
  readonly buffer: DispatchBuffer
  readonly tracking: DispatchTracking
  readonly ledger: Ledger
  readonly places: Places
  readonly destinations: Destinations
  readonly senders: DispatchSenders
  readonly teller: DispatchTeller
  /** Of the layout in force. */
  readonly epoch: () => number
}

export class DispatchSettler {
  readonly #parts: Parts
  #pruned_upto = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async settle(destination: Destination, settled: readonly Settled[]): Promise<void> {
    if (settled.length === 0) return
    const told = settled.filter(isForWebhook).map(([{ sender_id }]) => sender_id)
    const hooked = told.length === 0 ? none : await this.#parts.senders.withWebhook(told)
    this.#write(destination, settled, hooked)
  }

  /** Takes final ones away that are too old or too many, one step. @returns whether there are more */
  prune(now: number): boolean {
    const { buffer, ledger, settings, places } = this.#parts
    const { final_max_age_ms, final_max_count, prune_step_count } = settings
    const excess = ledger.final_count - final_max_count
    const of = { before: places.last_seq, limit: prune_step_count }
    const { count, upto } =
      excess > 0
        ? buffer.prune({ ...of, after: this.#pruned_upto, finished_before: now + 1 })
        : buffer.prune({ ...of, after: 0, finished_before: now - final_max_age_ms })
    ledger.final_count -= count
    this.#pruned_upto = excess > 0 && count === prune_step_count ? upto : 0
    return count === prune_step_count
  }

  /** Nothing here waits: all of it is durable, or none. */
  #write(destination: Destination, settled: readonly Settled[], hooked: ReadonlySet<string>): void {
    const { buffer, ledger, settings, teller } = this.#parts
    const now = Date.now()
    const placed: [number, number, number][] = []
    const debts = new Map<string, MutableDebt>()
    let count = 0
    for (const one of settled) {
      const [row, outcome] = one
      if (outcome.kind === 'retrying') {
        buffer.retrying(row.seq, outcome)
        continue
      }
      count += 1
      this.#leave(destination, row)
      if (row.recipient_type === 'webhook') {
        if (outcome.kind !== 'delivered') logUntold(row, outcome.kind)
        buffer.remove(row.seq)
        continue
      }
      ledger.final_count += 1
      ledger[outcome.kind] += 1
      if (outcome.kind === 'committed' && outcome.message_id === row.tracking_id)
        placed.push([row.seq, outcome.sequence_number, outcome.revision])
      else buffer.finished(row.seq, outcome, now)
      note(debts, one)
      if (isForWebhook(one) && hooked.has(row.sender_id)) this.#call(row, now)
    }
    buffer.committed(placed, now)
    teller.owe(debts.values())
    finished(ledger, count, now)
    if (ledger.final_count > settings.final_max_count) this.prune(now)
  }

  #leave(destination: Destination, row: WaitingRow): void {
    const { ledger, destinations } = this.#parts
    left(ledger, row)
    destinations.left(destination, row.level, 1)
    // Those behind it are not older.
    destination.since[row.level] = row.accepted_at
  }

  /** A message of our own to the webhook of a sender. */
  #call({ seq, tracking_id, sender_id }: WaitingRow, now: number): void {
    const { buffer, tracking, ledger, places, destinations, epoch } = this.#parts
    const row = tracking.track(seq, tracking_id)
    if (!row) return
    const event: WebhookEvent = {
      type: 'one_way.outcome',
      timestamp: new Date(now).toISOString(),
      data: outcomeIn(row),
    }
    const body = JSON.stringify(event)
    const place = places.next(now, Math.random())
    const level = levelOf('normal')
    const counted = { level, epoch: epoch(), bytes: body.length + ROW_OVERHEAD_BYTES }
    const id = trackingId(place)
    buffer.insert({
      ...counted,
      seq: seqOfTracking(id),
      tracking_id: id,
      sender_id,
      recipient_type: 'webhook',
      recipient_id: sender_id,
      destination: 'webhook',
      queue: hash53(`webhook ${sender_id}`),
      idempotency_key: null,
      request_id: '',
      request_place: 0,
      digest: null,
      accepted_at: place.at,
      body,
    })
    places.taken(place)
    entered(ledger, counted)
    destinations.arrived('webhook', { level, count: 1, since: place.at })
  }
}

type MutableDebt = {
  -readonly [Key in keyof Debt]: Key extends 'listed' ? number[] : Debt[Key]
}

const none: ReadonlySet<string> = new Set()

/** What did not arrive, and what arrived outside. What is in a room can be seen there. */
const isForWebhook = ([row, outcome]: Settled): boolean =>
  row.recipient_type !== 'webhook' &&
  (outcome.kind === 'rejected' ||
    outcome.kind === 'dead' ||
    (outcome.kind === 'delivered' && row.recipient_type !== 'user'))

const note = (debts: Map<string, MutableDebt>, [row, outcome]: Settled): void => {
  const { sender_id } = row
  let debt = debts.get(sender_id)
  if (!debt) debts.set(sender_id, (debt = { sender_id, committed: 0, delivered: 0, listed: [] }))
  if (outcome.kind === 'committed' || outcome.kind === 'delivered') debt[outcome.kind] += 1
  else debt.listed.push(row.seq)
}

const logUntold = ({ tracking_id }: WaitingRow, kind: string): void =>
  log.warn('webhook_not_told', { tracking_id, kind })
