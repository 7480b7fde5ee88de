import { expect, test } from 'vitest'
import {
  filterCount,
  isLongEnough,
  noFilters,
  searchParameters,
} from '../../../web/src/search/question.ts'
import { fieldNamesOf, readingParameters } from '../../../web/src/search/reading-question.ts'
import { SNIPPET_MAX_LENGTH, snippetOf } from '../../../web/src/search/snippet.ts'

const shown = (pieces: ReturnType<typeof snippetOf>): string =>
  pieces.map(({ text, is_hit }) => (is_hit ? `[${text}]` : text)).join('')

test('[WEB-8] a short text is shown whole, with every hit marked by its offsets', () => {
  const text = '泵浦 A12-77 停機，A12-77 再開'
  const hits = [
    { start: 3, end: 9 },
    { start: 13, end: 19 },
  ]
  expect(shown(snippetOf(text, hits))).toBe('泵浦 [A12-77] 停機，[A12-77] 再開')
})

test('[WEB-8] offsets are UTF-16 units, so a hit after an emoji is where it is', () => {
  expect(shown(snippetOf('🔥🔥 pump', [{ start: 5, end: 9 }]))).toBe('🔥🔥 [pump]')
})

test('[WEB-8] of a long text the part around the first hit is shown', () => {
  const text = `${'before '.repeat(100)}pump ${'after '.repeat(100)}`
  const pieces = snippetOf(text, [{ start: 700, end: 704 }])
  const whole = pieces.map((piece) => piece.text).join('')
  expect(pieces.find((piece) => piece.is_hit)?.text).toBe('pump')
  expect(whole.length).toBeLessThanOrEqual(SNIPPET_MAX_LENGTH + 3)
  expect(whole).toMatch(/^…before .*after.*…$/)
})

test.each(['', 'a'])('[WEB-8] no character is cut in two, begun with "%s"', (begun) => {
  const text = `${begun}${'🔥'.repeat(200)}pump${'🔥'.repeat(200)}`
  const start = text.indexOf('pump')
  const pieces = snippetOf(text, [{ start, end: start + 4 }])
  expect(pieces.length).toBeGreaterThan(3)
  expect(pieces.every((piece) => piece.text.isWellFormed())).toBe(true)
})

test('[WEB-8] one letter is too little, one Chinese character is a word', () => {
  expect(['', ' p ', 'pu', '泵', '🔥'].map(isLongEnough)).toEqual([false, false, true, true, false])
})

test('[API-2] only what is set is asked for; days are days in Taipei, the last one included', () => {
  expect(searchParameters(' pump ', noFilters, undefined).toString()).toBe('q=pump&limit=50')
  const filters = {
    ...noFilters,
    sender_id: 'a@b.test',
    from_day: '2026-11-24',
    to_day: '2026-11-24',
    has_file: true,
  }
  expect(Object.fromEntries(searchParameters('pump', filters, 'c'))).toEqual({
    q: 'pump',
    limit: '50',
    sender_id: 'a@b.test',
    has_file: 'true',
    from: '2026-11-23T16:00:00.000Z',
    to: '2026-11-24T16:00:00.000Z',
    cursor: 'c',
  })
  expect(filterCount(filters)).toBe(4)
})

test('[API-2] days entered the wrong way round mean the same range', () => {
  const parameters = searchParameters(
    'pump',
    { ...noFilters, from_day: '2026-11-25', to_day: '2026-11-24' },
    undefined,
  )
  expect(parameters.get('from')).toBe('2026-11-23T16:00:00.000Z')
  expect(parameters.get('to')).toBe('2026-11-25T16:00:00.000Z')
})

test('[MSG-4] readings are asked for by field, and fields within fields have a path', () => {
  const condition = { field: ' oven.zone1 ', operator: 'gte', value: ' 80 ' } as const
  expect(Object.fromEntries(readingParameters(condition, '7'))).toEqual({
    'data.oven.zone1': 'gte:80',
    limit: '50',
    before_sequence: '7',
  })
  expect(fieldNamesOf({ temperature: 1, oven: { zone1: 2, zone2: [3] } })).toEqual([
    'temperature',
    'oven.zone1',
    'oven.zone2',
  ])
})
