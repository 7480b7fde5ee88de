/**
 * One socket, kept alive (WEB-11, CONN-5, CONN-6, CONN-7): it connects, answers pings, gives up a
 * socket that went silent, and comes back by itself. Where it goes and which frames greet and
 * catch up is its wire's to say; what frames mean is for others.
 */
import { afterClose, closeCodes } from '../../../src/protocol/close-codes.ts'
import { backoffDelay } from './backoff.ts'
import type { Cancel, Clock } from './clock.ts'
import type { OpenSocket, Socket } from './socket.ts'
import type { Surroundings } from './surroundings.ts'

/** Nothing heard for this long: ask. Below the server's own 30 s, so a dead network shows early. */
export const SILENCE_BEFORE_PING_MS = 25_000

/** And no answer for this long after asking: the socket is dead, whatever the browser thinks. */
export const SILENCE_AFTER_PING_MS = 10_000

/** From opening to `welcome`. */
export const CONNECT_TIMEOUT_MS = 15_000

/** Only a connection that lasted this long forgets the failures before it. */
export const STABLE_AFTER_MS = 10_000

export type StopReason = 'abuse' | 'removed' | 'room_gone'

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'waiting'; readonly retry_at: number }
  | { readonly kind: 'offline' }
  | { readonly kind: 'stopped'; readonly reason: StopReason }
  | { readonly kind: 'signed_out' }

/** Why a handshake failed, asked over REST because browsers hide it: `open` means no objection. */
export type Admission = 'open' | 'signed_out' | StopReason

/** What one kind of socket speaks. */
export type Wire<Down extends { readonly type: string }, Up> = {
  /** Where to connect, and whether what was missed will be replayed. */
  address(): { readonly path: string; readonly resumes: boolean }
  decode(data: unknown): readonly Down[]
  /** The server's first word. */
  isGreeting(frame: Down): boolean
  /** From here on everything is live. */
  isCaughtUp(frame: Down, resumes: boolean): boolean
  /** What to say when the page is looked at, or no longer. */
  presence?(is_visible: boolean): Up
}

export type ConnectionOptions<Down extends { readonly type: string }, Up> = {
  readonly wire: Wire<Down, Up>
  readonly clock: Clock
  readonly random: () => number
  readonly openSocket: OpenSocket
  readonly surroundings: Surroundings
  readonly askAdmission: () => Promise<Admission>
  readonly onFrame: (frame: Down) => void
  readonly onState: (state: ConnectionState) => void
}

/** One try: events that arrive for a superseded one are ignored (CONN-9). */
type Attempt = { readonly socket: Socket; readonly resumes: boolean; welcomed: boolean }

const nothing: Cancel = () => {}

export class Connection<Down extends { readonly type: string }, Up> {
  readonly #options: ConnectionOptions<Down, Up>
  #state: ConnectionState = { kind: 'connecting' }
  #current: Attempt | undefined
  #failures = 0
  #last_heard_at = 0
  #cancelWatchdog: Cancel = nothing
  #cancelRetry: Cancel = nothing
  #cancelStable: Cancel = nothing
  #stopListening: Cancel = nothing
  #closed = false

