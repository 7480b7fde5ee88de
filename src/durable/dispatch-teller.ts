/**
 * Tells senders on their inbox's socket what became of their messages, about once a second each
 * (DISP-5). What is owed is in storage until an inbox has taken it.
 */
import type { Env } from '../env.ts'
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import type { Tracked } from '../domain/dispatch/buffered.ts'
import { ONE_WAY_OUTCOMES_MAX_COUNT } from '../protocol/limits.ts'
import type { OneWayOutcome } from '../protocol/one-way.ts'
import { log } from '../telemetry/log.ts'
import type { Debt, DispatchDebts } from './dispatch-debts.ts'
import { inboxStubOf } from './stubs.ts'

export class DispatchTeller {
  readonly #env: Env
  readonly #debts: DispatchDebts
  readonly #settings: DispatchSettings
  #isOwing: boolean
  #isTelling = false
  #due_at = 0

  constructor(env: Env, debts: DispatchDebts, settings: DispatchSettings) {
    this.#env = env
    this.#debts = debts
    this.#settings = settings
    this.#isOwing = debts.isOwing()
  }

  owe(debts: Iterable<Debt>): void {
    for (const debt of debts) {
      this.#debts.owe(debt)
      if (!this.#isOwing) this.#due_at = Date.now() + this.#settings.telling_ms
      this.#isOwing = true
    }
  }

  /** When it is due; undefined where nothing is owed. */
  get due_at(): number | undefined {
    return this.#isOwing && !this.#isTelling ? this.#due_at : undefined
  }

  async tellDue(): Promise<void> {
    if (!this.#isOwing || this.#isTelling || Date.now() < this.#due_at) return
    this.#isTelling = true
    try {
      await this.#tellAll()
    } finally {
      this.#isTelling = false
      this.#isOwing = this.#debts.isOwing()
      this.#due_at = Date.now() + this.#settings.telling_ms
    }
  }

  async #tellAll(): Promise<void> {
    const limit = this.#settings.telling_max_count
    for (let after = ''; ;) {
      const debts = this.#debts.after(after, limit)
      await Promise.all(debts.map((debt) => this.#tell(debt)))
      const last = debts.at(-1)
      if (!last || debts.length < limit) return
      after = last.sender_id
    }
  }

  async #tell({ sender_id, committed, delivered }: Omit<Debt, 'listed'>): Promise<void> {
    const { count, upto, rows } = this.#debts.untold(sender_id, ONE_WAY_OUTCOMES_MAX_COUNT)
    const outcomes = rows.map(outcomeIn)
    const more = count - rows.length
    try {
      const told = { committed, delivered, outcomes, more }
      await inboxStubOf(this.#env, sender_id).oneWayTold(sender_id, told)
      this.#debts.told({ sender_id, committed, delivered, upto })
    } catch {
      // It stays owed.
      log.warn('inbox_not_told', { sender_id })
    }
  }
}

export const outcomeIn = (row: Tracked): OneWayOutcome => ({
  tracking_id: row.tracking_id,
  recipient: row.recipient,
  status: row.status,
  reason: row.reason,
  at: row.finished_at ?? row.accepted_at,
})
