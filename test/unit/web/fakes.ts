/** Stand-ins for what the sync code reaches through its ports: time, sockets, storage, the device. */
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { UpFrame } from '../../../src/protocol/up.ts'
import type { Clock } from '../../../web/src/sync/clock.ts'
import type { KeyValueStore } from '../../../web/src/sync/key-value-store.ts'
import type { OpenSocket, SocketEvents } from '../../../web/src/sync/socket.ts'
import type { Surroundings, SurroundingsEvents } from '../../../web/src/sync/surroundings.ts'

export class FakeClock implements Clock {
  #now_ms = Date.parse('2026-11-22T01:00:00.000Z')
  #timers: { at_ms: number; act: () => void }[] = []

  now(): number {
    return this.#now_ms
  }

  after(delay_ms: number, act: () => void): () => void {
    const timer = { at_ms: this.#now_ms + delay_ms, act }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(by_ms: number): void {
    const until_ms = this.#now_ms + by_ms
    for (;;) {
      const due = this.#timers.toSorted((a, b) => a.at_ms - b.at_ms)[0]
      if (due === undefined || due.at_ms > until_ms) break
      this.#now_ms = due.at_ms
      this.#timers = this.#timers.filter((timer) => timer !== due)
      due.act()
    }
    this.#now_ms = until_ms
  }
}

/** One opened socket, seen from the server's side. */
export class FakeSocket {
  readonly path: string
  readonly sent: UpFrame[] = []
  is_closed_by_page = false
  readonly #events: SocketEvents

  constructor(path: string, events: SocketEvents) {
    this.path = path
    this.#events = events
  }

  get since_revision(): number | undefined {
    const value = new URL(this.path, 'http://localhost').searchParams.get('since_revision')
    return value === null ? undefined : Number(value)
  }

  /** Several frames arrive as one batch (CONN-12). */
  deliver(...frames: DownFrame[]): void {
    this.#events.message(JSON.stringify(frames.length === 1 ? frames[0] : frames))
  }

  end(code: number): void {
    this.#events.closed(code)
  }
}

export class FakeNetwork {
  readonly sockets: FakeSocket[] = []
  /** Called with every frame the page sends. */
  onUp: (socket: FakeSocket, frame: UpFrame) => void = () => {}
  onOpen: (socket: FakeSocket) => void = () => {}

  readonly openSocket: OpenSocket = (path, events) => {
    const socket = new FakeSocket(path, events)
    this.sockets.push(socket)
    this.onOpen(socket)
    return {
      send: (data) => {
        const frame = JSON.parse(data) as UpFrame
        socket.sent.push(frame)
        this.onUp(socket, frame)
      },
      close: () => {
        socket.is_closed_by_page = true
      },
    }
  }

  get latest(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (socket === undefined) throw new Error('no socket was opened')
    return socket
  }
}

export class FakeSurroundings implements Surroundings {
  is_online = true
  #events: SurroundingsEvents | undefined

  isOnline(): boolean {
    return this.is_online
  }

  listen(events: SurroundingsEvents): () => void {
    this.#events = events
    return () => {
      this.#events = undefined
    }
  }

  goOnline(): void {
    this.is_online = true
    this.#events?.online()
  }

  goOffline(): void {
    this.is_online = false
    this.#events?.offline()
  }

  show(): void {
    this.#events?.visible()
  }
}

export const memoryStore = (): KeyValueStore => {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    remove: (key) => values.delete(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  }
}

/** Ids that sort in the order they were made, as UUIDv7 do. */
export const countingIds = (): (() => string) => {
  let count = 0
  return () => `id-${String((count += 1)).padStart(6, '0')}`
}

/** Lets everything that only waits for promises run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
