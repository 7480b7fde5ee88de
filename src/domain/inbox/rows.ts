/** What the database answers to an inbox. */
import type { Role, User } from '../../protocol/member.ts'
import type { LastMessage, RoomStatus, Severity } from '../../protocol/room.ts'

/** A room, the same for all its members. */
export type InboxFacts = {
  readonly room_id: string
  readonly title: string
  readonly status: RoomStatus
  readonly severity: Severity
  readonly last_sequence: number
  /** The room's last revision; everything in the same answer is as of it. */
  readonly revision: number
  readonly last_activity_at: string
  readonly last_message: LastMessage | null
}

/** One member's own part of a room. */
export type MemberPart = {
  readonly room_id: string
  readonly user_id: string
  readonly my_role: Role
  readonly read_sequence: number
  readonly unread_count: number
  readonly mention_count: number
}

export type InboxRows = {
  readonly rooms: readonly InboxFacts[]
  readonly parts: readonly MemberPart[]
  /** Those asked for who are known. */
  readonly users: readonly User[]
}

/** A read mark after it was moved, or where it stood already. */
export type MovedMark = {
  readonly user_id: string
  readonly read_sequence: number
  readonly unread_count: number
  readonly mention_count: number
  /** The counts are as of it. */
  readonly revision: number
}
