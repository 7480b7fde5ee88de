/** Which emojis a person uses, so that those are at hand. Pure; kept by the caller as a text. */
import { emojiOf } from '../../../src/protocol/emoji.ts'

/** What an incident needs, until a person has habits of their own. */
export const COMMON_EMOJIS = ['👍', '✅', '👀', '🙏', '🎉', '❤️'] as const

/** Rows of the picker; what falls out of it was not used for long. */
export const USED_KEPT_COUNT = 24

/** One use is worth half after so many others. */
const half_life_uses = 20

/** By what they are worth, falling. */
export type EmojiUses = readonly { readonly emoji: string; readonly worth: number }[]

/** The uses after one more. */
export const withUse = (uses: EmojiUses, emoji: string): EmojiUses => {
  const fading = 0.5 ** (1 / half_life_uses)
  const faded = uses.map((use) => ({ ...use, worth: use.worth * fading }))
  const before = faded.find((use) => use.emoji === emoji)?.worth ?? 0
  return [...faded.filter((use) => use.emoji !== emoji), { emoji, worth: before + 1 }]
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, USED_KEPT_COUNT)
}

/** Those used most, filled up with common ones. */
export const atHand = (uses: EmojiUses, count: number): readonly string[] =>
  [...new Set([...uses.map(({ emoji }) => emoji), ...COMMON_EMOJIS])].slice(0, count)

/** What was kept; whatever else stands there is nothing. */
export const parseUses = (text: string | undefined): EmojiUses => {
  try {
    const kept: unknown = JSON.parse(text ?? '')
    return Array.isArray(kept) ? kept.filter(isUse).slice(0, USED_KEPT_COUNT) : []
  } catch {
    return []
  }
}

const isUse = (value: unknown): value is EmojiUses[number] => {
  if (typeof value !== 'object' || value === null) return false
  const { emoji, worth } = value as Partial<EmojiUses[number]>
  return typeof emoji === 'string' && emojiOf(emoji) === emoji && typeof worth === 'number'
}
