/** A page of history as the wire has it, from what the database read (API-1). */
import type { PagePosition, PageRead } from '../database/messages.ts'
import type { MessagePage } from '../protocol/message.ts'

/**
 * How many rows to read for a page of `limit`: one more than is shown tells whether there are
 * more. A page around a message has its middle there, and sequence numbers have no gaps.
 */
export const rowsFor = (position: PagePosition, limit: number): number =>
  position.kind === 'around' ? limit : limit + 1

/**
 * `has_more` speaks of the direction asked for: newer messages after `after_sequence`, otherwise
 * older ones, which `next_before` and `next_before_sequence` lead to.
 */
export const pageOf = (position: PagePosition, limit: number, read: PageRead): MessagePage => {
  const { messages: rows, instants } = read
  if (position.kind === 'after_sequence') {
    // The one too many is the newest, and rows are newest first.
    const messages = rows.slice(-limit)
    return { messages, pagination: pagination(rows.length > limit) }
  }
  const messages = rows.slice(0, limit)
  const oldest = messages.at(-1)
  const has_more =
    position.kind === 'around' ? (oldest?.sequence_number ?? 0) > 1 : rows.length > limit
  if (!has_more || oldest === undefined) return { messages, pagination: pagination(false) }
  return {
    messages,
    pagination: {
      has_more,
      next_before: instants[messages.length - 1] ?? null,
      next_before_sequence: oldest.sequence_number,
    },
  }
}

const pagination = (has_more: boolean): MessagePage['pagination'] => ({
  has_more,
  next_before: null,
  next_before_sequence: null,
})
