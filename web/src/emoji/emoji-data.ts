/**
 * All emojis with their names and search words, from our own origin (CSP) and only once a picker is
 * opened. In Chinese the English words are searched as well: both are typed here.
 */
import englishUrl from 'emoji-picker-element-data/en/cldr/data.json?url'
import chineseUrl from 'emoji-picker-element-data/zh-hant/cldr/data.json?url'
import { emojiOf } from '../../../src/protocol/emoji.ts'
import type { Language } from '../i18n/languages.ts'

/** As the data files have it. */
export type EmojiRecord = {
  readonly emoji: string
  readonly annotation: string
  readonly tags?: readonly string[]
  readonly group: number
  readonly order: number
  /** A pair of people has a pair of tones. */
  readonly skins?: readonly { readonly emoji: string; readonly tone: number | readonly number[] }[]
}

export type Emoji = {
  readonly emoji: string
  readonly name: string
  /** Lower case, the name first. */
  readonly words: readonly string[]
  readonly group: EmojiGroup
  /** With the skin tones 1 to 5, where it has any. */
  readonly toned: readonly string[]
}

export const EMOJI_GROUPS = [
  'smileys',
  'people',
  'animals',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const
export type EmojiGroup = (typeof EMOJI_GROUPS)[number]

/** The data's numbers; the one left out has parts of emojis. */
const group_of: Readonly<Record<number, EmojiGroup>> = {
  0: 'smileys',
  1: 'people',
  3: 'animals',
  4: 'food',
  5: 'travel',
  6: 'activities',
  7: 'objects',
  8: 'symbols',
  9: 'flags',
}

const loaded = new Map<Language, Promise<readonly Emoji[]>>()

/** @throws when the data cannot be fetched; asking again tries again */
export const loadEmojis = (language: Language): Promise<readonly Emoji[]> => {
  const known = loaded.get(language)
  if (known !== undefined) return known
  const loading = load(language)
  loaded.set(language, loading)
  loading.catch(() => loaded.delete(language))
  return loading
}

const load = async (language: Language): Promise<readonly Emoji[]> => {
  const english = fetchRecords(englishUrl)
  if (language === 'en') return emojisFrom(await english)
  return emojisFrom(await fetchRecords(chineseUrl), await english)
}

const fetchRecords = async (url: string): Promise<readonly EmojiRecord[]> => {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`the emojis cannot be loaded: ${response.status}`)
  return (await response.json()) as readonly EmojiRecord[]
}

/** Those that the room takes (MSG-9), in its spelling, in the data's order. */
export const emojisFrom = (
  records: readonly EmojiRecord[],
  others: readonly EmojiRecord[] = [],
): readonly Emoji[] => {
  const other_words = new Map(others.map((record) => [record.emoji, wordsOf(record)]))
  return records
    .toSorted((a, b) => a.order - b.order)
    .flatMap((record) => {
      const emoji = emojiOf(record.emoji)
      const group = group_of[record.group]
      if (emoji === undefined || group === undefined) return []
      const words = [...wordsOf(record), ...(other_words.get(record.emoji) ?? [])]
      return [{ emoji, name: record.annotation, words, group, toned: tonedOf(record) }]
    })
}

const wordsOf = ({ annotation, tags = [] }: EmojiRecord): string[] =>
  [annotation, ...tags].map((word) => word.toLowerCase())

const tonedOf = ({ skins = [] }: EmojiRecord): string[] =>
  [1, 2, 3, 4, 5].flatMap((tone) => {
    const skin = skins.find((one) => one.tone === tone)
    return skin === undefined ? [] : [emojiOf(skin.emoji) ?? skin.emoji]
  })
