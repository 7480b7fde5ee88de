/**
 * What became of the messages of one measurement: who has received which, when, and in which
 * order. A message counts once everybody in the room has it.
 */
import { Histogram, type Latency } from './histogram.ts'

export type Measured = {
  /** Messages that everybody received, per second of the window. */
  rate: number
  /** Messages received by one socket each, per second of the window. */
  deliveries: number
  /** From the intended send to the arrival at another member, in ms. */
  latency: Latency
  /** From the intended send until everybody had it, in ms. */
  everybody: Latency
  /** Sent in all, warm-up included; all of them reached everybody. */
  sent: number
  /** Times that a socket saw a number which is not the one after the last. */
  outOfOrder: number
}

type Message = { sender: number; intended: number; receivers: number }

/** The part of the time that is counted; before it everything warms up. In ms. */
export type Window = { from: number; to: number }

export class Tally {
  readonly #first: number
  readonly #sockets: number
  readonly #window: Window
  readonly #messages: Message[] = []
  readonly #latency = new Histogram()
  readonly #everybody = new Histogram()
  #deliveries = 0
  #whole = 0
  #outstanding = 0
  /** What a socket has seen, folded into one number: equal only for the same order. */
  readonly #orders: Int32Array
  #lastSequence = 0
  #outOfOrder = 0

  /** @param first number of the first message that will be sent */
  constructor(options: { first: number; sockets: number; window: Window }) {
    this.#first = options.first
    this.#sockets = options.sockets
    this.#window = options.window
    this.#orders = new Int32Array(options.sockets)
  }

  get outstanding(): number {
    return this.#outstanding
  }

  /** @returns the message's number */
  sent(sender: number, intended: number): number {
    this.#messages.push({ sender, intended, receivers: 0 })
    this.#outstanding += 1
    return this.#first + this.#messages.length - 1
  }

  /** @returns who sent it, and whether everybody has it now; undefined for an earlier message */
  received(
    socket: number,
    number: number,
    now: number,
  ): { sender: number; isWhole: boolean } | undefined {
    const message = this.#messages[number - this.#first]
    if (message === undefined) return undefined
    message.receivers += 1
    this.#orders[socket] = Math.imul(this.#orders[socket] ?? 0, 31) + number
    const isWhole = message.receivers === this.#sockets
    if (isWhole) this.#outstanding -= 1
    if (now >= this.#window.from && now < this.#window.to) {
      this.#deliveries += 1
      if (socket !== message.sender) this.#latency.add(now - message.intended)
      if (isWhole) {
        this.#whole += 1
        this.#everybody.add(now - message.intended)
      }
    }
    return { sender: message.sender, isWhole }
  }

  /** The number that the server gave a message, as one socket sees them pass. */
  sequenced(sequence: number): void {
    if (this.#lastSequence !== 0 && sequence !== this.#lastSequence + 1) this.#outOfOrder += 1
    this.#lastSequence = sequence
  }

  /** @throws Error when a message is lost, came twice, or was seen in different orders */
  result(): Measured {
    const wrong = this.#messages.filter(({ receivers }) => receivers !== this.#sockets).length
    if (wrong > 0) throw new Error(`${wrong} messages did not reach every socket exactly once.`)
    if (new Set(this.#orders).size > 1) throw new Error('Sockets saw messages in different orders.')
    const seconds = (this.#window.to - this.#window.from) / 1_000
    return {
      rate: this.#whole / seconds,
      deliveries: this.#deliveries / seconds,
      latency: this.#latency.read(),
      everybody: this.#everybody.read(),
      sent: this.#messages.length,
      outOfOrder: this.#outOfOrder,
    }
  }
}
