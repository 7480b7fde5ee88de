import { expect, test } from 'vitest'
import type { Found, SearchRead } from '../../../src/database/search.ts'
import { searchQueryOf } from '../../../src/domain/search/query.ts'
import {
  MentionCursor,
  SearchCursor,
  mentionCursorOf,
  mentionPlaceOf,
  searchCursorOf,
  searchPositionOf,
} from '../../../src/http/cursor.ts'
import { searchPageOf } from '../../../src/http/search-page.ts'
import type { Message } from '../../../src/protocol/message.ts'

const place = (number: number) => ({
  at_us: String(1_790_000_000_000_000 + number),
  message_id: `01a202c5-0000-7000-8000-${String(number).padStart(12, '0')}`,
})

const found = (number: number, content: string): Found => ({
  message: { content, message_type: 'text', data: null } as Message,
  file_name: null,
  room_title: 'Press 4',
  relevance: 3,
  place: place(number),
})

const read = (results: readonly Found[], overrides: Partial<SearchRead> = {}): SearchRead => ({
  found: [...results],
  newest: results[0]?.place ?? null,
  oldest: results.at(-1)?.place ?? null,
  window_size: results.length,
  ...overrides,
})

const windowCount = 100
const query = searchQueryOf('溫度過高')
const page = (limit: number, answer: SearchRead, cursor?: string) => {
  if (!query) throw new Error('no query')
  return searchPageOf(
    { query, limit, position: searchPositionOf(cursor), window_count: windowCount },
    answer,
  )
}

test('[API-2] a cursor says the same again', () => {
  for (const position of [
    { before: place(9), after: null },
    { before: place(9), after: { ...place(4), relevance: 2 } },
  ]) {
    const text = searchCursorOf(position)
    expect(searchPositionOf(text)).toEqual(position)
    expect(SearchCursor.safeParse(text).success).toBe(true)
  }
  expect(searchPositionOf(undefined)).toEqual({ before: null, after: null })
  const mention = { ...place(4), unread: true }
  expect(mentionPlaceOf(mentionCursorOf(mention))).toEqual(mention)
})

test.each([
  '',
  'x',
  "1'; DROP TABLE messages",
  '12345678901234567_01a202c5-0000-7000-8000-000000000000',
])('[API-2] [API-3] “%s” is no cursor', (text) => {
  expect(SearchCursor.safeParse(text).success).toBe(false)
  expect(MentionCursor.safeParse(text).success).toBe(false)
})

test('[API-2] what only holds the parts is left out, and the page goes on after it', () => {
  const results = [found(3, '溫度過高'), found(2, '過高的溫度度過'), found(1, '溫度過高了')]
  const first = page(2, read(results))
  expect(first.results).toMatchObject([
    { room_title: 'Press 4', highlights: [{ start: 0, end: 4 }], matched_in: ['content'] },
  ])
  expect(first.pagination.has_more).toBe(true)
  const { before, after } = searchPositionOf(first.pagination.next_cursor ?? '')
  expect(after).toEqual({ ...place(2), relevance: 3 })
  expect(before?.at_us).toBe(place(4).at_us)
})

test('[API-2] the last page leads nowhere, a full window to the one before it', () => {
  const last = read([found(3, '溫度過高')])
  expect(page(1, last).pagination).toEqual({ has_more: false, next_cursor: null })
  expect(page(1, read([])).pagination).toEqual({ has_more: false, next_cursor: null })
  const full = { ...last, window_size: windowCount, oldest: place(1) }
  const { has_more, next_cursor } = page(1, full).pagination
  expect(has_more).toBe(true)
  expect(searchPositionOf(next_cursor ?? '')).toEqual({ before: place(1), after: null })
})
