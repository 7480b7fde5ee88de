/**
 * The chain of a room's revisions: numbered 1, 2, 3 …, each linked to the one before by hash
 * (SEC-4). It also holds the chain against heads that were attested before, because whoever can
 * write the rows can make a chain anew, or cut its end and put the counters back.
 */
import type { Damage, Head } from '../../protocol/proof.ts'
import { damage } from './damage.ts'
import type { RevisionRow } from './rows.ts'

/** A head that something outside the rows remembers. */
export type Attested = Head & {
  /** For people: "a checkpoint of 2026-11-24T…". */
  readonly by: string
}

export class Chain {
  #head: Head = { revision: 0, hash: '' }
  readonly #attested: readonly Attested[]

  constructor(attested: readonly Attested[]) {
    this.#attested = attested
  }

  /** The last good revision. */
  get head(): Head {
    return this.#head
  }

  /** @param recomputed the hash of the row's previous hash and canonical text */
  follow(row: RevisionRow, recomputed: string): Damage | undefined {
    const { revision } = row
    const expected = this.#head.revision + 1
    if (revision > expected)
      return damage('revision_missing', `after ${expected - 1} comes ${revision}`, {
        revision: expected,
      })
    if (revision < expected)
      return damage('revision_unexpected', `a room has no revision ${revision} here`, { revision })
    if (row.previous_hash !== this.#head.hash)
      return damage('revision_unlinked', 'its previous hash is not that of the row before', {
        revision,
      })
    if (row.hash !== recomputed)
      return damage('revision_altered', 'its hash is not that of what it says', { revision })
    for (const { by, ...head } of this.#attested)
      if (head.revision === revision && head.hash !== row.hash)
        return damage('history_rewritten', `${by} attests another hash`, { revision })
    this.#head = { revision, hash: row.hash }
    return undefined
  }

  /** Once there are no more rows. @param counted what the room's own row says is its head */
  end(counted: Head): Damage | undefined {
    const revision = this.#head.revision + 1
    if (counted.revision > this.#head.revision)
      return damage('revision_missing', `the room counts ${counted.revision} revisions`, {
        revision,
      })
    if (this.#head.revision === 0)
      return damage('revision_missing', 'the room has no revisions at all', { revision })
    const beyond = this.#attested.find((attested) => attested.revision >= revision)
    if (beyond)
      return damage('tail_cut', `${beyond.by} attests a revision ${beyond.revision}`, { revision })
    if (counted.revision < this.#head.revision)
      return damage('counter_wrong', `the room counts only ${counted.revision} revisions`, {
        revision: counted.revision + 1,
        field: 'last_revision',
      })
    if (counted.hash !== this.#head.hash)
      return damage('counter_wrong', 'the room ends with another hash', {
        revision: this.#head.revision,
        field: 'last_hash',
      })
    return undefined
  }
}
