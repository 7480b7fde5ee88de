/** What somebody has not read yet when they come into a room (INBOX-2). Pure. */
import type { Message } from '../../../src/protocol/message.ts'

/** Sequence numbers, fixed on entry: after the read mark, up to what was the newest then. */
export type Unread = { readonly after_sequence: number; readonly upto_sequence: number }

/**
 * The first message that counts as unread: neither one's own, nor a notice, nor deleted, as the
 * server counts. Undefined also while these messages begin after it.
 */
export const firstUnread = (
  messages: readonly Message[],
  { after_sequence, upto_sequence }: Unread,
  own_user_id: string,
): Message | undefined => {
  const oldest = messages[0]?.sequence_number
  if (oldest === undefined || oldest > after_sequence + 1) return undefined
  return messages.find(
    (message) =>
      message.sequence_number > after_sequence &&
      message.sequence_number <= upto_sequence &&
      message.sender_id !== own_user_id &&
      message.message_type !== 'system' &&
      message.deleted_at === null,
  )
}

/** How many of others came after this one; those that are not held are all counted. */
export const countAfter = (
  live: readonly Message[],
  { sequence_number, own_user_id }: { sequence_number: number; own_user_id: string },
): number => {
  const oldest = live[0]?.sequence_number ?? 0
  const unheld_count = Math.max(0, oldest - 1 - sequence_number)
  const held = live.filter(
    (message) =>
      message.sequence_number > sequence_number &&
      message.sender_id !== own_user_id &&
      message.message_type !== 'system',
  )
  return unheld_count + held.length
}
