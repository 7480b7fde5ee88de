/** Finds emojis by their names and search words. Pure. */
import type { Emoji } from './emoji-data.ts'

/** More are not looked through; another letter finds better. */
export const FOUND_MAX_COUNT = 96

/** All words of the query must be met; a name's beginning counts most, the inside of a word least. */
export const searchEmojis = (emojis: readonly Emoji[], query: string): readonly Emoji[] => {
  const terms = query.toLowerCase().split(/\s+/u).filter(Boolean)
  if (terms.length === 0) return []
  return emojis
    .flatMap((emoji) => {
      const ranks = terms.map((term) => rankOf(emoji, term))
      return ranks.includes(undefined) ? [] : [{ emoji, rank: Math.max(...ranks.map(Number)) }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, FOUND_MAX_COUNT)
    .map(({ emoji }) => emoji)
}

/** 0 is best; undefined: not met. An emoji in the query means itself. */
const rankOf = ({ emoji, words }: Emoji, term: string): number | undefined => {
  const [name = ''] = words
  if (emoji === term || name === term) return 0
  if (words.includes(term)) return 1
  if (name.startsWith(term)) return 2
  if (words.some((word) => word.split(/[\s:-]+/u).some((part) => part.startsWith(term)))) return 3
  return words.some((word) => word.includes(term)) ? 4 : undefined
}
