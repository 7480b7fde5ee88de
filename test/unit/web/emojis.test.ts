import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { emojisFrom, type EmojiRecord } from '../../../web/src/emoji/emoji-data.ts'
import {
  atHand,
  COMMON_EMOJIS,
  parseUses,
  USED_KEPT_COUNT,
  withUse,
  type EmojiUses,
} from '../../../web/src/emoji/frequent-emojis.ts'
import { searchEmojis } from '../../../web/src/emoji/search-emojis.ts'
import { emojiOf } from '../../../src/protocol/emoji.ts'

const records = (language: string): readonly EmojiRecord[] => {
  const path = `emoji-picker-element-data/${language}/cldr/data.json`
  const file = createRequire(import.meta.url).resolve(path)
  return JSON.parse(readFileSync(file, 'utf8')) as readonly EmojiRecord[]
}
const english = emojisFrom(records('en'))
const chinese = emojisFrom(records('zh-hant'), records('en'))

const first = (emojis: typeof english, query: string) => searchEmojis(emojis, query)[0]?.emoji

test('[MSG-9] the picker offers what the room takes, flags and joined ones included', () => {
  expect(english.length).toBeGreaterThan(1_500)
  for (const { emoji, toned } of english)
    for (const one of [emoji, ...toned]) expect(emojiOf(one), one).toBe(one)
  const all = new Set(english.flatMap(({ emoji, toned }) => [emoji, ...toned]))
  for (const one of ['🇹🇼', '👩‍🚒', '👍🏽', '❤️']) expect(all.has(one), one).toBe(true)
})

test.each([
  ['fire extinguisher', '🧯'],
  ['thumbs up', '👍'],
  ['warn', '⚠️'],
  ['👀', '👀'],
])('[MSG-9] %s is found in English', (query, emoji) => {
  expect(first(english, query)).toBe(emoji)
})

test.each([
  ['滅火器', '🧯'],
  ['台灣', '🇹🇼'],
  ['fire extinguisher', '🧯'],
])('[WEB-10] %s is found in Chinese', (query, emoji) => {
  expect(searchEmojis(chinese, query).map((one) => one.emoji)).toContain(emoji)
})

test('nothing is found for nothing, and for what no emoji is called', () => {
  expect(searchEmojis(english, '  ')).toEqual([])
  expect(searchEmojis(english, 'thumbs xyzzy')).toEqual([])
})

test('[WEB-3] common emojis are at hand until others are used more', () => {
  expect(atHand([], 6)).toEqual([...COMMON_EMOJIS])
  const uses = ['🔥', '🧯', '🔥'].reduce<EmojiUses>(withUse, [])
  expect(atHand(uses, 4)).toEqual(['🔥', '🧯', '👍', '✅'])
  const later = Array.from({ length: 5 }, () => '✅').reduce<EmojiUses>(withUse, uses)
  expect(atHand(later, 2)).toEqual(['✅', '🔥'])
})

test('[LIM-4] uses that are kept are bounded, and what is no use is not read', () => {
  const many = english.slice(0, 60).map(({ emoji }) => emoji)
  const uses = many.reduce<EmojiUses>(withUse, [])
  expect(uses).toHaveLength(USED_KEPT_COUNT)
  expect(parseUses(JSON.stringify(uses))).toEqual(uses)
  expect(parseUses('{')).toEqual([])
  expect(parseUses('[1, null, {"emoji": "<b>", "worth": 1}, {"emoji": "👍"}]')).toEqual([])
})
