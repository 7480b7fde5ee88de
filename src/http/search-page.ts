/** A page of results as the wire has it, from what the database found (API-2). */
import type { Place } from '../database/place.ts'
import type { SearchPosition, SearchRead } from '../database/search.ts'
import { matchOf } from '../domain/search/match.ts'
import type { SearchQuery } from '../domain/search/query.ts'
import type { SearchPage } from '../protocol/search.ts'
import { searchCursorOf } from './cursor.ts'

export type Asked = {
  readonly query: SearchQuery
  readonly position: SearchPosition
  readonly limit: number
  /** A window that is not full is the last. */
  readonly window_count: number
}

/**
 * The index may offer a message that holds the parts of a word in another order. It is left out
 * here, so a page may be shorter than `limit` and there may be more all the same.
 */
export const searchPageOf = (asked: Asked, read: SearchRead): SearchPage => {
  const { query, limit } = asked
  const shown = read.found.slice(0, limit)
  const results = shown.flatMap(({ message, file_name, room_title }) => {
    const match = matchOf({ ...message, file_name }, query)
    return match ? [{ message, room_title, ...match }] : []
  })
  const next_cursor = nextCursor(asked, read)
  return { results, pagination: { has_more: next_cursor !== null, next_cursor } }
}

/** When all of a full window is shown, the window that lies before it follows. */
const nextCursor = (
  { position, limit, window_count }: Asked,
  { found, newest, oldest, window_size }: SearchRead,
): string | null => {
  const last = found[limit - 1]
  const before = position.before ?? (newest && justAfter(newest))
  if (found.length > limit && last && before)
    return searchCursorOf({ before, after: { ...last.place, relevance: last.relevance } })
  return window_size === window_count && oldest
    ? searchCursorOf({ before: oldest, after: null })
    : null
}

/** No message lies between this and the next microsecond. */
const justAfter = ({ at_us }: Place): Place => ({
  at_us: String(BigInt(at_us) + 1n),
  message_id: '00000000-0000-0000-0000-000000000000',
})
