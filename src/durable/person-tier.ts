/**
 * Which tier a person has, as the database last said. Nobody waits for it longer than a moment,
 * and not at all once the database did not answer: who is unknown is basic until it does (LIM-3).
 */
import { limitsSettings } from '../domain/limits/settings.ts'
import type { Env } from '../env.ts'
import type { Tier } from '../protocol/rate-limit.ts'
import { askDatabase } from './ask-database.ts'

export class PersonTier {
  readonly #env: Env
  readonly #user_id: string
  #tier: Tier | undefined
  #has_failed = false
  #asked_at = -Infinity
  #asking: Promise<void> | undefined

  /** @param remembered from before an eviction; read again soon */
  constructor(env: Env, user_id: string, remembered: Tier | undefined) {
    this.#env = env
    this.#user_id = user_id
    this.#tier = remembered
  }

  get tier(): Tier {
    return this.#tier ?? 'basic'
  }

  /** What to await before the tier is looked at; undefined where nothing better is to be had. */
  heard(): Promise<void> | undefined {
    this.#askIfDue()
    if (this.#tier !== undefined || this.#has_failed || !this.#asking) return undefined
    const left_ms = this.#asked_at + limitsSettings.tier_patience_ms - Date.now()
    return left_ms <= 0 ? undefined : Promise.race([this.#asking, scheduler.wait(left_ms)])
  }

  changeTo(tier: Tier): void {
    this.#tier = tier
    this.#asked_at = Date.now()
  }

  #askIfDue(): void {
    const { tier_ttl_ms, tier_retry_ms } = limitsSettings
    const pause_ms = this.#has_failed ? tier_retry_ms : tier_ttl_ms
    if (this.#asking || Date.now() - this.#asked_at < pause_ms) return
    this.#asked_at = Date.now()
    this.#asking = this.#ask().finally(() => {
      this.#asking = undefined
    })
  }

  async #ask(): Promise<void> {
    const user_id = this.#user_id
    const asked_at = this.#asked_at
    const read = await askDatabase(this.#env, user_id, 'readTier', { user_id })
    this.#has_failed = !read.ok
    // Somebody changed it in the meantime: the answer may be older.
    if (read.ok && asked_at === this.#asked_at) this.#tier = read.value ?? 'basic'
  }
}
