/**
 * Who people are, remembered for a moment (DB-6). Exact for all that is read and saved through it:
 * each person's profile is read and saved by one gateway, so one cache sees every change. What
 * others write straight into the table is seen after `ttlMs`.
 */
import type { Outcome } from '../lib/outcome.ts'
import type { ProfileFigures } from '../protocol/database-figures.ts'
import type { User } from '../protocol/member.ts'

/** A change past the gateways, such as a new admin, holds at the latest after so long. */
const ttlMs = 10_000

/** About a megabyte of them; beyond it the one remembered longest goes. */
export const profilesMaxCount = 5_000

type Entry = { readonly user: User; readonly until: number }

export class ProfileCache {
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()
  /** Raised by every change: what was read before it, and came after, is not kept. */
  #changes = 0
  #hits = 0
  #misses = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @param ask the read itself; an unknown person and a failure are not remembered */
  async read(
    user_id: string,
    ask: () => Promise<Outcome<User | null>>,
  ): Promise<Outcome<User | null>> {
    const known = this.#entries.get(user_id)
    if (known && this.#now() < known.until) {
      this.#hits += 1
      return { ok: true, value: known.user }
    }
    this.#misses += 1
    const { changes, asked_at } = { changes: this.#changes, asked_at: this.#now() }
    const answer = await ask()
    if (answer.ok && answer.value && changes === this.#changes)
      this.#keep(user_id, { user: answer.value, until: asked_at + ttlMs })
    return answer
  }

  /** Forgets the person before and after: also a change that failed may have happened. */
  async change<Value>(user_id: string, save: () => Promise<Value>): Promise<Value> {
    this.#forget(user_id)
    try {
      return await save()
    } finally {
      this.#forget(user_id)
    }
  }

  figures(): ProfileFigures {
    const { size: cached } = this.#entries
    return { cached, max: profilesMaxCount, hits: this.#hits, misses: this.#misses }
  }

  #keep(user_id: string, entry: Entry): void {
    this.#entries.delete(user_id)
    this.#entries.set(user_id, entry)
    if (this.#entries.size <= profilesMaxCount) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  #forget(user_id: string): void {
    this.#changes += 1
    this.#entries.delete(user_id)
  }
}
