/**
 * What this person said that the server has not confirmed yet (WEB-3, MSG-3). One message is on
 * its way at a time, so that a refused or repeated one is never overtaken by a later one. Every
 * repeat has the same `client_message_id`; the server tells repeats by it. Unsent entries live in
 * storage, one key each, so that a reload loses none and two tabs never overwrite each other.
 */
import type { ErrorCode } from '../../../src/protocol/errors.ts'
import type { FileDetails } from '../../../src/protocol/file.ts'
import { MENTIONS_MAX_COUNT } from '../../../src/protocol/limits.ts'
import type { Ack, Message, SendMessage } from '../../../src/protocol/message.ts'
import { isRetryable } from '../../../src/protocol/retryable.ts'
import { backoffDelay } from './backoff.ts'
import type { Cancel, Clock } from './clock.ts'
import type { KeyValueStore } from './key-value-store.ts'

/** An answer that takes longer was lost; repeating is safe. */
export const ACK_TIMEOUT_MS = 10_000

/** After so many failures of the server's own the person decides, rather than a loop. */
export const RETRY_MAX_COUNT = 8

/** When the server recovers, all who wait come back; spread over this much, not at once. */
export const RECOVERY_SPREAD_MS = 1_000

/** What is said: words, readings, or a file of an earlier upload with a caption; maybe in reply. */
export type Said = {
  readonly content: Message['content']
  readonly file?: FileDetails
  readonly reply_to?: string
  /** Ids of people chosen from the list; who else the text names, the server finds (MSG-10). */
  readonly mentions?: readonly string[]
}

export type OutboxEntry = Said & {
  readonly client_message_id: string
  /** Milliseconds since the epoch, by this device's clock. */
  readonly created_at: number
  readonly status: OutboxStatus
}

export type OutboxStatus =
  | { readonly kind: 'pending' }
  /** Acknowledged; the message itself comes as this revision. */
  | { readonly kind: 'sent'; readonly revision: number }
  | { readonly kind: 'failed'; readonly code: ErrorCode }

/** The server is there, but takes nothing right now. */
export type Hindrance = {
  readonly code: ErrorCode
  /** Which one waits for it; the others wait behind. */
  readonly client_message_id: string
  /** When it is sent again by itself, by this device's clock. */
  readonly retry_at: number
}

export type OutboxOptions = {
  readonly store: KeyValueStore
  readonly user_id: string
  readonly room_id: string
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  /** False when it cannot be sent now; `resume` is called when it can. */
  readonly transmit: (frame: SendMessage) => boolean
  readonly onChange: (entries: readonly OutboxEntry[]) => void
  /** Undefined once it takes messages again. */
  readonly onHindrance: (hindrance: Hindrance | undefined) => void
}

const pending: OutboxStatus = { kind: 'pending' }

