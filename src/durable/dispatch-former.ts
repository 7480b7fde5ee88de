/**
 * Asks Control for the layout and former shards for what they hold, as long as messages wait for
 * the answer (DISP-8).
 */
import { Homes, type Question } from '../domain/dispatch/homes.ts'
import { orderKey, queueKey, type Layout } from '../domain/dispatch/layout.ts'
import { priorities, type WaitingRow } from '../domain/dispatch/row.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import type { Env } from '../env.ts'
import { log } from '../telemetry/log.ts'
import { controlStub, dispatchStub } from './stubs.ts'

const layoutKey = 'layout'

export class DispatchFormer {
  readonly #env: Env
  readonly #kv: SyncKvStorage
  readonly #homes: Homes
  #isAsking = false

  constructor(env: Env, shard: number, kv: SyncKvStorage, settings: DispatchSettings) {
    this.#env = env
    this.#kv = kv
    this.#homes = new Homes(shard, settings)
    const layout = kv.get<Layout>(layoutKey)
    if (layout) this.#homes.knows(layout)
  }

  /** False: ask first, and look again. */
  mayLeave({ epoch, level, sender_id, recipient_type, recipient_id }: WaitingRow): boolean {
    if (epoch <= 1 || recipient_type === 'webhook') return true
    const order_key = orderKey(sender_id, { type: recipient_type, id: recipient_id })
    const queue_key = queueKey(order_key, priorities[level])
    return this.#homes.mayLeave({ epoch, order_key, queue_key })
  }

  /** Something was accepted under this epoch. */
  async learn(epoch: number): Promise<void> {
    if (this.#homes.isKnown(epoch)) return
    try {
      const layout = await controlStub(this.#env).layout()
      this.#kv.put(layoutKey, layout)
      this.#homes.knows(layout)
    } catch {
      log.warn('control_not_asked', { epoch })
    }
  }

  /** Never throws; one round at a time. */
  async ask(epoch: number): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    await this.learn(epoch)
    await Promise.all(this.#homes.questions().map((question) => this.#ask(question)))
    this.#isAsking = false
  }

  async #ask(question: Question): Promise<void> {
    const { home, epoch, keys } = question
    try {
      const answer = await dispatchStub(this.#env, home).heldAmong(epoch, keys)
      this.#homes.answered(question, answer)
    } catch {
      log.warn('dispatch_not_asked', { shard: home })
    }
  }
}
