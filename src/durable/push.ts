/**
 * One shard of the pushes (WEB-5): rooms tell it that something was said, it finds out whom that
 * concerns, asks the room who looks anyway, and sends. A thin shell around `domain/push`. Nothing
 * waits for it but the room's question whether to tell more.
 */
import { DurableObject } from 'cloudflare:workers'
import { readPushSettings, type PushSettings } from '../channels/push-settings.ts'
import type { Delivery as PushDelivery } from '../channels/channel.ts'
import { pushEndpoint } from '../channels/push-endpoint.ts'
import { WebPush, type PushMessage } from '../channels/web-push.ts'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import { deliveriesFor, type Delivery } from '../domain/push/decide.ts'
import {
  afterOf,
  heard,
  postponed,
  rangeOf,
  settled,
  type Errand,
  type RoomSaid,
} from '../domain/push/errand.ts'
import { defaultPushLimits as limits } from '../domain/push/settings.ts'
import type { Env } from '../env.ts'
import type { CircuitFigures } from '../protocol/health.ts'
import type { NotificationLevel } from '../protocol/notification.ts'
import { log } from '../telemetry/log.ts'
import { Alarm } from './alarm.ts'
import { tell } from './configuration.ts'
import { Errands } from './errands.ts'
import { PushDatabase } from './push-database.ts'
import { WaysMeter } from './ways-meter.ts'
import { WaysOut } from './ways-out.ts'

/** One service alone does not get all that an object may have on its way. */
const waysLimits = {
  at_once_max_count: 4,
  // A room's browsers come a page at a time; here they wait for each other, as long as it takes.
  waiting_max_count: 20_000,
  patience_ms: Infinity,
}

/** Should this instance die over its work, another one takes it up after so long. */
const RESUME_MS = 30_000

type Sent = { readonly delivery: Delivery; readonly outcome: PushDelivery }

type Answer = (wanted: NotificationLevel | undefined) => void

