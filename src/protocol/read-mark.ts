/** How far a person has read a room: one mark per (user, room), on all their devices (INBOX-2). */
import * as z from 'zod/mini'
import { Reference, SequenceNumber, UserId, Uuid } from './scalars.ts'

/** Where the mark stands, and what came after it. */
export const ReadMark = z.object({
  room_id: Uuid,
  /** Everything up to this message is read. It moves only forward. */
  read_sequence: SequenceNumber,
  /**
   * What others said and did not delete, without the system's notices, among the first
   * UNREAD_MAX_COUNT messages after the mark.
   */
  unread_count: z.int().check(z.nonnegative()),
  /** Those of them that mention the person. */
  mention_count: z.int().check(z.nonnegative()),
})
export type ReadMark = z.infer<typeof ReadMark>

/** The body that moves the mark over REST. */
export const MarkRead = z.object({ sequence_number: SequenceNumber })
export type MarkRead = z.infer<typeof MarkRead>

/** up, on the room's socket: I have read this far. */
export const ReadFrame = z.object({
  type: z.literal('read'),
  sequence_number: SequenceNumber,
  ref: z.optional(Reference),
})

/** How far a member has read, as everybody in the room may know. */
export const MemberMark = z.object({ user_id: UserId, read_sequence: SequenceNumber })
export type MemberMark = z.infer<typeof MemberMark>

/** Who has read furthest first, at most READ_MARKS_MAX_COUNT. */
export const MemberMarkList = z.object({ read_marks: z.array(MemberMark) })
export type MemberMarkList = z.infer<typeof MemberMarkList>

/** down: the marks that moved. Of the moment: one that is lost is made up for by the list. */
export const ReadMarks = z.object({
  type: z.literal('read_marks'),
  read_marks: z.array(MemberMark),
})
export type ReadMarks = z.infer<typeof ReadMarks>
