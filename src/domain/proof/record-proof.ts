/**
 * The proof of one room's record (API-9): first its revisions in order, then its room and members,
 * then its messages in order. Give it every row once; the first damage is the verdict. It holds
 * one position and the present members, however long the record is.
 */
import type { Damage, Head } from '../../protocol/proof.ts'
import { Chain, type Attested } from './chain.ts'
import { damage } from './damage.ts'
import { messageDamage } from './message-told.ts'
import { revisionOf } from './revision.ts'
import { RoomTold } from './room-told.ts'
import type { MemberRow, MessageRow, RevisionRow, RoomRow } from './rows.ts'

export class RecordProof {
  readonly #chain: Chain
  readonly #told = new RoomTold()
  #messages = 0

  constructor(attested: readonly Attested[] = []) {
    this.#chain = new Chain(attested)
  }

  get head(): Head {
    return this.#chain.head
  }

  /** Messages whose rows were found good. */
  get messages(): number {
    return this.#messages
  }

  /** In order. @param recomputed the hash of the row's previous hash and canonical text */
  revision(row: RevisionRow, recomputed: string): Damage | undefined {
    const broken = this.#chain.follow(row, recomputed)
    if (broken) return broken
    const revision = revisionOf(row)
    return revision
      ? this.#told.apply(revision)
      : damage('revision_invalid', 'it has not the shape of a revision', { revision: row.revision })
  }

  /** After the last revision; both were read in the same statement as that one. */
  room(room: RoomRow, members: readonly MemberRow[]): Damage | undefined {
    return (
      this.#chain.end({ revision: room.last_revision, hash: room.last_hash }) ??
      this.#told.compare(room, members)
    )
  }

  /** In order of sequence. @param last_sequence the room's, read in the same statement */
  message(row: MessageRow, last_sequence: number): Damage | undefined {
    const { sequence_number, message_id } = row
    const expected = this.#messages + 1
    if (sequence_number < expected || sequence_number > last_sequence)
      return damage('message_unexpected', 'a room has no message of this number', {
        sequence_number,
        message_id,
      })
    if (sequence_number > expected) return this.#missing(expected)
    const altered = messageDamage(row)
    if (!altered) this.#messages = expected
    return altered
  }

  /** After the last message. More may have been said since the revisions were read, but not fewer. */
  end(): Damage | undefined {
    return this.#messages < this.#told.last_sequence ? this.#missing(this.#messages + 1) : undefined
  }

  #missing(sequence_number: number): Damage {
    return damage('message_missing', 'the revisions tell of it, and its row is gone', {
      sequence_number,
    })
  }
}