export class Push extends DurableObject<Env> {
  readonly #database: PushDatabase
  readonly #errands: Errands
  readonly #alarm: Alarm
  readonly #settings: PushSettings | undefined
  readonly #web_push: WebPush | undefined
  readonly #ways: WaysOut
  readonly #meter: WaysMeter
  /** Rooms for which this instance works at the moment. */
  readonly #busy = new Set<string>()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#database = new PushDatabase(env)
    this.#errands = new Errands(ctx.storage, limits)
    this.#alarm = new Alarm(ctx.storage)
    this.#settings = readPushSettings(env)
    this.#web_push = this.#settings && new WebPush(this.#settings)
    this.#ways = new WaysOut(ctx.storage, { service: (host) => `push:${host}`, ...waysLimits })
    this.#meter = new WaysMeter({ env, ctx, kind: 'push', circuits: () => this.figures() })
  }

  /**
   * Something was said in a room.
   * @returns the most that anybody there wants to hear; undefined where that is not known now
   */
  hear(said: RoomSaid): Promise<NotificationLevel | undefined> {
    const { room_id } = said
    this.#errands.keep(room_id, heard(this.#errands.of(room_id), said, Date.now()))
    return this.#work(room_id)
  }

  /** An operator has changed the configuration (OPS-4). */
  configured(held: HeldConfiguration): void {
    tell(held)
  }

  /** One per host of a push service that was asked since this object woke, or is left alone. */
  figures(): CircuitFigures[] {
    return this.#ways.figures()
  }

  override alarm(): void {
    this.#alarm.wentOff()
    for (const room_id of this.#errands.dueRooms(Date.now())) void this.#work(room_id)
    this.#arm()
  }

  /** One at a time for each room; what is heard meanwhile is due afterwards. */
  #work(room_id: string): Promise<NotificationLevel | undefined> {
    if (this.#busy.has(room_id)) return Promise.resolve(undefined)
    this.#busy.add(room_id)
    this.#meter.used()
    this.#arm()
    const answer = Promise.withResolvers<NotificationLevel | undefined>()
    const done = this.#run(room_id, answer.resolve)
      .catch((error: unknown) => {
        log.error('push_failed', { room_id, error: String(error) })
        this.#postpone(room_id)
      })
      .finally(() => {
        answer.resolve(undefined)
        this.#busy.delete(room_id)
        this.#arm()
      })
    this.ctx.waitUntil(done)
    return answer.promise
  }

  /** @param answer as soon as it is known: sending takes longer */
  async #run(room_id: string, answer: Answer): Promise<void> {
    const began_at = Date.now()
    const errand = this.#errands.of(room_id)
    const range = errand && rangeOf(errand, began_at)
    if (!range) return
    const all: Sent[] = []
    for (let after_user_id = ''; ;) {
      const args = { room_id, ...range, after_user_id, limit: limits.page_max_count }
      const read = await this.#database.readFacts(args)
      if (!read.ok) return this.#postpone(room_id)
      const facts = read.value
      if (facts === null) return this.#errands.keep(room_id, undefined)
      answer(facts.wants)
      const deliveries = deliveriesFor(facts, {
        room_id,
        now: began_at,
        afterOf: (subscription_id) => afterOf(errand, subscription_id, began_at),
      })
      all.push(...(await this.#sendAll(room_id, deliveries)))
      const last = facts.people.at(-1)
      if (last === undefined || facts.people.length < limits.page_max_count) break
      after_user_id = last.user_id
    }
    await this.#settle(room_id, { began_at, upto: range.upto, all })
  }

  /** To all but those who look at the room at this moment. */
  async #sendAll(room_id: string, deliveries: readonly Delivery[]): Promise<Sent[]> {
    const user_ids = [...new Set(deliveries.map(({ user_id }) => user_id))]
    const looking = await this.#database.lookingAmong(room_id, user_ids)
    const wanted = deliveries.filter(({ user_id }) => !looking.has(user_id))
    const sent = await Promise.all(
      wanted.map(async (delivery) => {
        const { payload, subscription: target } = delivery
        const outcome = await this.#send({ target, note: { payload, topic: topicOf(room_id) } })
        return outcome ? { delivery, outcome } : []
      }),
    )
    return sent.flat()
  }

  /** Undefined: nothing is pushed from here. */
  async #send(message: PushMessage): Promise<PushDelivery | undefined> {
    const web_push = this.#web_push
    if (!web_push || !this.#settings) return undefined
    const endpoint = pushEndpoint(this.#settings, message.target.endpoint)
    // One that is not sent to any more needs no circuit: it is refused.
    const send = () => web_push.send(message)
    return endpoint ? this.#ways.send(endpoint.host, send) : send()
  }

  async #settle(
    room_id: string,
    {
      began_at,
      upto,
      all,
    }: { readonly began_at: number; readonly upto: number; readonly all: readonly Sent[] },
  ): Promise<void> {
    const gone = all.filter(({ outcome }) => isGone(outcome))
    await this.#database.drop(
      room_id,
      gone.map(({ delivery }) => delivery.subscription),
    )
    const failed = new Map(
      all.flatMap(({ delivery, outcome }) =>
        outcome.kind === 'later' ? [[delivery.subscription.subscription_id, outcome] as const] : [],
      ),
    )
    const errand = this.#errands.of(room_id)
    if (!errand) return
    const attempt = { began_at, upto, failed, now: Date.now(), chance: Math.random() }
    const { errand: rest, given_up } = settled(errand, attempt, limits)
    this.#errands.keep(room_id, rest)
    logPushes(room_id, all, given_up)
  }

  #postpone(room_id: string): void {
    const errand = this.#errands.of(room_id)
    const later: Errand | undefined = errand && postponed(errand, Date.now(), Math.random(), limits)
    this.#errands.keep(room_id, later)
  }

  #arm(): void {
    const resume_at = this.#busy.size > 0 ? Date.now() + RESUME_MS : Infinity
    const due_at = this.#errands.nextDue((room_id) => this.#busy.has(room_id)) ?? Infinity
    const at = Math.min(resume_at, due_at)
    if (at !== Infinity) this.#alarm.arm(at)
  }
}

/** At most 32 characters of base64url; a room's id without its dashes is just that. */
const topicOf = (room_id: string): string => room_id.replaceAll('-', '')

/** How it went, without a word of what was said or to whom (OPS-5, SEC-5). */
const logPushes = (room_id: string, all: readonly Sent[], given_up: number): void => {
  if (all.length === 0 && given_up === 0) return
  const count = (isSo: (outcome: PushDelivery) => boolean) =>
    all.filter(({ outcome }) => isSo(outcome)).length
  const counts = {
    delivered: count(({ kind }) => kind === 'delivered'),
    gone: count(isGone),
    later: count(({ kind }) => kind === 'later'),
  }
  log.info('pushed', { room_id, ...counts, given_up })
  const refused = all.flatMap(({ delivery: { subscription }, outcome }) =>
    outcome.kind === 'refused' && !isGone(outcome)
      ? { host: hostOf(subscription.endpoint), status: outcome.status }
      : [],
  )
  const alike = Map.groupBy(refused, ({ host, status }) => `${host} ${status}`)
  for (const [{ host, status } = {}, ...more] of alike.values())
    log.error('push_refused', { room_id, host, status, count: more.length + 1 })
}

const isGone = (outcome: PushDelivery): boolean =>
  outcome.kind === 'refused' && outcome.gone === true

const hostOf = (endpoint: string): string | undefined => URL.parse(endpoint)?.host
