/** Finding messages: by their words, in a room or in all of mine (API-2), and by mention (API-3). */
import type { Search, SearchFilters, SearchRead } from '../database/search.ts'
import { searchQueryOf } from '../domain/search/query.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { success, type Outcome } from '../lib/outcome.ts'
import { MentionPage, SearchPage } from '../protocol/search.ts'
import { mentionCursorOf, mentionPlaceOf, searchPositionOf } from './cursor.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { RoomParams } from './params.ts'
import { readable } from './room-access.ts'
import { searchPageOf } from './search-page.ts'
import { MentionQuery, RoomSearchQuery, SearchEverywhereQuery } from './search-query.ts'

/**
 * How many of the newest that match are ranked together; older ones follow in the next such
 * window. Ranking all of a common word would read a large part of the table.
 */
const windowCount = 1_000

const description =
  'Finds words by their beginning, any part of a code such as `A12-77`, and Chinese anywhere in a ' +
  'sentence; case, width and accents do not matter. Also looks at names of files and at names and ' +
  'texts of incident data: `matched_in` tells, and `highlights` speak of `content` alone. What ' +
  'holds `q` as typed comes first, then whole words, then beginnings, each newest first, among the ' +
  `newest ${windowCount.toLocaleString('en-US')} that match; then older ones follow in the ` +
  'same way. A page may have fewer than `limit` results: `has_more` alone tells whether more come.'

const inRoom = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/messages/search',
  tag: 'search',
  summary: 'Search in a room',
  description,
  params: RoomParams,
  query: RoomSearchQuery,
  success: { status: 200, description: 'What was found', schema: SearchPage },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  handle: ({ env, caller: { user_id }, params: { room_id }, query }) =>
    found(user_id, query, async (search) =>
      readable(await askDatabase(env, room_id, 'searchRoom', { ...search, room_id })),
    ),
})

const everywhere = endpoint({
  method: 'get',
  path: '/api/messages/search',
  tag: 'search',
  summary: 'Search in all rooms of which I am a member',
  description,
  query: SearchEverywhereQuery,
  success: { status: 200, description: 'What was found', schema: SearchPage },
  refuses: ['bad_request', 'database_busy'],
  handle: ({ env, caller: { user_id }, query }) =>
    found(user_id, query, (search) => askDatabase(env, user_id, 'searchRooms', search)),
})

type Query = SearchFilters & {
  readonly q: string
  readonly limit: number
  readonly cursor?: string | undefined
}

const found = async (
  user_id: string,
  { q, limit, cursor, ...filters }: Query,
  ask: (search: Search) => Promise<Outcome<SearchRead>>,
): Promise<Outcome<SearchPage>> => {
  const query = searchQueryOf(q)
  // Signs alone are found nowhere.
  if (query === undefined)
    return success({ results: [], pagination: { has_more: false, next_cursor: null } })
  const { tsquery, exact_tsquery } = query
  const position = searchPositionOf(cursor)
  const [count, window_count] = [limit + 1, windowCount]
  const read = await ask({
    ...{ user_id, q, tsquery, exact_tsquery, filters, position, count, window_count },
  })
  return read.ok
    ? success(searchPageOf({ query, position, limit, window_count }, read.value))
    : read
}

const mentions = endpoint({
  method: 'get',
  path: '/api/messages/mentions',
  tag: 'search',
  summary: 'Messages that mention me',
  description:
    'In rooms of which I am a member: first what I have not read, then the rest, each newest ' +
    'first. With `user_id` those that mention somebody else; `unread` is still mine. A message ' +
    'that is read between two pages may come twice.',
  query: MentionQuery,
  success: { status: 200, description: 'The page', schema: MentionPage },
  refuses: ['bad_request', 'database_busy'],
  handle: async ({ env, caller: { user_id }, query: { user_id: other, limit, cursor } }) => {
    const rows = await askDatabase(env, user_id, 'listMentions', {
      user_id,
      mentioned_id: other ?? user_id,
      after: mentionPlaceOf(cursor),
      count: limit + 1,
    })
    if (!rows.ok) return rows
    const shown = rows.value.slice(0, limit)
    const last = rows.value.length > limit ? shown.at(-1) : undefined
    return success({
      messages: shown.map(({ message }) => message),
      pagination: {
        has_more: last !== undefined,
        next_cursor: last ? mentionCursorOf({ ...last.place, unread: last.message.unread }) : null,
      },
    })
  },
})

export const searchEndpoints: readonly Endpoint[] = [inRoom, everywhere, mentions]
