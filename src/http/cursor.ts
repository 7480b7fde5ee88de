/**
 * Cursors of lists over many rooms: places in the list as text. Clients hand them back as they
 * came; one that is not of ours is refused by name.
 */
import * as z from 'zod/mini'
import type { MentionPlace } from '../database/mentions.ts'
import type { Place } from '../database/place.ts'
import type { SearchPosition } from '../database/search.ts'

const place = String.raw`(\d{1,16})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`
const SEARCH = new RegExp(`^${place}(?:_([0-3])_${place})?$`)
const MENTION = new RegExp(`^([01])_${place}$`)

const cursor = (pattern: RegExp, example: string) =>
  z
    .optional(z.string().check(z.regex(pattern, { error: 'is not a cursor of this list' })))
    .check(z.meta({ examples: [example] }))

const examplePlace = '1763803962123456_0198d7f2-6b02-7d10-b5a4-20f1c1de9a55'

export const SearchCursor = cursor(SEARCH, examplePlace)
export const MentionCursor = cursor(MENTION, `1_${examplePlace}`)

type Positioned = { readonly before: Place; readonly after: SearchPosition['after'] }

const textOf = ({ at_us, message_id }: Place): string => `${at_us}_${message_id}`

export const searchCursorOf = ({ before, after }: Positioned): string =>
  textOf(before) + (after ? `_${after.relevance}_${textOf(after)}` : '')

export const searchPositionOf = (text: string | undefined): SearchPosition => {
  const [, at_us, message_id, relevance, after_us, after_id] = SEARCH.exec(text ?? '') ?? []
  const before = placeOf(at_us, message_id)
  const after = placeOf(after_us, after_id)
  return { before, after: after && { ...after, relevance: Number(relevance) } }
}

export const mentionCursorOf = ({ unread, ...at }: MentionPlace): string =>
  `${unread ? 1 : 0}_${textOf(at)}`

export const mentionPlaceOf = (text: string | undefined): MentionPlace | null => {
  const [, unread, at_us, message_id] = MENTION.exec(text ?? '') ?? []
  const at = placeOf(at_us, message_id)
  return at && { ...at, unread: unread === '1' }
}

const placeOf = (at_us: string | undefined, message_id: string | undefined): Place | null =>
  at_us === undefined || message_id === undefined ? null : { at_us, message_id }
