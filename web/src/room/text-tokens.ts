/**
 * Splits a text into plain pieces, links, mentions, code and what is set in bold. The page makes a
 * text node or an element of each, never HTML, so nothing a person writes can become markup
 * (SEC-3). The texts of all tokens together are the text as it was written.
 */
import type { MentionName } from './mention-names.ts'

export type TextToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly is_own: boolean }
  /** `code` is what stands between the marks. */
  | { readonly kind: 'code' | 'block'; readonly text: string; readonly code: string }
  /** `tokens` are what stands between the marks. */
  | { readonly kind: 'bold'; readonly text: string; readonly tokens: readonly TextToken[] }

/** Up to three marks, and what may follow the first on its line: the name of a language. */
const block = '```(?:[\\w+#-]*\\n)?(?<block>[^]*?)```'
const code = '(?<!`)`(?<code>[^`\\n]+)`(?!`)'
/** Not in `2**3**4`; in Chinese no space stands around it. */
const bold = '(?<![\\w*])\\*\\*(?=[^\\s*])(?<bold>[^*\\n]*[^\\s*])\\*\\*(?![\\w*])'
/** Up to white space or punctuation that never belongs to an address; CJK punctuation ends it too. */
const address = '(?<address>\\bhttps?:\\/\\/[^\\s<>"\'`，。；：！？、（）「」『』【】《》]+)'

const special = new RegExp([block, code, bold, address].join('|'), 'giu')

export const tokensOf = (
  text: string,
  names: readonly MentionName[] = [],
): readonly TextToken[] => {
  const tokens: TextToken[] = []
  let end = 0
  for (const match of text.matchAll(special)) {
    const token = specialToken(match[0], match.groups ?? {}, names)
    if (token === undefined) continue
    tokens.push(...mentionTokens(text.slice(end, match.index), names), token)
    end = match.index + token.text.length
  }
  tokens.push(...mentionTokens(text.slice(end), names))
  return tokens
}

const specialToken = (
  text: string,
  found: Readonly<Record<string, string | undefined>>,
  names: readonly MentionName[],
): TextToken | undefined => {
  if (found['block'] !== undefined) {
    const lines = found['block'].replace(/\n$/u, '')
    return lines.trim() === '' ? undefined : { kind: 'block', text, code: lines }
  }
  if (found['code'] !== undefined) return { kind: 'code', text, code: found['code'] }
  if (found['bold'] !== undefined)
    return { kind: 'bold', text, tokens: tokensOf(found['bold'], names) }
  const link = withoutTrailingPunctuation(text)
  return URL.canParse(link) ? { kind: 'link', text: link, href: link } : undefined
}

/** Without the marks of code and bold, for where a message is one plain line. */
export const plainText = (text: string): string => tokensOf(text).map(shownText).join('')

const shownText = (token: TextToken): string => {
  if (token.kind === 'bold') return token.tokens.map(shownText).join('')
  return token.kind === 'code' || token.kind === 'block' ? token.code : token.text
}

/** More are a sentence, and stand in a line. */
const JUMBO_MAX_COUNT = 6

/** A message of a few emojis and nothing else is shown large. */
export const isJumbo = (text: string): boolean => {
  const bare = text.replaceAll(/\s/gu, '')
  return bare !== '' && jumbo.test(bare)
}

const jumbo = new RegExp(`^\\p{RGI_Emoji}{1,${JUMBO_MAX_COUNT}}$`, 'v')

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
