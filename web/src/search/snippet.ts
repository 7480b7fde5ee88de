/** The part of a long text around what was found in it, in pieces that are a hit or not. Pure. */

export type SnippetPiece = { readonly text: string; readonly is_hit: boolean }

/** Half-open, in UTF-16 units, in order, none overlapping another: as the server tells them. */
export type Hit = { readonly start: number; readonly end: number }

/** What three lines of the narrow pane hold. */
export const SNIPPET_MAX_LENGTH = 180

/** Enough of what comes before to understand the words. */
const LEAD_MAX_LENGTH = 50

const ELLIPSIS = '…'

export const snippetOf = (text: string, hits: readonly Hit[]): readonly SnippetPiece[] => {
  const { start, end } = windowOf(text, hits[0])
  const pieces: SnippetPiece[] = []
  const add = (piece: string, is_hit: boolean) => {
    if (piece !== '') pieces.push({ text: piece, is_hit })
  }
  add(start > 0 ? ELLIPSIS : '', false)
  let place = start
  for (const hit of hits) {
    const [from, to] = [Math.max(hit.start, place), Math.min(hit.end, end)]
    if (from >= to) continue
    add(text.slice(place, from), false)
    add(text.slice(from, to), true)
    place = to
  }
  add(text.slice(place, end), false)
  add(end < text.length ? ELLIPSIS : '', false)
  return pieces
}

const windowOf = (text: string, first: Hit | undefined): { start: number; end: number } => {
  if (text.length <= SNIPPET_MAX_LENGTH) return { start: 0, end: text.length }
  const lead_start = Math.max(0, (first?.start ?? 0) - LEAD_MAX_LENGTH)
  const start = lead_start === 0 ? 0 : wordStart(text, lead_start, first?.start ?? 0)
  const end = Math.min(text.length, start + SNIPPET_MAX_LENGTH)
  return { start, end: isInsidePair(text, end) ? end + 1 : end }
}

/** The first beginning of a word from here on, before the hit; else where a character begins. */
const wordStart = (text: string, from: number, limit: number): number => {
  const space = text.slice(from, limit).search(/\s/u)
  if (space >= 0) return from + space + 1
  return isInsidePair(text, from) ? from + 1 : from
}

/** Between the two halves of one character. */
const isInsidePair = (text: string, index: number): boolean => {
  const before = text.charCodeAt(index - 1)
  const after = text.charCodeAt(index)
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000
}
