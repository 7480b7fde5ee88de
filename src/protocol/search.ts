/** What is found: messages by their words (API-2), and messages that mention somebody (API-3). */
import * as z from 'zod/mini'
import { Message } from './message.ts'

/** Half-open, in UTF-16 units of `content`; in order, and none overlaps another. */
export const Highlight = z.object({ start: z.int(), end: z.int() })

export const SearchResult = z.object({
  message: Message,
  room_title: z.string(),
  /** Empty where the words are in the file's name or in incident data alone. */
  highlights: z.array(Highlight),
  matched_in: z.array(z.enum(['content', 'file_name', 'data'])),
})
export type SearchResult = z.infer<typeof SearchResult>

const CursorPagination = z.object({
  has_more: z.boolean(),
  /** For `cursor` of the next call; null at the end. */
  next_cursor: z.nullable(z.string()),
})

export const SearchPage = z.object({
  results: z.array(SearchResult),
  pagination: CursorPagination,
})
export type SearchPage = z.infer<typeof SearchPage>

export const Mention = z.extend(Message, {
  /** The caller's own read mark has not passed it (INBOX-2). */
  unread: z.boolean(),
  room_title: z.string(),
})
export type Mention = z.infer<typeof Mention>

export const MentionPage = z.object({
  messages: z.array(Mention),
  pagination: CursorPagination,
})
export type MentionPage = z.infer<typeof MentionPage>
