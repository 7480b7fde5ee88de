/**
 * Splits a text into plain pieces, links and mentions. The page makes a text node or an element of
 * each, never HTML, so nothing a person writes can become markup (SEC-3).
 */
import type { MentionName } from './mention-names.ts'

export type TextToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly is_own: boolean }

/** Up to white space or punctuation that never belongs to an address; CJK punctuation ends it too. */
const address = /\bhttps?:\/\/[^\s<>"'`，。；：！？、（）「」『』【】《》]+/giu

export const tokensOf = (
  text: string,
  names: readonly MentionName[] = [],
): readonly TextToken[] => {
  const tokens: TextToken[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const link = withoutTrailingPunctuation(match[0])
    if (!URL.canParse(link)) continue
    tokens.push(...mentionTokens(text.slice(end, match.index), names))
    tokens.push({ kind: 'link', text: link, href: link })
    end = match.index + link.length
  }
  tokens.push(...mentionTokens(text.slice(end), names))
  return tokens
}

/** An `@` in the middle of a mail address mentions nobody. */
const mentionStart = /(?<![\w.%+-])@/gu

const mentionTokens = (text: string, names: readonly MentionName[]): TextToken[] => {
  const tokens: TextToken[] = []
  let end = 0
  for (const { index } of text.matchAll(mentionStart)) {
    const found = names.find(({ name }) => startsWithName(text.slice(index + 1), name))
    if (found === undefined || index < end) continue
    if (index > end) tokens.push({ kind: 'text', text: text.slice(end, index) })
    end = index + 1 + found.name.length
    tokens.push({ kind: 'mention', text: text.slice(index, end), is_own: found.is_own })
  }
  if (end < text.length) tokens.push({ kind: 'text', text: text.slice(end) })
  return tokens
}

const startsWithName = (text: string, name: string): boolean => {
  const start = text.slice(0, name.length)
  const after = text.charAt(name.length)
  return (
    start.toLowerCase() === name.toLowerCase() &&
    !(isAlphabetic(name.at(-1)) && isAlphabetic(after))
  )
}

/** `@Ann` is not in `@Annabel`; Chinese has no spaces, so there a name ends where it ends. */
const isAlphabetic = (character = ''): boolean =>
  /[\p{L}\p{N}_]/u.test(character) && !/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u.test(character)

/** The full stop after an address ends the sentence; a bracket belongs to it only when opened in it. */
const withoutTrailingPunctuation = (link: string): string => {
  const last = link.at(-1) ?? ''
  if ('.,;:!?'.includes(last)) return withoutTrailingPunctuation(link.slice(0, -1))
  if (last === ')' && countOf(link, ')') > countOf(link, '('))
    return withoutTrailingPunctuation(link.slice(0, -1))
  return link
}

const countOf = (text: string, character: string): number => text.split(character).length - 1
