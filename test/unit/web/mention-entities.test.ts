import { expect, test } from 'vitest'
import {
  afterEdit,
  mentionedIds,
  piecesOf,
  withMention,
  type Words,
} from '../../../web/src/sync/mention-entities.ts'

const text = 'ask @Ann and @Ann now'
const words: Words = {
  text,
  mentions: [
    { user_id: 'ann.lee', start: 4, length: 4 },
    { user_id: 'ann.wu', start: 13, length: 4 },
  ],
}

/** What typing `inserted` in place of [from, to) leaves. */
const typed = (given: Words, from: number, to: number, inserted: string): Words =>
  afterEdit(
    given,
    given.text.slice(0, from) + inserted + given.text.slice(to),
    from + inserted.length,
  )

const starts = (given: Words) => given.mentions.map(({ start }) => start)

test('[WEB-4] mentions move with what is written before them', () => {
  expect(starts(typed(words, 0, 0, 'please '))).toEqual([11, 20])
  expect(starts(typed(words, 0, 4, ''))).toEqual([0, 9])
  expect(starts(typed(words, 9, 12, 'or'))).toEqual([4, 12])
  expect(starts(typed(words, text.length, text.length, '!'))).toEqual([4, 13])
})

test('[WEB-4] an edit inside a name dissolves it, and only it', () => {
  expect(mentionedIds(typed(words, 6, 7, ''))).toEqual(['ann.wu'])
  expect(mentionedIds(typed(words, 4, 5, ''))).toEqual(['ann.wu'])
  expect(mentionedIds(typed(words, 14, 14, 'x'))).toEqual(['ann.lee'])
  expect(mentionedIds(typed(words, 2, 15, ''))).toEqual([])
})

test('[WEB-4] the caret tells which of two equal letters was typed', () => {
  const twice: Words = { text: '@Ann@Ann', mentions: [{ user_id: 'b', start: 4, length: 4 }] }
  // "@Ann" once more at the very front: the same text as at the end.
  expect(
    starts(typed({ text: ' @Ann', mentions: [{ user_id: 'a', start: 1, length: 4 }] }, 0, 0, ' ')),
  ).toEqual([2])
  // After a letter an @ is part of an address.
  expect(typed(twice, 0, 0, ' ').mentions).toEqual([])
})

test('[WEB-4] a name that is written on is another name, in letters but not in Chinese', () => {
  const end = 8
  expect(mentionedIds(typed(words, end, end, 'abel'))).toEqual(['ann.wu'])
  expect(mentionedIds(typed(words, end, end, ','))).toEqual(['ann.lee', 'ann.wu'])
  const chinese: Words = { text: '@林美', mentions: [{ user_id: 'mei', start: 0, length: 3 }] }
  expect(mentionedIds(typed(chinese, 3, 3, '請看'))).toEqual(['mei'])
})

test('[WEB-4] letters before the @ make an address of it', () => {
  expect(mentionedIds(typed(words, 4, 4, 'x'))).toEqual(['ann.wu'])
  expect(mentionedIds(typed(words, 4, 4, '請'))).toEqual(['ann.lee', 'ann.wu'])
})

test('[WEB-4] choosing puts the name in, a space after it, and keeps who is meant', () => {
  const chosen = withMention(
    { text: 'hi @an', mentions: [] },
    { start: 3, end: 6 },
    { name: 'Ann', user_id: 'ann.lee' },
  )
  expect(chosen.text).toBe('hi @Ann ')
  expect(chosen.mentions).toEqual([{ user_id: 'ann.lee', start: 3, length: 4 }])
  const before = withMention(
    {
      ...words,
      text: `@b ${text}`,
      mentions: words.mentions.map((one) => ({ ...one, start: one.start + 3 })),
    },
    { start: 0, end: 2 },
    { name: 'Bob', user_id: 'bob' },
  )
  expect(before.text).toBe(`@Bob ${text}`)
  expect(mentionedIds(before)).toEqual(['bob', 'ann.lee', 'ann.wu'])
  expect(starts(before)).toEqual([0, 9, 18])
})

test('[WEB-4] a group is in the text alone; people are listed once', () => {
  const group = withMention(
    { text: '@ch', mentions: [] },
    { start: 0, end: 3 },
    { name: 'channel', user_id: undefined },
  )
  expect(group).toEqual({ text: '@channel ', mentions: [] })
  const twice = { ...words, mentions: words.mentions.map((one) => ({ ...one, user_id: 'ann' })) }
  expect(mentionedIds(twice)).toEqual(['ann'])
})

test('[WEB-4] the pieces are the text', () => {
  const pieces = piecesOf(words)
  expect(pieces.map((piece) => piece.text).join('')).toBe(text)
  expect(pieces.filter(({ is_mention }) => is_mention).map((piece) => piece.text)).toEqual([
    '@Ann',
    '@Ann',
  ])
})

test('[WEB-4] random edits: every mention that is left still says its name', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state % below
  }
  let given = words
  for (let round = 0; round < 400; round += 1) {
    const from = random(given.text.length + 1)
    const to = Math.min(given.text.length, from + random(3))
    given = typed(given, from, to, ['', 'a', ' ', '@Ann', '林', 'nn'][random(6)] ?? '')
    for (const { start, length } of given.mentions)
      expect(given.text.slice(start, start + length), `seed ${seed}`).toBe('@Ann')
    if (given.mentions.length === 0) given = words
  }
})