export class Outbox {
  readonly #options: OutboxOptions
  readonly #prefix: string
  #entries: readonly OutboxEntry[]
  #in_flight: string | undefined
  #refusals = 0
  #is_hindered = false
  #open = false
  #cancelWait: Cancel = () => {}

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#prefix = `muster.outbox.${options.user_id}.${options.room_id}.`
    this.#entries = this.#restore()
  }

  get entries(): readonly OutboxEntry[] {
    return this.#entries
  }

  add(said: Said): void {
    const { newId, clock } = this.#options
    const entry = { client_message_id: newId(), ...said, created_at: clock.now(), status: pending }
    this.#keep(entry)
    this.#change([...this.#entries, entry])
    this.#sendNext()
  }

  /** Sends a failed one again, in its old place. */
  retry(client_message_id: string): void {
    this.#update(client_message_id, pending)
    this.#sendNext()
  }

  discard(client_message_id: string): void {
    this.#remove((entry) => entry.client_message_id === client_message_id)
    if (this.#in_flight === client_message_id) this.#settle()
  }

  /** The connection is live: send what waits, in order. */
  resume(): void {
    this.#open = true
    this.#refusals = 0
    this.#settle()
  }

  /** The connection is gone; whether the one on its way arrived is unknown, so it is sent again. */
  pause(): void {
    this.#open = false
    this.#in_flight = undefined
    this.#cancelWait()
    this.#hinder(undefined)
  }

  onAck(ack: Pick<Ack, 'client_message_id' | 'revision'>): void {
    this.#options.store.remove(this.#prefix + ack.client_message_id)
    this.#update(ack.client_message_id, { kind: 'sent', revision: ack.revision })
    this.#refusals = 0
    this.#hinder(undefined)
    if (this.#in_flight === ack.client_message_id) this.#settle()
  }

  onRefused(client_message_id: string, code: ErrorCode, retry_after_ms: number | undefined): void {
    if (client_message_id !== this.#in_flight) return
    if (passesByItself(code) || (isRetryable(code) && this.#refusals < RETRY_MAX_COUNT)) {
      const wait_ms = this.#waitAfter(code, retry_after_ms)
      this.#refusals += 1
      this.#hinder({ code, client_message_id, retry_at: this.#options.clock.now() + wait_ms })
      this.#wait(wait_ms)
      return
    }
    this.#hinder(undefined)
    this.#update(client_message_id, { kind: 'failed', code })
    this.#settle()
  }

  /** The server says that it can write again: what waited for that does not wait any longer. */
  onRecovered(): void {
    if (!this.#is_hindered || this.#in_flight === undefined) return
    this.#wait(this.#options.random() * RECOVERY_SPREAD_MS)
  }

  /** The room's own word: these messages are in it, and so is every revision up to this one. */
  onConfirmed(messages: readonly Message[], last_revision: number | undefined): void {
    const { user_id } = this.#options
    const own = new Set(
      messages.filter((m) => m.sender_id === user_id).map((m) => m.client_message_id),
    )
    this.#remove(
      ({ client_message_id, status }) =>
        own.has(client_message_id) ||
        (status.kind === 'sent' && last_revision !== undefined && status.revision <= last_revision),
    )
    if (this.#in_flight !== undefined && own.has(this.#in_flight)) this.#settle()
  }

  /** The one on its way has its answer: on to the next. */
  #settle(): void {
    this.#in_flight = undefined
    this.#cancelWait()
    this.#sendNext()
  }

  #sendNext(): void {
    if (!this.#open || this.#in_flight !== undefined) return
    const next = this.#entries.find((entry) => entry.status.kind === 'pending')
    if (next === undefined) return
    this.#in_flight = next.client_message_id
    this.#wait(ACK_TIMEOUT_MS)
    if (!this.#options.transmit(frameOf(next))) this.pause()
  }

  /** The limiter knows to the millisecond when there is room again; others only guess. */
  #waitAfter(code: ErrorCode, retry_after_ms: number | undefined): number {
    if (code === 'rate_limited' && retry_after_ms !== undefined) return retry_after_ms
    return Math.max(retry_after_ms ?? 0, backoffDelay(this.#refusals, this.#options.random))
  }

  #hinder(hindrance: Hindrance | undefined): void {
    if (hindrance === undefined && !this.#is_hindered) return
    this.#is_hindered = hindrance !== undefined
    this.#options.onHindrance(hindrance)
  }

  #wait(delay_ms: number): void {
    this.#cancelWait()
    this.#cancelWait = this.#options.clock.after(delay_ms, () => this.#settle())
  }

  #update(client_message_id: string, status: OutboxStatus): void {
    const index = this.#entries.findIndex((entry) => entry.client_message_id === client_message_id)
    const entry = this.#entries[index]
    if (entry === undefined) return
    const updated = { ...entry, status }
    if (status.kind !== 'sent') this.#keep(updated)
    if (status.kind === 'failed') this.#refusals = 0
    this.#change(this.#entries.with(index, updated))
  }

  #remove(matches: (entry: OutboxEntry) => boolean): void {
    const removed = this.#entries.filter(matches)
    if (removed.length === 0) return
    for (const entry of removed) this.#options.store.remove(this.#prefix + entry.client_message_id)
    this.#change(this.#entries.filter((entry) => !removed.includes(entry)))
  }

  #change(entries: readonly OutboxEntry[]): void {
    this.#entries = entries
    this.#options.onChange(entries)
  }

  #keep(entry: OutboxEntry): void {
    this.#options.store.set(this.#prefix + entry.client_message_id, JSON.stringify(entry))
  }

  /** Ids are UUIDv7, so their order is the order of writing. */
  #restore(): OutboxEntry[] {
    const { store } = this.#options
    return store
      .keys(this.#prefix)
      .toSorted()
      .flatMap((key) => parseEntry(store.get(key)))
  }
}

/** Says nothing about the message, and ends without anybody doing anything (LIM-1, LIM-3). */
const passesByItself = (code: ErrorCode): boolean =>
  code === 'rate_limited' || code === 'database_busy' || code === 'unavailable'

const frameOf = (entry: OutboxEntry): SendMessage => {
  const { client_message_id, content, file, reply_to, mentions = [] } = entry
  const frame = {
    type: 'message' as const,
    client_message_id,
    mentions: mentions.slice(0, MENTIONS_MAX_COUNT),
    reply_to: reply_to ?? null,
  }
  if (typeof content === 'object') return { ...frame, message_type: 'incident_data', content }
  if (file === undefined) return { ...frame, message_type: 'text', content }
  const { file_id } = file
  return isPicture(file)
    ? { ...frame, message_type: 'image_ref', content, file_id }
    : { ...frame, message_type: 'file_ref', content, file_id }
}

/** A picture is what the server could measure. */
export const isPicture = ({ width, height }: FileDetails): boolean =>
  width !== null && height !== null

const parseEntry = (text: string | undefined): OutboxEntry[] => {
  try {
    const entry = JSON.parse(text ?? '') as Partial<OutboxEntry> | null
    if (
      typeof entry?.client_message_id !== 'string' ||
      !isContent(entry.content) ||
      typeof entry.created_at !== 'number'
    )
      return []
    const { client_message_id, content, created_at, file, reply_to, mentions } = entry
    const status = entry.status?.kind === 'failed' ? entry.status : pending
    return [
      {
        client_message_id,
        content,
        created_at,
        status,
        ...(file === undefined ? {} : { file }),
        ...(reply_to === undefined ? {} : { reply_to }),
        ...(mentions === undefined ? {} : { mentions }),
      },
    ]
  } catch {
    return []
  }
}

const isContent = (value: unknown): value is Message['content'] =>
  typeof value === 'string' || (typeof value === 'object' && value !== null)
