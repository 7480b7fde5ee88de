/** The clients of one room, all in this process: they connect, send as planned, and count. */
import { pause } from '../../dev/child-process.ts'
import { contentOf, decimalAt, mark, markBytes, numberAt } from './dialect.ts'
import type { CrowdPlan, Heard, LoadPlan, Seat } from './orders.ts'
import { post, type PostPlan } from './posting.ts'
import { Tally, type Measured } from './tally.ts'
import { WebSocketClient } from './web-socket.ts'

const connectingAtOnce = 50
const connectTimeoutMs = 30_000
/** How long a message may be on its way after the last one was sent, before it counts as lost. */
const drainTimeoutMs = 20_000
/** The same for messages that were posted all at once. */
const hearTimeoutMs = 120_000
/** Posted, not sent by one of the clients. */
const nobody = -1
/** Timers are as fine as this. */
const tickMs = 1

export class Crowd {
  readonly #plan: CrowdPlan
  readonly #pong: string
  readonly #ping: Buffer
  readonly #sequence: Buffer | undefined
  readonly #clients: WebSocketClient[] = []
  #failure: string | undefined
  #tally: Tally | undefined
  #nextNumber = 1
  /** Told of each message that its sender has received. */
  #onEcho: ((sender: number) => void) | undefined
  /** Told of each message that everybody has received. */
  #onWhole: (() => void) | undefined

  constructor(plan: CrowdPlan) {
    this.#plan = plan
    this.#ping = Buffer.from(plan.dialect.ping)
    this.#pong = plan.dialect.pong
    const { sequence } = plan.dialect
    this.#sequence = sequence === undefined ? undefined : Buffer.from(sequence)
  }

  async connect(): Promise<void> {
    const seats = this.#plan.seats.entries()
    const lane = async () => {
      for (const [index, seat] of seats) await this.#sit(index, seat)
    }
    await Promise.all(Array.from({ length: connectingAtOnce }, lane))
  }

