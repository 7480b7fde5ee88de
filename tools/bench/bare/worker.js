/**
 * Runs inside workerd. BareLedger: a Durable Object that writes one row per request, the limit for
 * every acceptance that is durable. BareRoom: a Durable Object that does nothing but send on what it gets to everybody,
 * as it came. The limit for every room that a Durable Object serves. With ?batch=N it waits for N
 * messages, or a moment, and sends them as one.
 */
import { DurableObject } from 'cloudflare:workers'

const flushMs = 20

export class BareRoom extends DurableObject {
  #sockets
  #batch
  #waiting = []
  #timer

  fetch(request) {
    const batch = new URL(request.url).searchParams.get('batch') ?? '1'
    const { 0: client, 1: server } = new WebSocketPair()
    // As a tag, because it outlives hibernation between two measurements.
    this.ctx.acceptWebSocket(server, [batch])
    this.#sockets = undefined
    return new Response(null, { status: 101, webSocket: client })
  }

  webSocketMessage(socket, text) {
    this.#batch ??= Number(this.ctx.getTags(socket)[0])
    if (this.#batch === 1) return this.#broadcast(text)
    this.#waiting.push(text)
    if (this.#waiting.length >= this.#batch) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), flushMs)
  }

  webSocketClose() {
    this.#sockets = undefined
  }

  #flush() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#broadcast(`[${this.#waiting.join(',')}]`)
    this.#waiting = []
  }

  #broadcast(text) {
    this.#sockets ??= this.ctx.getWebSockets()
    for (const socket of this.#sockets) socket.send(text)
  }
}

export class BareLedger extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT)')
  }

  /** Answered when it is durable: the output waits for the write. */
  async fetch(request) {
    this.ctx.storage.sql.exec('INSERT INTO rows (body) VALUES (?)', await request.text())
    return new Response('{}', { status: 202 })
  }
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/ledger'))
      return env.LEDGER.get(env.LEDGER.idFromName(pathname)).fetch(request)
    return env.ROOM.get(env.ROOM.idFromName(pathname)).fetch(request)
  },
}
