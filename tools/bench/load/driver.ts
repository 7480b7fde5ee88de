/** The load process as the benchmark holds it: crowds that are opened, measured and closed. */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { AnswerMessage, CrowdPlan, Heard, LoadPlan, Order } from './orders.ts'
import type { Posted, PostPlan } from './posting.ts'
import type { Measured } from './tally.ts'

export type OpenCrowd = {
  measure(plan: LoadPlan): Promise<Measured>
  /** Posts to the room, and waits until everybody in it has all of it. */
  hear(plan: PostPlan): Promise<Heard>
  close(): Promise<void>
}

export class Driver {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: AnswerMessage) => void>()
  #lastId = 0

  constructor() {
    // It ends when the channel to us closes, however we end.
    this.#child = fork(join(import.meta.dirname, 'process.ts'), { stdio: 'inherit' })
    this.#child.on('message', (message) => {
      const answer = message as AnswerMessage
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    })
    this.#child.on('exit', () => {
      for (const [id, resolve] of this.#waiting) resolve({ id, error: 'The load process ended.' })
    })
  }

  async open(plan: CrowdPlan): Promise<OpenCrowd> {
    const crowd = `crowd-${this.#lastId + 1}`
    await this.#ask({ kind: 'open', crowd, plan })
    return {
      measure: async (load) => {
        const { measured } = await this.#ask({ kind: 'load', crowd, plan: load })
        if (measured === undefined) throw new Error('The load process measured nothing.')
        return measured
      },
      hear: async (post) => {
        const { heard } = await this.#ask({ kind: 'hear', crowd, plan: post })
        if (heard === undefined) throw new Error('The load process heard nothing.')
        return heard
      },
      close: async () => void (await this.#ask({ kind: 'close', crowd })),
    }
  }

  async post(plan: PostPlan): Promise<Posted> {
    const { posted } = await this.#ask({ kind: 'post', plan })
    if (posted === undefined) throw new Error('The load process posted nothing.')
    return posted
  }

  stop(): void {
    this.#child.disconnect()
  }

  async #ask(order: Order): Promise<AnswerMessage> {
    const id = ++this.#lastId
    const answer = await new Promise<AnswerMessage>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#child.send({ id, order })
    })
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
}
