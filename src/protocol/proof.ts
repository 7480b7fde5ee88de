/** The proof of a room's record (API-9): what was checked, and the first thing that is wrong. */
import * as z from 'zod/mini'
import { Revision, SequenceNumber, UserId, Uuid } from './scalars.ts'

export const damageKinds = [
  /** A number is left out: a row was removed, or the end was cut off. */
  'revision_missing',
  /** A row stands where none can be. */
  'revision_unexpected',
  /** It does not follow from the row before: one was put in, taken out or moved. */
  'revision_unlinked',
  /** The row is not what its hash was made of. */
  'revision_altered',
  /** The chain holds, but says what no writer of Muster writes. */
  'revision_invalid',
  /** The messages among the revisions are not numbered 1, 2, 3 … */
  'sequence_broken',
  /** The room's own counters or its last hash are not those of the last row. */
  'counter_wrong',
  /** Another hash than a checkpoint or a receipt attests: the chain was made anew. */
  'history_rewritten',
  /** A checkpoint or a receipt attests a revision beyond the last. */
  'tail_cut',
  /** Tables that say something else than the revisions; `field` is the column. */
  'room_altered',
  'room_missing',
  'member_missing',
  'member_unexpected',
  'member_altered',
  'message_missing',
  'message_unexpected',
  'message_altered',
  'reaction_missing',
  'reaction_unexpected',
  'reaction_altered',
] as const

/** One thing that is wrong with a record, and where. */
export const Damage = z.object({
  kind: z.enum(damageKinds),
  message: z.string(),
  revision: z.optional(z.int()),
  sequence_number: z.optional(z.int()),
  message_id: z.optional(Uuid),
  user_id: z.optional(UserId),
  field: z.optional(z.string()),
})
export type Damage = z.infer<typeof Damage>

/** Where a record stands: its last revision, and that one's hash in hexadecimal. */
export const Head = z.object({ revision: Revision, hash: z.string() })
export type Head = z.infer<typeof Head>

export const Verification = z.object({
  /** False: `first_problem` says why. */
  ok: z.boolean(),
  /** How many of each were found good. */
  messages: SequenceNumber,
  revisions: Revision,
  first_problem: z.optional(Damage),
  /** The last good revision. */
  head: Head,
  /** Heads known from before that the record was held against. */
  checked: z.object({
    checkpoints: z.int(),
    /** Checkpoints that another key signed, which say nothing. */
    foreign_checkpoints: z.int(),
    receipts: z.int(),
  }),
  /** The head, signed: keep it, and later ask whether the record still contains it. */
  receipt: z.nullable(z.string()),
})
export type Verification = z.infer<typeof Verification>
