/**
 * Who is meant where in a text that is being written (WEB-4): the name is in the text, the id is
 * beside it, so that two people of one name are told apart. Pure: places move as the text around
 * them is edited, and a name that is edited itself means nobody any more.
 */

export type MentionEntity = {
  readonly user_id: string
  /** Of the `@`, in UTF-16 units. */
  readonly start: number
  /** With the `@`. */
  readonly length: number
}

/** A text, and who is meant in it. */
export type Words = { readonly text: string; readonly mentions: readonly MentionEntity[] }

/**
 * The same words after an edit.
 * @param caret where the edit ended; it tells which of two equal letters was typed
 */
export const afterEdit = (words: Words, text: string, caret: number): Words => {
  if (words.mentions.length === 0) return { text, mentions: [] }
  const before = words.text
  const kept_after = commonEnd(before, text, text.length - caret)
  const kept_before = commonStart(before, text, Math.min(before.length, text.length) - kept_after)
  const replaced_to = before.length - kept_after
  const moved_by = text.length - before.length
  const mentions = words.mentions
    .flatMap((mention) => {
      if (mention.start + mention.length <= kept_before) return [mention]
      if (mention.start >= replaced_to) return [{ ...mention, start: mention.start + moved_by }]
      return []
    })
    .filter((mention) => stands(text, mention))
  return { text, mentions }
}

/** Puts a mention in place of what is from `start` to `end`. A space after it is part of the act. */
export const withMention = (
  words: Words,
  place: { readonly start: number; readonly end: number },
  chosen: { readonly name: string; readonly user_id: string | undefined },
): Words => {
  const rest = words.text.slice(place.end)
  const said = `@${chosen.name}`
  const text = `${words.text.slice(0, place.start)}${said}${/^\s/u.test(rest) ? '' : ' '}${rest}`
  const { mentions } = afterEdit(words, text, text.length - rest.length)
  if (chosen.user_id === undefined) return { text, mentions }
  const added = { user_id: chosen.user_id, start: place.start, length: said.length }
  return { text, mentions: [...mentions, added].toSorted((a, b) => a.start - b.start) }
}

/** Each person once, in the order of the text. */
export const mentionedIds = ({ mentions }: Words): readonly string[] => [
  ...new Set(mentions.map(({ user_id }) => user_id)),
]

/** The text in pieces, for showing which of it are mentions. */
export const piecesOf = ({
  text,
  mentions,
}: Words): readonly { readonly text: string; readonly is_mention: boolean }[] => {
  const pieces: { text: string; is_mention: boolean }[] = []
  let end = 0
  for (const { start, length } of mentions) {
    pieces.push({ text: text.slice(end, start), is_mention: false })
    pieces.push({ text: text.slice(start, start + length), is_mention: true })
    end = start + length
  }
  pieces.push({ text: text.slice(end), is_mention: false })
  return pieces.filter((piece) => piece.text !== '')
}

/** Before an `@` these make a mail address of it; the server reads it the same way (MSG-10). */
export const continuesAddress = (character: string): boolean => /[\w.%+-]/.test(character)

/** `@Ann` is not in `@Annabel`; Chinese has no spaces, so there a name ends where it ends. */
const stands = (text: string, { start, length }: MentionEntity): boolean =>
  !continuesAddress(text.charAt(start - 1)) &&
  !(isAlphabetic(text.charAt(start + length - 1)) && isAlphabetic(text.charAt(start + length)))

const isAlphabetic = (character: string): boolean =>
  /[\p{L}\p{N}_]/u.test(character) && !/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u.test(character)

const commonStart = (one: string, other: string, most: number): number => {
  let count = 0
  while (count < most && one[count] === other[count]) count += 1
  return count
}

const commonEnd = (one: string, other: string, most: number): number => {
  const limit = Math.min(most, one.length, other.length)
  let count = 0
  while (count < limit && one.at(-1 - count) === other.at(-1 - count)) count += 1
  return count
}
