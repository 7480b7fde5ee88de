/** What is looked for and where it stands; the table that runs in Postgres is in test/postgres. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { highlightsOf, matchOf, type Highlight } from '../../../../src/domain/search/match.ts'
import { searchQueryOf } from '../../../../src/domain/search/query.ts'
import { termsOf } from '../../../../src/domain/search/terms.ts'

/** The texts that are marked, in order. */
const marked = (content: string, q: string): string[] =>
  highlightsOf(content, searchQueryOf(q)?.needles ?? []).map(({ start, end }) =>
    content.slice(start, end),
  )

test.each<[string, string, string[]]>([
  ['Pressure, high pressure', 'press', ['Press', 'press']],
  ['compression', 'press', []],
  ['溫度過高，溫度還在升', '溫度', ['溫度', '溫度']],
  ['哈哈哈', '哈哈', ['哈哈哈']],
  ['lot A12-77 is held', '2-77', ['2-77']],
  ['lot Ａ１２－７７ is held', 'a12-77', ['Ａ１２－７７']],
  ['Le cafe\u0301 froid', 'café', ['cafe\u0301']],
  ['Straße', 'strass', ['Straß']],
  ['ﬁlter ﬁne', 'fi', ['ﬁ', 'ﬁ']],
  ['🔥🔥 at 👩🏽‍🔧 desk', '🔥', ['🔥🔥']],
  ['🔥 at 👩🏽‍🔧 desk', '🔧', ['🔧']],
  ['👍🏽 done', '👍', ['👍']],
  ['溫\u200b度 80', '溫度', ['溫\u200b度']],
  ['壓力 pressure 壓力 drop', '壓力 pres', ['壓力', 'pres', '壓力']],
  ['the belt\nis hot', '"belt is"', ['belt\nis']],
  ['the (belt) is', '"(belt)"', ['(belt)']],
  ['press4 stress4', 'ress', ['ress', 'ress']],
  ['3號機與13號機', '3號機', ['3號機', '3號機']],
  ['abc ab', 'ab abc', ['abc', 'ab']],
  ['a+b (c) [d] $', 'c d', ['c', 'd']],
  ['nothing', '!?', []],
])('[API-2] in “%s”, “%s” marks %j', (content, q, expected) => {
  expect(marked(content, q)).toEqual(expected)
})

describe('[API-2] the tsquery', () => {
  test.each([
    ['belt hot', "'belt':* & 'hot':*", "'belt' & 'hot'"],
    ['溫度過高', "'溫度' & '度過' & '過高'", "'溫度' & '度過' & '過高'"],
    ['溫', "'溫':*", "'溫':*"],
    ['12-77', "'12-77':*", "'12-77'"],
    ['3號', "'3':* & '3號'", "'3' & '3號'"],
    ["x' | 'y & !z:* <-> (\\", "'x':* & 'y':* & 'z':*", "'x' & 'y' & 'z'"],
    [
      'temperature',
      "('temperature':* | 'temperat' & 'perature')",
      "('temperature' | 'temperat' & 'perature')",
    ],
    ['IMG_2034-567.jpg', "'img_2034' & '4-567.jp'", "'img_2034' & '4-567.jp'"],
  ])('of %s', (q, tsquery, exact_tsquery) => {
    expect(searchQueryOf(q)).toMatchObject({ tsquery, exact_tsquery })
  })

  test.each(['', ' ', '!!!', '""', '…'])('there is none of “%s”', (q) => {
    expect(searchQueryOf(q)).toBeUndefined()
  })
})

const message = (content: string) =>
  ({ message_type: 'text', content, data: null, file_name: null }) as const

test('[API-2] every needle must stand somewhere, and in its order', () => {
  const matched = (content: string, q: string, file_name: string | null = null) => {
    const query = searchQueryOf(q)
    return query && matchOf({ ...message(content), file_name }, query)
  }
  expect(matched('度過溫度，過高', '溫度過高')).toBeUndefined()
  expect(matched('hot is the belt', '"belt is hot"')).toBeUndefined()
  expect(matched('see this', 'this oven', 'oven.png')).toEqual({
    highlights: [{ start: 4, end: 8 }],
    matched_in: ['content', 'file_name'],
  })
  const query = searchQueryOf('過熱 zone1')
  const data = { zone1: ['過熱'] }
  expect(query && matchOf({ ...message(''), message_type: 'incident_data', data }, query)).toEqual({
    highlights: [],
    matched_in: ['data'],
  })
})

