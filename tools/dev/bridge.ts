/**
 * Local stand-in for Neon's proxy: carries the Postgres protocol of the Neon driver from a
 * WebSocket to TCP, byte for byte, and only to servers on its list. On request it adds the
 * latency of a distant database.
 */
import { connect, type Socket } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

export type Bridge = { port: number; url: string; stop(): Promise<void> }

export type BridgeOptions = {
  /** 0 or absent: a free one. */
  port?: number
  /** The only targets, as "host:port". */
  allow: string[]
  /** Added to every round trip, half in each direction, order kept. */
  delayMs?: number
}

const closePatienceMs = 500

export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    perMessageDeflate: false,
  })
  server.on('connection', (webSocket, request) => {
    const target = new URL(request.url ?? '/', 'http://bridge').searchParams.get('address') ?? ''
    if (options.allow.includes(target)) join(webSocket, target, options.delayMs ?? 0)
    else webSocket.close(1008, 'not an allowed target')
  })
  await new Promise((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The bridge has no port.')

  return {
    port: address.port,
    url: `ws://127.0.0.1:${address.port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const webSocket of server.clients) webSocket.close(1001, 'the bridge stops')
        setTimeout(() => {
          for (const webSocket of server.clients) webSocket.terminate()
        }, closePatienceMs).unref()
      }),
  }
}

function join(webSocket: WebSocket, target: string, delayMs: number): void {
  const [host, port] = target.split(':')
  const tcp: Socket = connect({ host: host ?? '', port: Number(port), noDelay: true })
  const later = delayMs > 0 ? delayed(delayMs / 2) : (act: () => void) => act()

  webSocket.on('message', (data: Buffer) => later(() => tcp.writable && tcp.write(data)))
  tcp.on('data', (data) => later(() => webSocket.send(data, { binary: true }, () => {})))

  // Either end closes the other: the driver's end() waits for its WebSocket to close.
  webSocket.on('close', () => later(() => tcp.destroy()))
  webSocket.on('error', () => tcp.destroy())
  tcp.on('close', () => later(() => webSocket.close()))
  tcp.on('error', () => webSocket.close(1011, 'the database connection failed'))
}

/** Runs each action this much later, in the order given: equal timers fire in order. */
function delayed(ms: number): (act: () => void) => void {
  return (act) => {
    setTimeout(act, ms)
  }
}
