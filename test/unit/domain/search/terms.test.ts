import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { piecesOf } from '../../../../src/domain/search/pieces.ts'
import {
  CODE_MAX_LENGTH,
  TERMS_MAX_COUNT,
  fileSearchVectorOf,
  isConnector,
  searchVectorOf,
  termsOf,
} from '../../../../src/domain/search/terms.ts'

test.each([
  ['The belt is hot, the BELT', ['the', 'belt', 'is', 'hot']],
  ['溫度過高', ['溫度', '度過', '過高', '高']],
  ['3號機', ['3', '3號', '號機', '機']],
  ['lot A12-77', ['lot', 'a12-77', '12-77', '2-77', '77', '7']],
  ['well-known e.g.', ['well', 'known', 'e', 'g']],
  ['4.1', ['4.1', '1']],
  ['機A', ['機', '機a', 'a']],
  ['OK 👍', ['ok', '👍']],
  ['… — !? ', []],
  ['', []],
])('[API-2] the terms of “%s”', (content, terms) => {
  expect(termsOf([content])).toEqual(terms)
})

test('[API-2] a code is cut between characters, also where these are of two units', () => {
  const character = fc.constantFrom('a', '1', '7', '-', '_', '.', '/', '#', '𐒠', '𐒡', '๑')
  fc.assert(
    fc.property(fc.array(character, { minLength: 1, maxLength: 14 }), (code) => {
      const text = code.join('')
      fc.pre(piecesOf(text).some((piece) => piece.kind === 'code' && piece.text === text))
      const parts = code.flatMap((one, at) =>
        isConnector(one) ? [] : [code.slice(at, at + CODE_MAX_LENGTH).join('')],
      )
      expect(termsOf([text])).toEqual([...new Set(parts)])
    }),
  )
})

test('[API-2] a long code gives short terms, from each of its places', () => {
  expect(termsOf(['ab-2034-567.jpg'])).toEqual([
    ...['ab-2034-', 'b-2034-5', '2034-567', '034-567.', '34-567.j', '4-567.jp', '567.jpg'],
    ...['67.jpg', '7.jpg', 'jpg', 'pg', 'g'],
  ])
})

test('[API-2] words, names of files, and names and texts of incident data, as a tsvector', () => {
  const text = { message_type: 'text', data: null } as const
  expect(searchVectorOf({ ...text, content: '停機 now' })).toBe("'停機' '機' 'now'")
  expect(searchVectorOf({ ...text, content: '…' })).toBe('')
  expect(fileSearchVectorOf('oven.png')).toBe("'oven' 'png'")
  const data = { temperature: 81.5, oven: { state: '過熱', doors: ['open', true] } }
  const vector = "'temperature' 'oven' 'state' 'doors' '過熱' '熱' 'open'"
  const reading = { message_type: 'incident_data' } as const
  expect(searchVectorOf({ ...reading, content: '', data })).toBe(vector)
  expect(searchVectorOf({ ...reading, content: data, data: null })).toBe(vector)
  expect(searchVectorOf({ message_type: 'system', content: 'said', data })).toBe("'said'")
})

const isGood = (term: string) => term !== '' && term.isWellFormed() && term.length <= 80

test('[API-2] terms are distinct, well-formed, not empty, and bounded', () => {
  const long = fc.string({ unit: 'binary', maxLength: 200 })
  fc.assert(
    fc.property(long, (content) => {
      const terms = termsOf([content])
      expect(new Set(terms).size).toBe(terms.length)
      expect(terms.filter((term) => !isGood(term))).toEqual([])
    }),
    { numRuns: 300 },
  )
  const digits = Array.from({ length: 4_000 }, (_, index) => `${index}x${index}`).join(' ')
  expect(termsOf([digits])).toHaveLength(TERMS_MAX_COUNT)
  expect(termsOf(['𐐨'.repeat(8_000)])[0]?.isWellFormed()).toBe(true)
}, 30_000)