  constructor(options: ConnectionOptions<Down, Up>) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  start(): void {
    this.#stopListening = this.#options.surroundings.listen({
      online: () => {
        if (this.#state.kind === 'offline' || this.#state.kind === 'waiting') this.#connect()
      },
      offline: () => {
        if (!this.#isFinal()) this.#goOffline()
      },
      visible: () => this.#onVisible(),
      hidden: () => this.#tellPresence(false),
    })
    if (this.#options.surroundings.isOnline()) this.#connect()
    else this.#goOffline()
  }

  /** Ends it for good; nothing is called back afterwards. */
  close(): void {
    this.#closed = true
    this.#stopListening()
    this.#drop()
  }

  /** False when there is no live connection to send over. */
  send(frame: Up): boolean {
    if (this.#state.kind !== 'live') return false
    this.#current?.socket.send(JSON.stringify(frame))
    return true
  }

  /** The person does not want to wait for the countdown. */
  retryNow(): void {
    if (this.#state.kind !== 'waiting' && this.#state.kind !== 'offline') return
    this.#failures = 0
    this.#connect()
  }

  /**
   * Something was missed: come back and ask for everything since the last applied revision. At
   * once, for the server is there; with backoff when that did not help.
   */
  resync(): void {
    if (this.#current === undefined) return
    if (this.#failures > 0) {
      this.#drop()
      this.#retryLater()
    } else {
      this.#failures = 1
      this.#connect()
    }
  }

  #connect(): void {
    this.#drop()
    this.#become({ kind: 'connecting' })
    const { path, resumes } = this.#options.wire.address()
    const socket = this.#options.openSocket(path, {
      message: (data) => {
        if (this.#current === attempt) this.#receive(attempt, data)
      },
      closed: (code) => {
        if (this.#current === attempt) this.#onClosed(attempt, code)
      },
    })
    const attempt: Attempt = { socket, resumes, welcomed: false }
    this.#current = attempt
    this.#watch(CONNECT_TIMEOUT_MS, () => this.#giveUp())
  }

  #receive(attempt: Attempt, data: unknown): void {
    this.#last_heard_at = this.#options.clock.now()
    if (attempt.welcomed) this.#watchSilence()
    for (const frame of this.#options.wire.decode(data)) {
      // What one frame set off may have ended this attempt; the rest of its batch is then void.
      if (this.#current !== attempt) return
      this.#onFrame(attempt, frame)
    }
  }

  #onFrame(attempt: Attempt, frame: Down): void {
    const { wire } = this.#options
    if (frame.type === 'ping') return attempt.socket.send('{"type":"pong"}')
    if (frame.type === 'pong') return
    this.#options.onFrame(frame)
    if (this.#current !== attempt) return
    if (wire.isGreeting(frame)) {
      attempt.welcomed = true
      this.#watchSilence()
    }
    if (wire.isCaughtUp(frame, attempt.resumes) && this.#state.kind !== 'live') this.#goLive()
  }

  #goLive(): void {
    this.#cancelStable = this.#options.clock.after(STABLE_AFTER_MS, () => {
      this.#failures = 0
    })
    this.#become({ kind: 'live' })
  }

  #onClosed(attempt: Attempt, code: number): void {
    this.#drop()
    const next = afterClose(code)
    if (next === 'stop') this.#become({ kind: 'stopped', reason: stopReason(code) })
    else if (next === 'authenticate' || !attempt.welcomed) void this.#retryIfAdmitted()
    else this.#retryLater()
  }

  async #retryIfAdmitted(): Promise<void> {
    this.#become({ kind: 'connecting' })
    const admission = await this.#options.askAdmission()
    // Meanwhile the page may have been left, or another event may have started a new attempt.
    if (this.#closed || this.#current !== undefined || this.#state.kind === 'offline') return
    if (admission === 'open') this.#retryLater()
    else if (admission === 'signed_out') this.#become({ kind: 'signed_out' })
    else this.#become({ kind: 'stopped', reason: admission })
  }

  #retryLater(): void {
    if (!this.#options.surroundings.isOnline()) return this.#goOffline()
    const delay_ms = backoffDelay(this.#failures, this.#options.random)
    this.#failures += 1
    this.#cancelRetry = this.#options.clock.after(delay_ms, () => this.#connect())
    this.#become({ kind: 'waiting', retry_at: this.#options.clock.now() + delay_ms })
  }

  #goOffline(): void {
    this.#drop()
    this.#become({ kind: 'offline' })
  }

  #giveUp(): void {
    const attempt = this.#current
    if (attempt !== undefined) this.#onClosed(attempt, 1006)
  }

  #onVisible(): void {
    if (this.#state.kind === 'waiting') return this.retryNow()
    if (this.#state.kind !== 'live') return
    this.#tellPresence(true)
    // Timers sleep in hidden tabs and with the lid closed, so ask now instead of trusting them.
    if (this.#options.clock.now() - this.#last_heard_at >= SILENCE_BEFORE_PING_MS) this.#ping()
  }

  #tellPresence(is_visible: boolean): void {
    const frame = this.#options.wire.presence?.(is_visible)
    if (frame !== undefined) this.send(frame)
  }

  #watchSilence(): void {
    this.#watch(SILENCE_BEFORE_PING_MS, () => this.#ping())
  }

  #ping(): void {
    this.#current?.socket.send('{"type":"ping"}')
    this.#watch(SILENCE_AFTER_PING_MS, () => this.#giveUp())
  }

  #watch(delay_ms: number, act: () => void): void {
    this.#cancelWatchdog()
    this.#cancelWatchdog = this.#options.clock.after(delay_ms, act)
  }

  /** Forgets the present attempt and all its timers; the state is the caller's to set. */
  #drop(): void {
    this.#cancelWatchdog()
    this.#cancelRetry()
    this.#cancelStable()
    const socket = this.#current?.socket
    this.#current = undefined
    socket?.close()
  }

  #isFinal(): boolean {
    return this.#state.kind === 'stopped' || this.#state.kind === 'signed_out'
  }

  #become(state: ConnectionState): void {
    if (this.#closed) return
    this.#state = state
    this.#options.onState(state)
  }
}

const stopReason = (code: number): StopReason => {
  if (code === closeCodes.removed) return 'removed'
  return code === closeCodes.room_gone ? 'room_gone' : 'abuse'
}