  close(): void {
    for (const client of this.#clients) client.close()
  }

  /** @throws Error when a message was lost or doubled, or a client lost its connection */
  async run(plan: LoadPlan): Promise<Measured> {
    const from = performance.now() + plan.warmUpMs
    const window = { from, to: from + plan.windowMs }
    const sockets = this.#clients.length
    const tally = new Tally({ first: this.#nextNumber, sockets, window })
    this.#tally = tally
    await this.#send(plan, window.to)
    this.#onEcho = undefined
    this.#onWhole = undefined
    const deadline = performance.now() + drainTimeoutMs
    while (tally.outstanding > 0 && performance.now() < deadline && !this.#failure) await pause(5)
    if (this.#failure !== undefined) throw new Error(`A client was lost: ${this.#failure}`)
    return tally.result()
  }

  /** @throws Error when a message was refused, lost or doubled, or a client lost its connection */
  async hear(plan: PostPlan): Promise<Heard> {
    const first = this.#nextNumber
    const window = { from: 0, to: Infinity }
    const tally = new Tally({ first, sockets: this.#clients.length, window })
    const started = performance.now()
    for (let count = 0; count < plan.messages; count++) tally.sent(nobody, started)
    this.#nextNumber += plan.messages
    this.#tally = tally
    let endedAt = started
    const posting = post(plan, first)
    const deadline = started + hearTimeoutMs
    while (tally.outstanding > 0 && performance.now() < deadline && !this.#failure) {
      await pause(tickMs)
      endedAt = performance.now()
    }
    const posted = await posting
    if (this.#failure !== undefined) throw new Error(`A client was lost: ${this.#failure}`)
    if (posted.accepted !== plan.messages)
      throw new Error(`Not all were accepted: ${JSON.stringify(posted.statuses)}`)
    if (tally.result().outOfOrder > 0) throw new Error('Sequence numbers came out of order.')
    return { posted, everybodyMs: endedAt - started }
  }

  async #send({ senders, pace }: LoadPlan, until: number): Promise<void> {
    const isOn = () => performance.now() < until && this.#failure === undefined
    switch (pace.kind) {
      case 'closed': {
        this.#onEcho = (sender) => {
          if (isOn()) this.#say(sender)
        }
        for (let ahead = 0; ahead < (pace.ahead ?? 1); ahead++)
          for (let sender = 0; sender < senders; sender++) this.#say(sender)
        while (isOn()) await (senders === 1 ? pause(tickMs) : doze())
        return
      }
      case 'open': {
        const start = performance.now()
        for (let count = 0; isOn(); await (senders === 1 ? pause(tickMs) : doze())) {
          const due = ((performance.now() - start) * pace.rate) / 1_000
          for (; count < due; count++)
            this.#say(count % senders, start + (count * 1_000) / pace.rate)
        }
        return
      }
      case 'single': {
        while (isOn()) {
          const { promise, resolve } = Promise.withResolvers<void>()
          this.#onWhole = resolve
          this.#say(0)
          await Promise.race([promise, pause(drainTimeoutMs)])
          await pause(pace.pauseMs)
        }
      }
    }
  }

  #say(sender: number, intended = performance.now()): void {
    const number = this.#tally?.sent(sender, intended) ?? 0
    this.#nextNumber = number + 1
    const text = this.#plan.dialect.message
      .replace('$content', contentOf(number))
      .replace('$id', `bench-${number}`)
    this.#clients[sender]?.send(text)
  }

  async #sit(index: number, seat: Seat): Promise<void> {
    const { port, dialect } = this.#plan
    const ready = Promise.withResolvers<void>()
    let isReady = false
    const client: WebSocketClient = new WebSocketClient({
      port,
      ...seat,
      onText: (buffer, start, end) => {
        if (isReady) return this.#heard(index, buffer, start, end)
        const text = buffer.toString('utf8', start, end)
        if (!text.startsWith(dialect.ready ?? '')) return
        isReady = true
        ready.resolve()
      },
      onLost: (reason) => {
        this.#failure ??= reason
        ready.reject(new Error(`Client ${index} was lost: ${reason}`))
      },
    })
    this.#clients[index] = client
    const timer = setTimeout(() => ready.reject(new Error('No answer in time.')), connectTimeoutMs)
    try {
      // Both are awaited, so that neither rejects unheard.
      await Promise.all([
        client.opened,
        dialect.ready === undefined ? undefined : ready.promise,
        greet(),
      ])
    } finally {
      clearTimeout(timer)
    }
    if (dialect.ready === undefined) isReady = true

    async function greet(): Promise<void> {
      await client.opened
      if (dialect.hello !== undefined) client.send(dialect.hello)
    }
  }

  #heard(socket: number, buffer: Buffer, start: number, end: number): void {
    const ping = this.#ping
    if (end - start === ping.length && buffer.compare(ping, 0, ping.length, start, end) === 0) {
      this.#clients[socket]?.send(this.#pong)
      return
    }
    const now = performance.now()
    let at = buffer.indexOf(mark, start)
    if (socket === 0 && at !== -1 && at < end) this.#order(buffer, start, end)
    while (at !== -1 && at < end) {
      const got = this.#tally?.received(socket, numberAt(buffer, at), now)
      if (got?.sender === socket) this.#onEcho?.(socket)
      if (got?.isWhole) this.#onWhole?.()
      at = buffer.indexOf(mark, at + markBytes)
    }
  }

  /** One socket reads the server's numbers too: everybody sees the same order. */
  #order(buffer: Buffer, start: number, end: number): void {
    const sequence = this.#sequence
    if (sequence === undefined) return
    let at = buffer.indexOf(sequence, start)
    while (at !== -1 && at < end) {
      this.#tally?.sequenced(decimalAt(buffer, at + sequence.length))
      at = buffer.indexOf(sequence, at + sequence.length)
    }
  }
}

/**
 * Sleeps for a tick, whatever arrives: then all of it is read in one go. Where many send, this
 * leaves more of the machine to the server, for up to a millisecond more of latency.
 */
async function doze(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  Atomics.wait(sleep, 0, 0, tickMs)
}

const sleep = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
