/**
 * A client of one room that speaks muster.v1 as the page does: it keeps an outbox, reconnects with
 * backoff and resumes where it was. It writes down all that it does and hears, for `history.ts`,
 * and mends nothing: what comes twice or out of order is recorded so.
 */
import { WebSocket } from 'ws'
import type { ChangeFrame } from '../../src/domain/room/wanted.ts'
import { afterClose } from '../../src/protocol/close-codes.ts'
import type { DownFrame } from '../../src/protocol/down.ts'
import type { Ack } from '../../src/protocol/message.ts'
import { isRetryable } from '../../src/protocol/retryable.ts'
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../src/protocol/version.ts'
import { chanceFrom, type Chance } from './chance.ts'
import type { ClientHistory } from './history.ts'
import { Outbox } from './outbox.ts'
import { decodeShared } from './shared-frames.ts'
import { Wishes, type WishOutcome } from './wishes.ts'

export type RoomClientOptions = {
  /** http://host:port of the Worker. */
  readonly url: string
  readonly room_id: string
  readonly user_id: string
  readonly token: string
  /** Names it in the evidence; the user id if absent. */
  readonly name?: string
  /** Several frames in one WebSocket message (CONN-12). */
  readonly batch?: boolean
  /** Where it comes in; null: wherever the room is. Absent: from the very beginning. */
  readonly since_revision?: number | null
  /** Spreads its reconnects. */
  readonly chance?: Chance
}

const handshakeTimeoutMs = 15_000
const closePatienceMs = 2_000
const firstPauseMs = 30
const longestPauseMs = 1_000

export class RoomClient {
  readonly history: ClientHistory
  readonly #options: RoomClientOptions
  readonly #chance: Chance
  readonly #outbox = new Outbox()
  readonly #wishes = new Wishes()
  readonly #joined = Promise.withResolvers<void>()
  #socket: WebSocket | undefined
  #connection = 0
  #failures = 0
  #revision: number | undefined
  #isClosed = false

  constructor(options: RoomClientOptions) {
    this.#options = options
    this.#chance = options.chance ?? chanceFrom(0)
    this.#revision = options.since_revision === null ? undefined : (options.since_revision ?? 0)
    const { user_id, name = user_id } = options
    this.history = { name, user_id, events: [], stayed: true }
    this.#joined.promise.catch(() => {})
    this.#connect()
  }

  /** The first welcome. Rejects when the server turns the client away for good. */
  get joined(): Promise<void> {
    return this.#joined.promise
  }

  /** The last revision heard. */
  get revision(): number {
    return this.#revision ?? 0
  }

  /** How often it connected, the first time included. */
  get connections(): number {
    return this.#connection
  }

  get unanswered(): number {
    return this.#outbox.size + this.#wishes.size
  }

  /** Sends a message until it is acked or refused for good. */
  say(content: string, client_message_id?: string): Promise<Ack> {
    const message = this.#outbox.add(content, client_message_id)
    this.#send(message.client_message_id)
    return message.answer
  }

  /** Asks for a change of a message until there is a final answer. */
  change(frame: ChangeFrame): Promise<WishOutcome> {
    const { ref, answer } = this.#wishes.add(frame)
    this.#ask(ref)
    return answer
  }

  /** The link is gone without a word; the client comes back by itself. */
  drop(): void {
    this.#socket?.terminate()
  }

  /**
   * Ends it, for good.
   * @returns the code of the server's answer; 1006 where there was none.
   */
  async close(): Promise<number> {
    this.#isClosed = true
    const socket = this.#socket
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return 1006
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.close(1000)
    const patience = setTimeout(() => socket.terminate(), closePatienceMs)
    const code = await closed
    clearTimeout(patience)
    return code
  }

