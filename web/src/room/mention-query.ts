/**
 * Whether somebody's name is being written at the caret (WEB-4). Chinese has no spaces between
 * words, so `請@林` asks for a name as `ask @Lin` does; an `@` inside a mail address does not.
 */
import { continuesAddress, type Words } from '../sync/mention-entities.ts'

/** Names are shorter; what is longer is a sentence that begins with an `@`. */
const QUERY_MAX_LENGTH = 60

export type MentionQuery = {
  /** Of the `@`. */
  readonly start: number
  /** What is written after it, up to the caret. */
  readonly query: string
}

export const mentionQueryAt = (
  { text, mentions }: Words,
  caret: number,
): MentionQuery | undefined => {
  const before = text.slice(0, caret)
  // Full-width when an input method is set to full-width punctuation.
  const start = Math.max(before.lastIndexOf('@'), before.lastIndexOf('＠'))
  if (start === -1 || continuesAddress(text.charAt(start - 1))) return undefined
  const query = before.slice(start + 1)
  if (query.length > QUERY_MAX_LENGTH || query.includes('\n') || /^\s/u.test(query))
    return undefined
  const is_chosen = mentions.some((mention) => mention.start === start)
  return is_chosen ? undefined : { start, query }
}
