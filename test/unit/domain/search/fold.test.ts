import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, foldWithOrigins } from '../../../../src/domain/search/fold.ts'

test.each([
  ['Pressure', 'pressure'],
  ['Ａ１２－７７', 'a12-77'],
  ['A12‑77 – A12—77', 'a12-77 - a12-77'],
  ['Café CAFE\u0301', 'cafe cafe'],
  ['Straße STRASSE ſ', 'strasse strasse s'],
  ['İstanbul', 'istanbul'],
  ['ΟΔΟΣ οδος', 'οδοσ οδοσ'],
  ['ﬁlter', 'filter'],
  ['ｶﾞｽ ガス', 'ガス ガス'],
  ['がか', 'がか'],
  ['한글 \u1112\u1161\u11ab', '한글 한'],
  ['①㎜℃', '1mm°c'],
  ['寬⼤', '寬大'],
  ['溫\u200b度', '溫度'],
  ['👩🏽‍🔧❤️', '👩🏽🔧❤'],
])('[API-2] %s is compared as %s', (text, folded) => {
  expect(fold(text)).toBe(folded)
})

test('[API-2] origins lead back to whole characters', () => {
  const { text, starts, ends } = foldWithOrigins('Ｃafe\u0301 ﬁ')
  expect(text).toBe('cafe fi')
  expect(starts).toEqual([0, 1, 2, 3, 5, 6, 6])
  expect(ends).toEqual([1, 2, 3, 5, 6, 7, 7])
})

/** Any character, and more often those that melt into others, widen or vanish. */
const melting = fc.constantFrom(
  ...[
    'a',
    'I',
    'i',
    'ß',
    'İ',
    'ς',
    'Σ',
    'か',
    'ｶ',
    'ﾞ',
    'ﾟ',
    '\u3099',
    '\u0301',
    '\u0345',
    '\u034f',
  ],
  ...['\u1112', '\u1161', '\u11ab', '가', 'ﾡ', 'ￂ', '\u200d', '\ufe0f', '\u00ad', '👩', '🔧', '🏽'],
  ...[
    '\u0fb2',
    '\u0f81',
    '\u0dd9',
    '\u0dcf',
    '\u0dca',
    '\u05d0',
    '\u05b7',
    '\u05bc',
    'ΐ',
    'ŉ',
    '½',
  ],
)
const anyText = fc.string({
  unit: fc.oneof(melting, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
  maxLength: 40,
})

test('[API-2] text folds to the same, whole or character by character', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { text: folded, starts, ends } = foldWithOrigins(text)
      expect(folded).toBe(fold(text))
      expect([starts.length, ends.length]).toEqual([folded.length, folded.length])
    }),
    { numRuns: 500 },
  )
}, 30_000)

test('[API-2] folding again changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(fold(fold(text))).toBe(fold(text))
    }),
    { numRuns: 500 },
  )
}, 30_000)
