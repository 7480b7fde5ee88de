/** How far a person has read a room: one mark per (user, room), on all their devices (INBOX-2). */
import * as z from 'zod/mini'
import { Reference, SequenceNumber, Uuid } from './scalars.ts'

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
