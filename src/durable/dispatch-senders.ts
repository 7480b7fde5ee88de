/** What one shard remembers of senders for a moment: their name, and whether they have a webhook. */
import type { DispatchSettings } from '../domain/dispatch/settings.ts'
import type { Env } from '../env.ts'
import { askDatabase } from './ask-database.ts'

type Remembered<Value> = { readonly value: Value; readonly until: number }

/** Senders that are looked up side by side. */
const LOOKUPS_MAX_COUNT = 16

export class DispatchSenders {
  readonly #env: Env
  readonly #settings: DispatchSettings
  readonly #names = new Map<string, Remembered<string>>()
  readonly #webhooks = new Map<string, Remembered<boolean>>()

  constructor(env: Env, settings: DispatchSettings) {
    this.#env = env
    this.#settings = settings
  }

  /** Without those that are not known or cannot be asked now. */
  async namesOf(sender_ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const read = async (user_id: string) => {
      const user = await askDatabase(this.#env, user_id, 'readUser', { user_id })
      return user.ok ? (user.value?.display_name ?? user_id) : undefined
    }
    return this.#lookUp(this.#names, sender_ids, read)
  }

  /** Who has one. Where it cannot be asked now it is left to the courier to find out. */
  async withWebhook(sender_ids: readonly string[]): Promise<ReadonlySet<string>> {
    const read = async (user_id: string) => {
      const webhook = await askDatabase(this.#env, user_id, 'readWebhook', { user_id })
      return webhook.ok ? webhook.value !== null : undefined
    }
    const known = await this.#lookUp(this.#webhooks, sender_ids, read)
    return new Set(sender_ids.filter((sender_id) => known.get(sender_id) ?? true))
  }

  async #lookUp<Value>(
    remembered: Map<string, Remembered<Value>>,
    sender_ids: readonly string[],
    read: (user_id: string) => Promise<Value | undefined>,
  ): Promise<ReadonlyMap<string, Value>> {
    const now = Date.now()
    const found = new Map<string, Value>()
    const missing: string[] = []
    for (const sender_id of new Set(sender_ids)) {
      const one = remembered.get(sender_id)
      if (one && one.until > now) found.set(sender_id, one.value)
      else missing.push(sender_id)
    }
    for (let at = 0; at < missing.length; at += LOOKUPS_MAX_COUNT) {
      const some = missing.slice(at, at + LOOKUPS_MAX_COUNT)
      const values = await Promise.all(some.map(read))
      some.forEach((sender_id, index) => {
        const value = values[index]
        if (value === undefined) return
        found.set(sender_id, value)
        remembered.set(sender_id, { value, until: now + this.#settings.senders_ttl_ms })
      })
    }
    for (const oldest of remembered.keys()) {
      if (remembered.size <= this.#settings.senders_max_count) break
      remembered.delete(oldest)
    }
    return found
  }
}
