/**
 * The rows of a record as the proof gets them. Hashes are hexadecimal, times are microseconds since
 * the epoch (-1: one that is not finite).
 */

export type RevisionRow = {
  readonly revision: number
  readonly message_id: string | null
  /** The text that the hash is made of, after the previous hash. */
  readonly canonical: string
  readonly previous_hash: string
  readonly hash: string
}

export type RoomRow = {
  readonly title: string
  readonly incident_type: string
  readonly severity: string
  readonly status: string
  readonly location: string
  readonly description: string
  readonly lots: unknown
  readonly created_by: string
  readonly created_at: number
  readonly updated_at: number
  readonly last_activity_at: number
  readonly last_sequence: number
  readonly last_revision: number
  readonly last_hash: string
}

export type MemberRow = {
  readonly user_id: string
  readonly role: string
  readonly joined_at: number
}

/** A change of a message, as its revision tells it. */
export type ToldChange = {
  readonly kind: string
  readonly actor_id: string
  readonly at: number
  readonly payload: Readonly<Record<string, unknown>>
}

/** A row of `messages`, and the revisions that it should agree with, read in one statement. */
export type MessageRow = {
  readonly message_id: string
  readonly sequence_number: number
  readonly revision: number
  readonly sender_id: string
  readonly client_message_id: string
  readonly content: string
  /** JSON as text, so that no number is rounded. */
  readonly data: string | null
  readonly message_type: string
  readonly mentions: readonly string[]
  readonly file_id: string | null
  readonly reply_to: string | null
  readonly created_at: number
  readonly edited_at: number | null
  readonly deleted_at: number | null
  readonly deleted_by: string | null
  readonly pinned_at: number | null
  readonly pinned_by: string | null
  readonly event_at: number | null
  /** The revision that it names; its payload is without `data`, which is beside it as text. */
  readonly told:
    (ToldChange & { readonly message_id: string | null; readonly data: string | null }) | null
  readonly edited: ToldChange | null
  readonly deleted: ToldChange | null
  /** The last time it was pinned or unpinned. */
  readonly pinned: ToldChange | null
  /** The first reaction that is not as its last revision says. */
  readonly reaction: ReactionDifference | null
}

export type ReactionDifference = {
  readonly user_id: string
  readonly emoji: string
  /** Of the revision that added it; null: it should not be there. */
  readonly told_revision: number | null
  /** What the row says; null: there is none. */
  readonly held_revision: number | null
}
