/**
 * Whom an edit mentions that no earlier words of the message did (MSG-7, INBOX-1): they alone hear
 * of it. The room looks into the changes that it remembers; they reach back further than a message
 * may be edited, save in the busiest rooms. There the counts rise all the same, without a word.
 */
import type { Change } from '../../protocol/change.ts'
import { decodeDown } from '../../protocol/decode-down.ts'
import type { Message } from '../../protocol/message.ts'
import type { KnownRecord } from './state.ts'

export type NewlyMentioned = {
  /** As it was said. */
  readonly message: Message
  readonly user_ids: readonly string[]
}

/** Undefined where nobody is. Call before the edit itself is remembered. */
export const newlyMentioned = (
  { recent }: KnownRecord,
  edit: Change & { type: 'message_edited' },
): NewlyMentioned | undefined => {
  if (edit.mentions.length === 0) return undefined
  const known = new Set<string>()
  let message: Message | undefined
  for (const { message_id, text } of recent) {
    if (message_id !== edit.message_id) continue
    const [frame] = decodeDown(text)
    if (frame?.type === 'message') message = frame.message
    for (const user_id of mentionsIn(frame)) known.add(user_id)
  }
  if (!message) return undefined
  // Nobody is told that they mentioned themselves.
  known.add(message.sender_id)
  const user_ids = edit.mentions.filter((user_id) => !known.has(user_id))
  return user_ids.length === 0 ? undefined : { message, user_ids }
}

const mentionsIn = (
  frame: ReturnType<typeof decodeDown>[number] | undefined,
): readonly string[] => {
  if (frame?.type === 'message') return frame.message.mentions
  return frame?.type === 'message_edited' ? frame.mentions : []
}
