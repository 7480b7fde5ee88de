/**
 * Messages of one client that the server has not answered for good, in the order in which they
 * were first sent. Each keeps its client_message_id however often it is sent (MSG-3).
 */
import { randomUUID } from 'node:crypto'
import type { Ack } from '../../src/protocol/message.ts'

export type Unanswered = {
  readonly client_message_id: string
  readonly content: string
  /** Acked, or refused for good. */
  readonly answer: Promise<Ack>
}

type Settling = Unanswered & {
  readonly resolve: (ack: Ack) => void
  readonly reject: (error: Error) => void
}

export class Outbox {
  readonly #messages = new Map<string, Settling>()

  get size(): number {
    return this.#messages.size
  }

  add(content: string, client_message_id: string = randomUUID()): Unanswered {
    const { promise, resolve, reject } = Promise.withResolvers<Ack>()
    // A test that looks at the history need not look at every promise.
    promise.catch(() => {})
    const message = { client_message_id, content, answer: promise, resolve, reject }
    this.#messages.set(client_message_id, message)
    return message
  }

  get(client_message_id: string): Unanswered | undefined {
    return this.#messages.get(client_message_id)
  }

  all(): Unanswered[] {
    return [...this.#messages.values()]
  }

  acked(ack: Ack): void {
    this.#messages.get(ack.client_message_id)?.resolve(ack)
    this.#messages.delete(ack.client_message_id)
  }

  refused(client_message_id: string, error: Error): void {
    this.#messages.get(client_message_id)?.reject(error)
    this.#messages.delete(client_message_id)
  }
}
