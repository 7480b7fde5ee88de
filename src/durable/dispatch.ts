/**
 * One shard of the burst lane (DISP): one-way messages are durable in its SQLite before anybody
 * hears 202, and leave by priority, in batches, into rooms or to couriers.
 */
import { DurableObject } from 'cloudflare:workers'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import { pressedBack } from '../domain/dispatch/backpressure.ts'
import { bodyOf, digestOf } from '../domain/dispatch/body.ts'
import type {
  AcceptAnswer,
  Accepted,
  AcceptRequest,
  Tracked,
  TrackingFilter,
} from '../domain/dispatch/buffered.ts'
import { Destinations } from '../domain/dispatch/destinations.ts'
import {
  emptyLedger,
  entered,
  figuresOf,
  oldestEpoch,
  type Ledger,
} from '../domain/dispatch/ledger.ts'
import { Places } from '../domain/dispatch/places.ts'
import { orderKey, queueKey } from '../domain/dispatch/layout.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import { destinationOf, levelOf, ROW_OVERHEAD_BYTES } from '../domain/dispatch/row.ts'
import { seqOfTracking, trackingId } from '../domain/dispatch/tracking-id.ts'
import type { Env } from '../env.ts'
import { hash53 } from '../lib/hash53.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { sheddable } from '../protocol/degradation.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import type { BufferFigures } from '../protocol/health.ts'
import type { OneWayMessage } from '../protocol/one-way.ts'
import { Alarm } from './alarm.ts'
import { refresh, tell } from './configuration.ts'
import { DispatchBatches } from './dispatch-batches.ts'
import { DispatchBuffer } from './dispatch-buffer.ts'
import { DispatchDebts } from './dispatch-debts.ts'
import { DispatchDelivery } from './dispatch-delivery.ts'
import { DispatchDrain } from './dispatch-drain.ts'
import { DispatchFormer } from './dispatch-former.ts'
import { DispatchMeter } from './dispatch-meter.ts'
import { DispatchSenders } from './dispatch-senders.ts'
import { readDispatchSettings } from './dispatch-settings.ts'
import { DispatchSettler } from './dispatch-settler.ts'
import { DispatchTeller } from './dispatch-teller.ts'
import { DispatchTracking } from './dispatch-tracking.ts'
import { SettingsInForce } from './settings-in-force.ts'
import { shardNumber } from './stubs.ts'

type Result = Accepted | { readonly ok: false; readonly refusal: Refusal }