  #connect(): void {
    const { url, room_id, token, batch = true } = this.#options
    const since_revision = this.#revision
    const address = new URL(`/ws/${room_id}`, url.replace(/^http/, 'ws'))
    if (batch) address.searchParams.set('batch', '1')
    if (since_revision !== undefined)
      address.searchParams.set('since_revision', String(since_revision))
    const socket = new WebSocket(address, [SUBPROTOCOL, `${BEARER_SUBPROTOCOL_PREFIX}${token}`], {
      perMessageDeflate: false,
      handshakeTimeout: handshakeTimeoutMs,
    })
    this.#socket = socket
    let status = 0
    socket.on('error', () => {})
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? 0
      socket.terminate()
    })
    socket.on('open', () => {
      this.#connection += 1
      const connection = this.#connection
      this.history.events.push({ type: 'connected', connection, since_revision })
      for (const { client_message_id } of this.#outbox.all()) this.#send(client_message_id)
      for (const ref of this.#wishes.refs()) this.#ask(ref)
    })
    socket.on('message', (data: Buffer) => {
      for (const frame of decodeShared(data.toString())) this.#received(frame)
    })
    socket.on('close', (code) => this.#ended(code, status))
  }

  #received(frame: DownFrame): void {
    if (frame.type === 'ping') {
      this.#socket?.send('{"type":"pong"}')
      return
    }
    if (frame.type === 'change_ack') return this.#wishes.settle(frame.ref ?? '', frame.status)
    if (!isTold(frame)) return
    this.history.events.push({ type: 'received', connection: this.#connection, frame })
    switch (frame.type) {
      case 'welcome':
        this.#failures = 0
        this.#revision ??= frame.last_revision
        return this.#joined.resolve()
      case 'ack':
        return this.#outbox.acked(frame)
      case 'error':
        return this.#refused(frame)
      case 'resumed':
        return
      case 'snapshot':
        this.#revision = frame.revision
        return
      default:
        if ('revision' in frame) this.#revision = Math.max(this.#revision ?? 0, frame.revision)
    }
  }

  #refused({ code, message, ref = '', retry_after_ms = 0 }: DownFrame & { type: 'error' }): void {
    const isWish = this.#wishes.get(ref) !== undefined
    if (!isRetryable(code)) {
      if (isWish) return this.#wishes.settle(ref, code)
      this.#outbox.refused(ref, new Error(`${code}: ${message}`))
      return
    }
    const connection = this.#connection
    const wait_ms = Math.max(retry_after_ms, firstPauseMs) * (1 + this.#chance.next() / 4)
    // After a reconnect it was sent again anyway.
    setTimeout(() => {
      if (connection !== this.#connection) return
      if (isWish) this.#ask(ref)
      else this.#send(ref)
    }, wait_ms)
  }

  #send(client_message_id: string): void {
    const message = this.#outbox.get(client_message_id)
    if (message === undefined || this.#socket?.readyState !== WebSocket.OPEN) return
    const { content } = message
    const connection = this.#connection
    this.history.events.push({ type: 'sent', connection, client_message_id, content })
    this.#socket.send(JSON.stringify({ type: 'message', content, client_message_id }))
  }

  #ask(ref: string): void {
    const frame = this.#wishes.get(ref)
    if (frame && this.#socket?.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify(frame))
  }

  /** @param status of a refused handshake; 0 where there was none. */
  #ended(code: number, status: number): void {
    if (this.#isClosed) return
    const isFinal = status >= 400 && status < 500
    if (isFinal || afterClose(code) !== 'reconnect') {
      this.#isClosed = true
      this.history.stayed = false
      const why = new Error(`turned away: ${status === 0 ? `close ${code}` : `HTTP ${status}`}`)
      this.#joined.reject(why)
      for (const { client_message_id } of this.#outbox.all())
        this.#outbox.refused(client_message_id, why)
      return
    }
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures)
    this.#failures += 1
    setTimeout(
      () => {
        if (!this.#isClosed) this.#connect()
      },
      longest * (0.5 + this.#chance.next() / 2),
    )
  }
}

/** Presence, typing and read marks may be lost, and prove nothing. */
function isTold(frame: DownFrame): boolean {
  return (
    'revision' in frame ||
    frame.type === 'welcome' ||
    frame.type === 'resumed' ||
    frame.type === 'error'
  )
}
