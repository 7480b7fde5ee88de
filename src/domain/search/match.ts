/**
 * Where a query stands in a message: the last word on whether it is found, since the index knows
 * parts of words and not their order, and the offsets a client marks (API-2).
 */
import { fold, foldWithOrigins } from './fold.ts'
import { beginningsOf } from './pieces.ts'
import type { Needle, SearchQuery } from './query.ts'
import { dataTexts, wordsOf, type Said } from './terms.ts'

/** Half-open, in UTF-16 units of `content`. */
export type Highlight = { readonly start: number; readonly end: number }

export type Match = {
  readonly highlights: Highlight[]
  readonly matched_in: ('content' | 'file_name' | 'data')[]
}

/** Per needle: a long message has thousands of a short one, and nobody looks at so many. */
const HIGHLIGHTS_MAX_COUNT = 200

/** @returns undefined where one of the needles stands nowhere in the message */
export const matchOf = (
  message: Said & { readonly file_name: string | null },
  { needles }: SearchQuery,
): Match | undefined => {
  const fields = [
    { name: 'content', texts: [wordsOf(message)] },
    { name: 'file_name', texts: [message.file_name ?? ''] },
    { name: 'data', texts: dataTexts(message) },
  ] as const
  const missing = new Set(needles)
  const matched_in: Match['matched_in'] = []
  for (const { name, texts } of fields) {
    const found = needlesIn(texts, needles)
    for (const needle of found) missing.delete(needle)
    if (found.size > 0) matched_in.push(name)
  }
  if (missing.size > 0) return undefined
  return { highlights: highlightsOf(wordsOf(message), needles), matched_in }
}

const needlesIn = (texts: readonly string[], needles: readonly Needle[]): Set<Needle> => {
  const found = new Set<Needle>()
  for (const text of texts) {
    if (text === '') continue
    const folded = fold(text)
    const beginnings = beginningsOf(folded)
    for (const needle of needles)
      if (!found.has(needle) && !occurrences(folded, beginnings, needle).next().done)
        found.add(needle)
  }
  return found
}

/** In order, merged where they overlap or touch. */
export const highlightsOf = (content: string, needles: readonly Needle[]): Highlight[] => {
  const { text, starts, ends } = foldWithOrigins(content)
  const beginnings = beginningsOf(text)
  const ranges: Highlight[] = []
  for (const needle of needles) {
    let count = 0
    for (const { start, end } of occurrences(text, beginnings, needle)) {
      ranges.push({ start: starts[start] ?? 0, end: ends[end - 1] ?? 0 })
      count += 1
      if (count === HIGHLIGHTS_MAX_COUNT) break
    }
  }
  return merged(ranges)
}

/** Offsets in the folded text; they may overlap, as those of 哈哈 in 哈哈哈 do. */
const occurrences = function* (
  folded: string,
  beginnings: Uint8Array,
  { pattern }: Needle,
): Generator<Highlight> {
  pattern.lastIndex = 0
  for (;;) {
    const found = pattern.exec(folded)
    if (found === null) return
    const { 0: text, index: start } = found
    // One character on: half of one would lead back to where we are.
    pattern.lastIndex = start + ((folded.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
    const next = pattern.lastIndex
    if (beginnings[start] === 1) yield { start, end: start + text.length }
    pattern.lastIndex = next
  }
}

const merged = (ranges: readonly Highlight[]): Highlight[] => {
  const result: Highlight[] = []
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = result.at(-1)
    if (last && range.start <= last.end)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    else result.push(range)
  }
  return result
}
