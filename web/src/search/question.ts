/** What is looked for, as the REST calls take it (API-2). Pure. Days are days in Taipei (WEB-2). */
import { PAGE_DEFAULT_COUNT } from '../../../src/protocol/limits.ts'
import type { MessageType } from '../../../src/protocol/message.ts'
import type { RoomStatus } from '../../../src/protocol/room.ts'

/** An empty text narrows nothing. */
export type SearchFilters = {
  readonly sender_id: string
  readonly message_type: MessageType | ''
  /** `2026-11-24`, as a date field has it; both days belong to the range. */
  readonly from_day: string
  readonly to_day: string
  readonly has_file: boolean
  readonly room_status: RoomStatus | ''
}

export const noFilters: SearchFilters = {
  sender_id: '',
  message_type: '',
  from_day: '',
  to_day: '',
  has_file: false,
  room_status: '',
}

export const filterCount = (filters: SearchFilters): number =>
  Object.values(filters).filter((value) => value !== '' && value !== false).length

/** One letter finds half of everything; one Chinese character is a word. */
export const isLongEnough = (words: string): boolean => {
  const trimmed = words.trim()
  return [...trimmed].length >= 2 || /\p{scx=Han}|\p{scx=Hang}|\p{scx=Kana}/u.test(trimmed)
}

export const searchParameters = (
  words: string,
  filters: SearchFilters,
  cursor: string | undefined,
): URLSearchParams => {
  const { sender_id, message_type, room_status, has_file, from_day, to_day } = filters
  const [first_day, last_day] = inOrder(from_day, to_day)
  const asked: Record<string, string> = {
    q: words.trim(),
    limit: String(PAGE_DEFAULT_COUNT),
    sender_id,
    message_type,
    room_status,
    has_file: has_file ? 'true' : '',
    from: first_day === '' ? '' : dayStart(first_day),
    to: last_day === '' ? '' : dayStart(last_day, DAY_MS),
    cursor: cursor ?? '',
  }
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''))
}

/** Whoever enters the days the wrong way round means the same range. */
const inOrder = (from: string, to: string): readonly [string, string] =>
  from !== '' && to !== '' && to < from ? [to, from] : [from, to]

const DAY_MS = 86_400_000

const dayStart = (day: string, plus_ms = 0): string =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + plus_ms).toISOString()