/** What Postgres does with a tsquery of ours, for what the properties below need. */
const finds = (terms: readonly string[], tsquery: string): boolean =>
  tsquery.split(' & ').every((part) => {
    const [, lexeme = '', star] = /^'(.*)'(:\*)?$/.exec(part) ?? []
    return terms.some((term) => (star ? term.startsWith(lexeme) : term === lexeme))
  })

const isFound = (content: string, q: string): boolean => {
  const query = searchQueryOf(q)
  if (!query) return false
  return finds(termsOf([content]), query.tsquery) && matchOf(message(content), query) !== undefined
}

const han = fc.integer({ min: 0x4e00, max: 0x9fff }).map((point) => String.fromCodePoint(point))
const letter = fc.constantFrom(...'abcABC')
const digit = fc.constantFrom(...'0123456789')
const sentence = fc
  .array(fc.oneof({ weight: 6, arbitrary: han }, letter, digit, fc.constantFrom('，', ' ', '。')), {
    minLength: 2,
    maxLength: 60,
  })
  .map((characters) => characters.join(''))

test('[API-2] any part of a text that is all Han is found, also a single character', () => {
  fc.assert(
    fc.property(sentence, fc.nat(), fc.nat(), (content, run, place) => {
      const runs = content.match(/\p{sc=Han}+/gu) ?? []
      const chosen = runs[run % Math.max(1, runs.length)] ?? ''
      fc.pre(chosen.length > 0)
      const start = place % chosen.length
      for (let end = start + 1; end <= chosen.length; end += 1)
        expect(isFound(content, chosen.slice(start, end)), chosen.slice(start, end)).toBe(true)
    }),
    { numRuns: 300 },
  )
}, 30_000)

const part = fc.oneof(
  fc.string({ unit: letter, minLength: 1, maxLength: 5 }),
  fc.string({ unit: digit, minLength: 1, maxLength: 5 }),
)
const code = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .chain((parts) =>
    fc
      .array(fc.constantFrom('-', '_', '.', '/', '#', ''), {
        minLength: parts.length,
        maxLength: parts.length,
      })
      .map((signs) => parts.map((one, index) => (index === 0 ? '' : signs[index]) + one).join('')),
  )
  .filter((text) => /\d/.test(text))

test('[API-2] any part of a code is found, whatever it touches', () => {
  const around = fc.constantFrom('', ' ', '批號', '（')
  fc.assert(
    fc.property(code, around, around, fc.nat(), (token, before, after, place) => {
      const start = place % token.length
      for (let end = start + 1; end <= token.length; end += 1) {
        const q = token.slice(start, end)
        // A sign alone is nothing to look for.
        if (!/[a-z0-9]/i.test(q)) continue
        // Eight letters and more are looked for in two ways, which `finds` does not know.
        if (/[a-z]{8}/i.test(q)) continue
        expect(isFound(`${before}${token}${after}`, q), `${q} in ${token}`).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
}, 30_000)

test('[API-2] control: what is not there is not found', () => {
  expect(isFound('溫度過高', '高溫')).toBe(false)
  expect(isFound('A12-77', '12-78')).toBe(false)
  expect(isFound('A12-77', '1277')).toBe(false)
})

test('[API-2] marks lie in order inside the text and hold what was looked for', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(anyText, fc.string({ unit: 'binary', maxLength: 3 }), (content, q) => {
      const marks = highlightsOf(content, searchQueryOf(q)?.needles ?? [])
      const isGood = ({ start, end }: Highlight, index: number) =>
        start > (marks[index - 1]?.end ?? -1) &&
        end > start &&
        end <= content.length &&
        content.slice(start, end).isWellFormed()
      expect(marks.filter((mark, index) => !isGood(mark, index))).toEqual([])
    }),
    { numRuns: 500 },
  )
}, 30_000)
