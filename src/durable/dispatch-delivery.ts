/** Hands a batch to where it goes: a room, people's notices, or a courier. Nothing here throws. */
import type { Delivery, Parcel, ServiceName } from '../channels/channel.ts'
import type { BurstReply } from '../domain/room/commit.ts'
import { verdictOfItem, type Reply, type Verdict } from '../domain/dispatch/outcome.ts'
import { priorities, type WaitingRow } from '../domain/dispatch/row.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import type { Sendable } from '../domain/dispatch/validate.ts'
import type { Env } from '../env.ts'
import type { Refusal } from '../protocol/errors.ts'
import type { Notice } from '../protocol/one-way.ts'
import { isRetryable } from '../protocol/retryable.ts'
import { log } from '../telemetry/log.ts'
import { askDatabase } from './ask-database.ts'
import type { DispatchSenders } from './dispatch-senders.ts'
import { courierStub, inboxStubOf, roomStub } from './stubs.ts'

export type Ready = { readonly row: WaitingRow; readonly sendable: Sendable }

export class DispatchDelivery {
  readonly #env: Env
  readonly #key: string
  readonly #settings: DispatchSettings
  readonly #senders: DispatchSenders

  constructor(env: Env, shard: number, settings: DispatchSettings, senders: DispatchSenders) {
    this.#env = env
    this.#key = `dispatch-${shard}`
    this.#settings = settings
    this.#senders = senders
  }

  /** All of one destination. */
  async deliver(destination: string, batch: readonly Ready[]): Promise<Reply> {
    const [first] = batch
    if (!first) return { kind: 'answered', verdicts: [], level: 0 }
    try {
      switch (first.row.recipient_type) {
        case 'room':
          return await this.#toRoom(first.row.recipient_id, batch)
        case 'user':
          return await this.#toPeople(batch)
        default:
          return await this.#toCourier(first.row.recipient_type, batch)
      }
    } catch (error) {
      const count = batch.length
      log.error('batch_failed', { destination, count, error: String(error) })
      return isOfPlatform(error)
        ? { kind: 'away', retry_after_ms: undefined }
        : { kind: 'failed', reason: 'it could not be handed over' }
    }
  }

  async #toRoom(room_id: string, batch: readonly Ready[]): Promise<Reply> {
    const items = batch.flatMap(({ sendable }) =>
      sendable.kind === 'message' ? sendable.item : [],
    )
    // The stub's own type does not know what becomes of records of unknowns on the way.
    const asked = roomStub(this.#env, room_id).commitBurst(items) as Promise<BurstReply>
    const reply = await this.#inTime(asked)
    if (reply === undefined) return { kind: 'away', retry_after_ms: undefined }
    if (!reply.ok) return refused(reply.refusal, batch.length)
    const verdicts = batch.map(({ row }, index): Verdict => {
      const result = reply.results[index]
      return result ? verdictOfItem(result, row.tracking_id) : { kind: 'untried' }
    })
    return { kind: 'answered', verdicts, level: reply.level }
  }

  async #toPeople(batch: readonly Ready[]): Promise<Reply> {
    const notices = batch.map(({ row, sendable }) => ({
      notice_id: row.tracking_id,
      user_id: row.recipient_id,
      sender_id: row.sender_id,
      content: sendable.kind === 'notice' ? sendable.content : '',
      priority: priorities[row.level],
    }))
    const saved = await askDatabase(this.#env, this.#key, 'saveNotices', { notices })
    if (!saved.ok)
      return saved.refusal.code === 'internal'
        ? { kind: 'failed', reason: saved.refusal.message }
        : { kind: 'away', retry_after_ms: saved.refusal.retry_after_ms }
    await Promise.all(
      saved.value.map(({ is_known, ...stored }, index) => {
        const notice = notices[index]
        return is_known && notice ? this.#tell({ ...notice, ...stored }) : undefined
      }),
    )
    const verdicts = saved.value.map(({ is_known }): Verdict =>
      is_known
        ? { kind: 'delivered', provider_id: null }
        : { kind: 'rejected', reason: { code: 'not_found', message: 'no such person' } },
    )
    return { kind: 'answered', verdicts, level: 0 }
  }

  /** Who is not told now finds it in the list. */
  async #tell({ user_id, ...notice }: Notice & { readonly user_id: string }): Promise<void> {
    try {
      await inboxStubOf(this.#env, user_id).noticed(user_id, notice)
    } catch {
      log.warn('inbox_not_told', { notice_id: notice.notice_id })
    }
  }

  async #toCourier(service: ServiceName, batch: readonly Ready[]): Promise<Reply> {
    const names = await this.#senders.namesOf(batch.map(({ row }) => row.sender_id))
    const parcels = batch.map(({ row, sendable }): Parcel => ({
      id: row.tracking_id,
      to: row.recipient_id,
      content: sendable.kind === 'parcel' ? sendable.content : '',
      subject: sendable.kind === 'parcel' ? sendable.subject : null,
      sender_display_name: names.get(row.sender_id) ?? row.sender_id,
    }))
    const deliveries = await this.#inTime<Delivery[]>(
      courierStub(this.#env, service).deliver(parcels),
    )
    if (deliveries === undefined) return { kind: 'away', retry_after_ms: undefined }
    const untried = deliveries.flatMap((one) =>
      one.kind === 'later' && !one.tried ? (one.retry_after_ms ?? 0) : [],
    )
    return {
      kind: 'answered',
      verdicts: batch.map((_, index): Verdict => {
        const delivery = deliveries[index]
        return delivery ? verdictOfDelivery(delivery) : { kind: 'untried' }
      }),
      level: 0,
      retry_after_ms: untried.length === 0 ? undefined : Math.max(...untried),
    }
  }

  /** Undefined: no answer came. What was done nevertheless is recognised the next time. */
  async #inTime<Value>(asked: Promise<Value>): Promise<Value | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#settings.reply_timeout_ms)
    })
    try {
      return await Promise.race([asked, late])
    } finally {
      clearTimeout(timer ?? null)
    }
  }
}

const verdictOfDelivery = (delivery: Delivery): Verdict => {
  switch (delivery.kind) {
    case 'delivered':
      return { kind: 'delivered', provider_id: delivery.provider_id }
    case 'refused':
      return { kind: 'rejected', reason: { code: 'bad_request', message: delivery.reason } }
    case 'later': {
      if (!delivery.tried) return { kind: 'untried' }
      const reason = { code: 'unavailable', message: delivery.reason } as const
      const { retry_after_ms, is_outage = false } = delivery
      return { kind: 'troubled', reason, retry_after_ms, is_outage }
    }
  }
}

/** Nothing is known to be written. */
const refused = (refusal: Refusal, count: number): Reply => {
  const { code, message, retry_after_ms } = refusal
  if (code === 'internal') return { kind: 'failed', reason: message }
  if (isRetryable(code)) return { kind: 'away', retry_after_ms }
  const verdict: Verdict = { kind: 'rejected', reason: { code, message } }
  return { kind: 'answered', verdicts: Array.from({ length: count }, () => verdict), level: 0 }
}

/** An object that was moved, reset or is overrun: not what a message could have done. */
const isOfPlatform = (error: unknown): boolean =>
  error instanceof Error &&
  Object.entries(error).some(([name, value]) => platformFlags.has(name) && value === true)

const platformFlags: ReadonlySet<string> = new Set([
  'overloaded',
  'retryable',
  'durableObjectReset',
])
