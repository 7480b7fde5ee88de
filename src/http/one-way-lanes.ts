/**
 * A batch on its way to the shards: lanes, each of which sends one chunk at a time, so that the
 * messages of one sender to one recipient keep their order (DISP-8). Whoever adds waits while too
 * much is held: the body is read no faster than the shards write.
 */
import type { Handed } from '../domain/dispatch/buffered.ts'
import { orderKey, shardFor } from '../domain/dispatch/layout.ts'
import type { ErrorCode, Refusal } from '../protocol/errors.ts'
import type { OneWayMessage, Priority } from '../protocol/one-way.ts'

/** What one call carries: a shard writes that many in one go and is soon free for others. */
const CHUNK_MAX_COUNT = 500
const CHUNK_MAX_BYTES = 262_144

/** What one batch holds back in memory, the chunks on their way included. */
const HELD_MAX_BYTES = 1_048_576

/** Chunks of one batch on their way. */
const SENDING_MAX_COUNT = 8

type Item = { readonly line: number; readonly message: OneWayMessage; readonly bytes: number }

type Options = {
  readonly sender_id: string
  /** As many as there are shards, so that a chunk is mostly for one of them. */
  readonly lanes: number
  readonly handOver: (messages: readonly OneWayMessage[]) => Promise<readonly Handed[]>
  readonly onHanded: (line: number, handed: Handed) => void
}

export class Lanes {
  readonly #options: Options
  readonly #lanes = new Map<number, Lane>()
  readonly #sending = new Set<Promise<void>>()
  #held_bytes = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Resolves when there is room for one more. */
  async add(item: Item): Promise<void> {
    const lane = this.#laneOf(item.message)
    const closed = lane.closedFor(item.message.priority)
    if (closed) return this.#options.onHanded(item.line, { ok: false, refusal: closed })
    lane.waiting.push(item)
    lane.waiting_bytes += item.bytes
    this.#held_bytes += item.bytes
    if (lane.isFull()) {
      await lane.sending
      await this.#send(lane)
    }
    while (this.#held_bytes > HELD_MAX_BYTES) {
      await this.flush()
      await Promise.race(this.#sending)
    }
  }

  /** Sends what waits and need not wait for a chunk of its lane. */
  async flush(): Promise<void> {
    for (const lane of this.#lanes.values()) {
      if (lane.sending) lane.isDue = true
      else await this.#send(lane)
    }
  }

  /** Resolves when it is known what became of every message. */
  async finish(): Promise<void> {
    do {
      await this.flush()
      await Promise.all(this.#sending)
    } while (this.#held_bytes > 0)
  }

  #laneOf({ recipient }: OneWayMessage): Lane {
    const { sender_id, lanes } = this.#options
    const number = shardFor(lanes, orderKey(sender_id, recipient))
    const known = this.#lanes.get(number)
    if (known) return known
    const lane = new Lane()
    this.#lanes.set(number, lane)
    return lane
  }

  async #send(lane: Lane): Promise<void> {
    while (this.#sending.size >= SENDING_MAX_COUNT) await Promise.race(this.#sending)
    if (lane.sending || lane.waiting.length === 0) return
    const sending = this.#sendNow(lane).finally(() => this.#sending.delete(sending))
    lane.sending = sending
    this.#sending.add(sending)
  }

  async #sendNow(lane: Lane): Promise<void> {
    do {
      const items = lane.take().filter((item) => !this.#isRefusedUnasked(lane, item))
      if (items.length === 0) continue
      const handed = await this.#options.handOver(items.map(({ message }) => message))
      for (const [place, item] of items.entries()) {
        this.#held_bytes -= item.bytes
        const one = handed[place]
        if (!one) continue
        if (!one.ok && isPressure(one.refusal)) lane.close(item.message.priority, one.refusal)
        this.#options.onHanded(item.line, one)
      }
    } while (lane.isDue && lane.waiting.length > 0)
    lane.isDue = false
    lane.sending = undefined
  }

  /** What waits since before its lane was closed. */
  #isRefusedUnasked(lane: Lane, { line, message, bytes }: Item): boolean {
    const refusal = lane.closedFor(message.priority)
    if (!refusal) return false
    this.#held_bytes -= bytes
    this.#options.onHanded(line, { ok: false, refusal })
    return true
  }
}

class Lane {
  waiting: Item[] = []
  waiting_bytes = 0
  sending: Promise<void> | undefined
  /** The sender paused: what waits goes as soon as the chunk on its way has arrived. */
  isDue = false
  readonly #closed = new Map<Priority, Refusal>()

  isFull(): boolean {
    return this.waiting.length >= CHUNK_MAX_COUNT || this.waiting_bytes >= CHUNK_MAX_BYTES
  }

  take(): readonly Item[] {
    const items = this.waiting
    this.waiting = []
    this.waiting_bytes = 0
    return items
  }

  /**
   * After a refusal for want of room the rest of that priority and below is refused too, without
   * being asked for: it would only press on, and overtake those that come again.
   */
  close(priority: Priority, refusal: Refusal): void {
    for (const one of priorities.slice(priorities.indexOf(priority)))
      if (!this.#closed.has(one)) this.#closed.set(one, refusal)
  }

  closedFor(priority: Priority): Refusal | undefined {
    return this.#closed.get(priority)
  }
}

/** The highest first. */
const priorities: readonly Priority[] = ['high', 'normal', 'low']

const pressing: readonly ErrorCode[] = ['rate_limited', 'database_busy', 'unavailable']

/** Whether the same would be taken at another time. */
export const isPressure = ({ code }: Refusal): boolean => pressing.includes(code)
