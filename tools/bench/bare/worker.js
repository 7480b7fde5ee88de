/**
 * Runs inside workerd: a Durable Object that does nothing but send on what it gets to everybody,
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

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url)
    return env.ROOM.get(env.ROOM.idFromName(pathname)).fetch(request)
  },
}
