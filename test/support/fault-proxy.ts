/**
 * A TCP proxy in front of Postgres that breaks connections where it hurts: around the COMMIT.
 * It decides nothing by itself; a test says what becomes of each commit call.
 */
import { createServer, connect, type Server, type Socket } from 'node:net'
import { CommitCalls, FrameReader, isReadyForQuery } from './postgres-frames.ts'

export type CommitFault =
  | 'none'
  /** The call never reaches Postgres: certainly not committed, and the caller cannot know. */
  | 'cut_before'
  /** Postgres has the call, and the connection is gone at once: it may still be at work. */
  | 'cut_during'
  /** Postgres has answered, and nobody hears it: certainly committed. */
  | 'swallow_reply'

export class FaultProxy {
  /** Asked for each commit call, in the order in which they come. */
  onCommit: () => CommitFault = () => 'none'
  /** How many calls met which fate. */
  readonly counts: Record<CommitFault, number> = {
    none: 0,
    cut_before: 0,
    cut_during: 0,
    swallow_reply: 0,
  }
  readonly port: number
  readonly #server: Server
  readonly #links = new Set<Link>()
  #isRefusing = false
  #isStalled = false
  #delay_ms = 0

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
  }

  /** @param target port of Postgres on the loopback interface */
  static async start(target: number): Promise<FaultProxy> {
    const server = createServer({ noDelay: true })
    const port = await listen(server)
    const proxy = new FaultProxy(server, port)
    server.on('connection', (socket) => proxy.#accept(socket, target))
    return proxy
  }

  /** Every connection at once, in the middle of whatever it does. */
  cutAll(): number {
    const count = this.#links.size
    for (const link of this.#links) link.cut()
    return count
  }

  /** New connections are closed as they come. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing
  }

  /** Nothing passes any more in either direction, and nobody is told; until it is lifted. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled
    for (const link of this.#links) link.stall(isStalled)
  }

  /** Every answer comes so much later, as from a database far away or slow. Order is kept. */
  delay(ms: number): void {
    this.#delay_ms = ms
    for (const link of this.#links) link.delay_ms = ms
  }

  async stop(): Promise<void> {
    this.cutAll()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }

  #accept(socket: Socket, target: number): void {
    if (this.#isRefusing) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
      return
    }
    const link = new Link(socket, {
      target,
      decide: () => {
        const fault = this.onCommit()
        this.counts[fault] += 1
        return fault
      },
      ended: () => this.#links.delete(link),
    })
    this.#links.add(link)
    link.delay_ms = this.#delay_ms
    link.stall(this.#isStalled)
  }
}

type LinkOptions = {
  readonly target: number
  readonly decide: () => CommitFault
  readonly ended: () => void
}

/** One connection, from the Worker's side to Postgres. */
class Link {
  delay_ms = 0
  readonly #client: Socket
  readonly #server: Socket
  readonly #fromClient = new FrameReader('client')
  readonly #fromServer = new FrameReader('server')
  readonly #calls = new CommitCalls()
  readonly #decide: () => CommitFault
  #isSwallowing = false
  readonly #delayed: { readonly due_at: number; readonly send: () => void }[] = []

  constructor(client: Socket, { target, decide, ended }: LinkOptions) {
    this.#client = client
    this.#server = connect({ host: '127.0.0.1', port: target, noDelay: true })
    this.#decide = decide
    client.on('data', (chunk) => this.#forward(chunk))
    this.#server.on('data', (chunk) => this.#answer(chunk))
    for (const socket of [client, this.#server]) socket.on('error', () => {})
    // What was on its way when one side ended still reaches the other.
    client.on('close', () => this.#server.destroySoon())
    this.#server.on('close', () => {
      client.destroySoon()
      ended()
    })
  }

  cut(): void {
    this.#client.destroy()
    this.#server.destroy()
  }

  stall(isStalled: boolean): void {
    for (const socket of [this.#client, this.#server])
      if (isStalled) socket.pause()
      else socket.resume()
  }

  #forward(chunk: Buffer): void {
    const passing: Buffer[] = []
    let isCutAfter = false
    for (const frame of this.#fromClient.read(chunk)) {
      if (this.#calls.isCall(frame)) {
        const fault = this.#decide()
        if (fault === 'cut_before') return this.cut()
        if (fault === 'swallow_reply') this.#isSwallowing = true
        if (fault === 'cut_during') isCutAfter = true
      }
      passing.push(frame.bytes)
    }
    if (passing.length === 0) return
    this.#server.write(Buffer.concat(passing))
    if (isCutAfter) this.#client.destroy()
  }

  /** After all that was to be sent before: a delay that shrinks reorders nothing. */
  #later(send: () => void): void {
    if (this.delay_ms === 0 && this.#delayed.length === 0) return send()
    this.#delayed.push({ due_at: performance.now() + this.delay_ms, send })
    if (this.#delayed.length === 1) this.#sendDue()
  }

  #sendDue(): void {
    for (;;) {
      const [first] = this.#delayed
      if (!first) return
      const wait_ms = first.due_at - performance.now()
      if (wait_ms > 0) return void setTimeout(() => this.#sendDue(), wait_ms)
      first.send()
      this.#delayed.shift()
    }
  }

  #answer(chunk: Buffer): void {
    if (!this.#isSwallowing) {
      this.#later(() => this.#client.write(chunk))
      return
    }
    if (this.#fromServer.read(chunk).some(isReadyForQuery)) this.cut()
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no port was bound'))
      else resolve(address.port)
    })
  })
}
