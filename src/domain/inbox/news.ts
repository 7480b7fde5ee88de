/**
 * What a room tells the inbox: one such record per shard that watches, at most once a second, and
 * at once where somebody is mentioned or comes or goes. Everything in it carries its revision, so
 * that telling the same again, or part of it earlier, does nothing twice.
 */
import type { Role } from '../../protocol/member.ts'
import type { LastMessage, RoomStatus, Severity } from '../../protocol/room.ts'

export type RoomNews = {
  readonly room_id: string
  /** Tells all that happened after this revision … */
  readonly after: number
  /** … up to this one. */
  readonly revision: number
  readonly last_sequence: number
  readonly title: string
  readonly status: RoomStatus
  readonly severity: Severity
  /** Undefined: as before. */
  readonly last_activity_at: string | undefined
  readonly last_message: LastMessage | undefined
  readonly said: readonly Said[]
  readonly mentioned: readonly Mentioned[]
  readonly members: readonly MemberNews[]
  /** Messages were changed, or more happened than is told here: the counts must be read again. */
  readonly recount: boolean
  /** False: only what cannot wait. People are told how the room stands by the next that is whole. */
  readonly whole: boolean
}

export type Said = {
  readonly revision: number
  readonly sequence_number: number
  readonly sender_id: string
  /** What the system says of a change: activity, but nothing that anybody has yet to read. */
  readonly is_notice: boolean
}

export type Mentioned = Said & {
  readonly message_id: string
  readonly sender_display_name: string
  readonly preview: string
  readonly user_ids: readonly string[]
}

/** Somebody came, has another role, or is gone (null). */
export type MemberNews = {
  readonly revision: number
  readonly user_id: string
  readonly role: Role | null
}