export class Dispatch extends DurableObject<Env> {
  readonly #shard
  readonly #in_force: SettingsInForce<DispatchSettings>
  /** One for all parts of this shard: changed in place, and each of them looks at it anew. */
  readonly #settings: DispatchSettings
  readonly #buffer: DispatchBuffer
  readonly #tracking: DispatchTracking
  readonly #ledger: Ledger
  readonly #places: Places
  readonly #destinations: Destinations
  readonly #former: DispatchFormer
  readonly #teller: DispatchTeller
  readonly #settler: DispatchSettler
  readonly #drain: DispatchDrain
  readonly #alarm: Alarm
  readonly #meter: DispatchMeter
  /** The newest epoch of the layout that this shard has heard of: older ones are over (DISP-8). */
  #epoch: number
  #sheds_low_until = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const shard = shardNumber(ctx.id.name)
    this.#in_force = new SettingsInForce(env, readDispatchSettings)
    const settings = { ...this.#in_force.current }
    const { sql } = ctx.storage
    const buffer = new DispatchBuffer(sql)
    const tracking = new DispatchTracking(sql)
    const destinations = new Destinations(settings)
    const ledger = emptyLedger(Date.now())
    const places = new Places(shard, buffer.newest())
    const senders = new DispatchSenders(env, settings)
    const teller = new DispatchTeller(env, new DispatchDebts(sql), settings)
    const former = new DispatchFormer(env, shard, ctx.storage.kv, settings)
    const epoch = () => this.#epoch
    const shared = {
      settings,
      buffer,
      tracking,
      ledger,
      places,
      destinations,
      senders,
      teller,
      epoch,
    }
    const settler = new DispatchSettler(shared)
    this.#drain = new DispatchDrain({
      settings,
      destinations,
      batches: new DispatchBatches(buffer, former, settings),
      delivery: new DispatchDelivery(env, shard, settings, senders),
      settle: (destination, settled) => settler.settle(destination, settled),
      fares: (level) => this.#fares(level),
      turned: () => this.#turned(),
    })
    this.#shard = shard
    this.#settings = settings
    this.#buffer = buffer
    this.#tracking = tracking
    this.#destinations = destinations
    this.#ledger = ledger
    this.#places = places
    this.#teller = teller
    this.#former = former
    this.#settler = settler
    this.#alarm = new Alarm(ctx.storage)
    this.#epoch = ctx.storage.kv.get<number>('epoch') ?? 1
    this.#meter = new DispatchMeter({ env, ctx, shard, figures: () => this.figures() })
    this.#recall()
  }

  /** Durable when it returns. */
  accept(request: AcceptRequest): AcceptAnswer {
    this.#takeUp()
    const { epoch, messages } = request
    const now = Date.now()
    // A call whose answer was lost may have been heard under the layout before.
    const heard = request.is_repeat ? this.#heardBefore(request, now) : undefined
    if (heard) return { kind: 'answered', results: heard }
    if (epoch < this.#epoch) return { kind: 'moved', epoch: this.#epoch }
    this.#adopt(epoch)
    const results = messages.map((message, place) => this.#accept(message, { request, place, now }))
    // With the messages, in the same write: whatever happens now, somebody wakes to deliver them.
    this.#alarm.armBy(now + this.#settings.watch_ms)
    this.#drain.kick()
    this.#meter.turned()
    return { kind: 'answered', results }
  }

  /** An operator has changed the configuration (OPS-4). */
  configured(held: HeldConfiguration): void {
    tell(held)
    this.#takeUp()
  }

  /** Undefined: this shard has no such message. */
  track(tracking_id: string): Tracked | undefined {
    return this.#tracking.track(seqOfTracking(tracking_id), tracking_id)
  }

  /** Newest first. */
  list(filter: TrackingFilter): Tracked[] {
    return this.#tracking.list(filter)
  }

  /** Sends a dead one again. */
  retry(tracking_id: string): Outcome<Tracked> {
    const known = this.track(tracking_id)
    if (!known) return failure(refusal('not_found', 'no such message'))
    if (known.status !== 'dead') return failure(refusal('conflict', 'it is not dead'))
    const { buffer_max_count } = this.#settings
    if (this.#ledger.count >= buffer_max_count)
      return failure(refusal('unavailable', 'the buffer of messages is full', 5_000))
    const revived = this.#buffer.revived(seqOfTracking(tracking_id))
    const tracked = this.track(tracking_id)
    if (!revived || !tracked) return failure(refusal('not_found', 'no such message'))
    const { destination, level, accepted_at: since } = revived
    entered(this.#ledger, revived)
    this.#ledger.final_count -= 1
    this.#destinations.arrived(destination, { level, count: 1, since })
    this.#arm(Date.now())
    this.#drain.kick()
    return success(tracked)
  }

  /** Of these keys (see `queueKey`) those of which something is held from before an epoch. */
  heldAmong(epoch: number, keys: readonly string[]): HeldAnswer {
    this.#adopt(epoch)
    const queues = new Map(keys.map((key) => [hash53(key), key]))
    const held = this.#buffer.queuesHeld(epoch, [...queues.keys()])
    return {
      held: keys.filter((key) => held.has(hash53(key))),
      oldest_epoch: this.oldestEpoch(epoch),
    }
  }

  /** The oldest epoch of which something is held; where nothing is, the one that is told. */
  oldestEpoch(epoch: number): number {
    this.#adopt(epoch)
    return Math.min(epoch, oldestEpoch(this.#ledger))
  }

  figures(): BufferFigures {
    this.#takeUp()
    const [high, normal, low] = this.#destinations.oldest(Date.now())
    return figuresOf(this.#ledger, {
      shard: this.#shard,
      settings: this.#settings,
      oldest_ms: { high, normal, low },
    })
  }

  override alarm(): void {
    const now = Date.now()
    this.#alarm.wentOff()
    this.#takeUp()
    if (this.#settler.prune(now)) this.#alarm.armBy(now + this.#settings.watch_ms)
    this.#drain.kick()
    this.#turned()
  }

  /**
   * Takes up the configuration that is in force (OPS-4), and asks whether it still is. What is held
   * stays, though it be more than may be held now; a batch under way ends as it began.
   */
  #takeUp(): void {
    const asking = refresh(this.env)
    if (asking) this.ctx.waitUntil(asking)
    const settings = this.#in_force.takeUp()
    if (!settings) return
    const isShorter = settings.retry_max_ms < this.#settings.retry_max_ms
    Object.assign(this.#settings, settings)
    if (isShorter) this.#retryInTime(Date.now() + settings.retry_max_ms)
    this.#drain.kick()
    this.#arm(Date.now())
  }

  /** Nothing that waits for its next try waits longer than a try made now would. */
  #retryInTime(latest: number): void {
    this.#buffer.retryBy(latest)
    this.#destinations.resumeBy(latest)
  }

  #accept(
    message: OneWayMessage,
    { request, place, now }: { request: AcceptRequest; place: number; now: number },
  ): Result {
    const { sender_id, epoch, request_id } = request
    const { recipient, priority, idempotency_key = null } = message
    const body_of = bodyOf(message)
    const body = JSON.stringify(body_of)
    const digest = idempotency_key === null ? null : digestOf(body_of)
    const level = levelOf(priority)
    const bytes = utf8Length(body) + ROW_OVERHEAD_BYTES
    const sheds_low = now < this.#sheds_low_until
    const wish = { level, bytes, sheds_low, now, chance: Math.random() }
    const refused = pressedBack(this.#ledger, wish, this.#settings)
    const key = { sender_id, recipient_type: recipient.type, recipient_id: recipient.id }
    const repeated = () =>
      idempotency_key === null ? undefined : this.#known({ ...key, idempotency_key }, digest)
    if (refused) {
      // What was accepted before stays so, also while there is no room for more.
      const known = repeated()
      if (known) return known
      this.#ledger[refused.code === 'rate_limited' ? 'slowed' : 'refused'] += 1
      return { ok: false, refusal: refused }
    }
    const destination = destinationOf(recipient.type, recipient.id)
    const next = this.#places.next(now, Math.random())
    const tracking_id = trackingId(next)
    const { seq, at: accepted_at } = next
    const queue = hash53(queueKey(orderKey(sender_id, recipient), priority))
    const isNew = this.#buffer.insert({
      ...key,
      ...{ seq, tracking_id, epoch, destination, queue, level, idempotency_key, digest },
      ...{ request_id, request_place: place, bytes, accepted_at, body },
    })
    const known = isNew ? undefined : repeated()
    if (known) return known
    this.#places.taken(next)
    entered(this.#ledger, { bytes, level, epoch })
    this.#ledger.accepted += 1
    this.#destinations.arrived(destination, { level, count: 1, since: accepted_at })
    return { ok: true, tracking_id, status: 'accepted' }
  }

  /** All of a call was written or nothing; what it has not left here was refused. */
  #heardBefore({ sender_id, request_id, messages }: AcceptRequest, now: number) {
    const since = now - this.#settings.repeat_max_ms
    const rows = this.#buffer.ofRequest({ sender_id, request_id, since })
    if (rows.length === 0) return undefined
    const byPlace = new Map(rows.map((row) => [row.request_place, row]))
    const again = refusal('unavailable', 'not accepted the first time', 1_000)
    return messages.map((_, place): Result => {
      const row = byPlace.get(place)
      if (!row) return { ok: false, refusal: again }
      return { ok: true, tracking_id: row.tracking_id, status: row.status }
    })
  }

  /** What became of one that was posted before with the same key. */
  #known(
    key: {
      readonly sender_id: string
      readonly recipient_type: string
      readonly recipient_id: string
      readonly idempotency_key: string
    },
    digest: number | null,
  ): Result | undefined {
    const known = this.#buffer.known(key)
    if (!known) return undefined
    const { tracking_id, status } = known
    if (known.digest === digest) return { ok: true, tracking_id, status }
    const message = 'another message was posted with this idempotency_key'
    return { ok: false, refusal: refusal('conflict', message) }
  }

  #adopt(epoch: number): void {
    if (epoch <= this.#epoch) return
    this.#epoch = epoch
    this.ctx.storage.kv.put('epoch', epoch)
    void this.#former.learn(epoch)
  }

  /** What is in storage, after an eviction. */
  #recall(): void {
    for (const { level, epoch, count, bytes } of this.#buffer.held())
      entered(this.#ledger, { level, epoch, bytes }, count)
    this.#ledger.final_count = this.#buffer.finalCount()
    this.#meet()
  }

  /** Learns of destinations that it does not know. */
  #meet(): void {
    const { destinations_max_count } = this.#settings
    this.#destinations.meet(this.#buffer.waitingGroups(destinations_max_count))
  }

  /** A room that leaves out all that it can is spared messages of low priority (LIM-2). */
  #fares(level: number): void {
    if (level >= sheddable.length) this.#sheds_low_until = Date.now() + this.#settings.shed_low_ms
  }

  /** After each batch. */
  #turned(): void {
    if (this.#destinations.lacksSome) {
      this.#meet()
      this.#drain.kick()
    }
    this.#meter.turned()
    this.ctx.waitUntil(this.#teller.tellDue())
    this.#arm(Date.now())
  }

  /** While anything waits an alarm is due: should this instance die, another one goes on. */
  #arm(now: number): void {
    const { watch_ms, prune_pause_ms } = this.#settings
    const isWaiting = this.#destinations.isBusy || this.#destinations.has_unknown
    const dues = [
      isWaiting ? now + watch_ms : undefined,
      this.#destinations.nextDue(),
      this.#teller.due_at,
      this.#ledger.final_count > 0 ? now + prune_pause_ms : undefined,
    ].filter((due) => due !== undefined)
    if (dues.length > 0) this.#alarm.armBy(Math.min(...dues))
  }
}

type HeldAnswer = { readonly held: string[]; readonly oldest_epoch: number }

const encoder = new TextEncoder()

const utf8Length = (text: string): number => encoder.encode(text).byteLength
