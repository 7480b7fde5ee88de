/** What is looked for, where (API-2), and whose mentions are (API-3). */
import * as z from 'zod/mini'
import { SEARCH_QUERY_MAX_LENGTH } from '../protocol/limits.ts'
import { MessageType } from '../protocol/message.ts'
import { RoomStatus } from '../protocol/room.ts'
import { UserId, text } from '../protocol/scalars.ts'
import { MentionCursor, SearchCursor } from './cursor.ts'
import { flag, instant, pageLimit } from './query-values.ts'

const nextPage = z.describe('`next_cursor` of the page before.')

export const RoomSearchQuery = z.object({
  q: text(1, SEARCH_QUERY_MAX_LENGTH).check(
    z.refine((value) => value.trim() !== '', { error: 'must not be blank' }),
    z.describe('Words, all of which must be there; in quotes they must stand so.'),
  ),
  sender_id: z.optional(UserId),
  message_type: z.optional(MessageType),
  from: z.optional(instant).check(z.describe('Messages created at this time or later.')),
  to: z.optional(instant).check(z.describe('Messages created before this time.')),
  has_file: z.optional(flag).check(z.describe('With a file or picture, or without.')),
  limit: pageLimit,
  cursor: SearchCursor.check(nextPage),
})
export type RoomSearchQuery = z.infer<typeof RoomSearchQuery>

export const SearchEverywhereQuery = z.extend(RoomSearchQuery, {
  room_status: z.optional(RoomStatus).check(z.describe('Only in rooms of this status.')),
})

export const MentionQuery = z.object({
  user_id: z
    .optional(UserId)
    .check(z.describe('Somebody else, in the rooms that the caller and they are both in.')),
  limit: pageLimit,
  cursor: MentionCursor.check(nextPage),
})
