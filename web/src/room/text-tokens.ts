/**
 * Splits a text into plain pieces and links. The page makes a text node or an <a> of each, never
 * HTML, so nothing a person writes can become markup (SEC-3).
 */

export type TextToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

/** Up to white space or punctuation that never belongs to an address; CJK punctuation ends it too. */
const address = /\bhttps?:\/\/[^\s<>"'`，。；：！？、（）「」『』【】《》]+/giu

export const tokensOf = (text: string): readonly TextToken[] => {
  const tokens: TextToken[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const link = withoutTrailingPunctuation(match[0])
    if (!URL.canParse(link)) continue
    if (match.index > end) tokens.push({ kind: 'text', text: text.slice(end, match.index) })
    tokens.push({ kind: 'link', text: link, href: link })
    end = match.index + link.length
  }
  if (end < text.length) tokens.push({ kind: 'text', text: text.slice(end) })
  return tokens
}

/** The full stop after an address ends the sentence; a bracket belongs to it only when opened in it. */
const withoutTrailingPunctuation = (link: string): string => {
  const last = link.at(-1) ?? ''
  if ('.,;:!?'.includes(last)) return withoutTrailingPunctuation(link.slice(0, -1))
  if (last === ')' && countOf(link, ')') > countOf(link, '('))
    return withoutTrailingPunctuation(link.slice(0, -1))
  return link
}

const countOf = (text: string, character: string): number => text.split(character).length - 1
