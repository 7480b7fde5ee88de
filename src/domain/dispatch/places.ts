/** The places that a shard gives, one after the other; times never go back, also where the clock does. */
import { saltOfTracking, type Place } from './tracking-id.ts'

export class Places {
  readonly #shard: number
  #last: Omit<Place, 'shard'>

  /** @param newest the last one that was given, where there is one */
  constructor(
    shard: number,
    newest:
      | { readonly seq: number; readonly tracking_id: string; readonly accepted_at: number }
      | undefined,
  ) {
    this.#shard = shard
    this.#last = newest
      ? { seq: newest.seq, at: newest.accepted_at, salt: saltOfTracking(newest.tracking_id) }
      : { seq: 0, at: 0, salt: 0 }
  }

  get last_seq(): number {
    return this.#last.seq
  }

  /** Not given until it is `taken`. @param chance in [0, 1) */
  next(now: number, chance: number): Place {
    const { at, salt, seq } = this.#last
    const shard = this.#shard
    if (now <= at) return { at, salt, seq: seq + 1, shard }
    return { at: now, salt: Math.floor(chance * 4_096), seq: seq + 1, shard }
  }

  taken({ at, salt, seq }: Place): void {
    this.#last = { at, salt, seq }
  }
}
