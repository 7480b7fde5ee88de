/**
 * By which names a message mentions people, so that they can be marked in its text. Who is
 * mentioned is the server's word (MSG-10); names of people it does not list are plain text.
 */
import type { Member } from '../../../src/protocol/member.ts'

export type MentionName = {
  readonly name: string
  /** It means the reader. */
  readonly is_own: boolean
}

/** The longest first, so that `@Ann Lee` is not taken for `@Ann`. */
export const mentionNamesOf = (
  mentions: readonly string[],
  members: readonly Member[],
  own_user_id: string,
): readonly MentionName[] => {
  if (mentions.length === 0) return []
  const is_reached = mentions.includes(own_user_id)
  const mentioned = new Set(mentions)
  const people = members
    .filter(({ user_id }) => mentioned.has(user_id))
    .flatMap(({ user_id, display_name }) =>
      [display_name, user_id].map((name) => ({ name, is_own: user_id === own_user_id })),
    )
  const groups = ['channel', 'here'].map((name) => ({ name, is_own: is_reached }))
  return [...people, ...groups]
    .filter(({ name }) => name !== '')
    .toSorted((a, b) => b.name.length - a.name.length)
}
