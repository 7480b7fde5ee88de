/**
 * Which rooms a few typed letters mean, the likeliest first. Pure. Every word must be found in the
 * title, the place, a lot or the type: as a part, or, in the title, as letters in their order.
 */
import type { Room } from '../../../src/protocol/room.ts'

export type RoomMatch = {
  readonly room: Room
  /** Which letters of the title were meant; half-open, in order, none overlapping another. */
  readonly marks: readonly { readonly start: number; readonly end: number }[]
}

/** More are not looked through by anybody; another letter brings them nearer. */
export const MATCHES_MAX_COUNT = 30

export type MatchOptions = {
  readonly words: string
  /** What the type is called in the reader's language. */
  readonly typeName: (room: Room) => string
  readonly open_room_id: string | undefined
}

/** @param rooms the most recently active first */
export const matchRooms = (
  rooms: readonly Room[],
  { words, typeName, open_room_id }: MatchOptions,
): readonly RoomMatch[] => {
  const parts = fold(words).split(/\s+/u).filter(Boolean)
  return rooms
    .flatMap((room) => {
      const found = scoreOf(parts, room, typeName(room))
      return found === undefined ? [] : [{ ...found, room }]
    })
    .toSorted(
      (a, b) => b.score - a.score || urgency(b.room, open_room_id) - urgency(a.room, open_room_id),
    )
    .slice(0, MATCHES_MAX_COUNT)
    .map(({ room, marks }) => ({ room, marks: merged(marks) }))
}

/** What waits for the reader comes first; the room they are in is where they need not go. */
const urgency = (room: Room, open_room_id: string | undefined): number => {
  if (room.room_id === open_room_id) return -1
  if (room.mention_count > 0) return 3
  if (room.unread_count > 0) return 2
  return room.status === 'archived' ? 0 : 1
}

type Mark = { readonly start: number; readonly end: number }
type Found = { readonly score: number; readonly marks: readonly Mark[] }

const scoreOf = (parts: readonly string[], room: Room, type_name: string): Found | undefined => {
  const title = fold(room.title)
  const others = [room.location, type_name, ...room.lots].map(fold)
  let score = 0
  const marks: Mark[] = []
  for (const part of parts) {
    const found = inTitle(part, title) ?? inOthers(part, others) ?? scattered(part, title)
    if (found === undefined) return undefined
    score += found.score
    marks.push(...found.marks)
  }
  return { score, marks }
}

const inTitle = (part: string, title: string): Found | undefined => {
  const word_start = wordStarts(title).find((start) => title.startsWith(part, start))
  const start = word_start ?? title.indexOf(part)
  if (start < 0) return undefined
  const score = start === 0 ? 8 : word_start === undefined ? 5 : 6
  return { score, marks: [{ start, end: start + part.length }] }
}

const inOthers = (part: string, others: readonly string[]): Found | undefined =>
  others.some((other) => other.startsWith(part))
    ? { score: 4, marks: [] }
    : others.some((other) => other.includes(part))
      ? { score: 3, marks: [] }
      : undefined

/** `l3s` means "Line 3 stopped"; one letter means nothing in particular. */
const scattered = (part: string, title: string): Found | undefined => {
  if (part.length < 2) return undefined
  const marks: Mark[] = []
  let from = 0
  for (const letter of part) {
    const start = title.indexOf(letter, from)
    if (start < 0) return undefined
    from = start + letter.length
    marks.push({ start, end: from })
  }
  return { score: 1, marks }
}

const wordStarts = (text: string): readonly number[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) => index)

/** Case, and the full width of letters that Chinese keyboards write; lengths stay the same. */
const fold = (text: string): string =>
  [...text]
    .map((letter) => {
      const folded = letter.normalize('NFKC').toLowerCase()
      return folded.length === letter.length ? folded : letter
    })
    .join('')

const merged = (marks: readonly Mark[]): readonly Mark[] => {
  const rising = marks.toSorted((a, b) => a.start - b.start)
  const result: Mark[] = []
  for (const mark of rising) {
    const last = result.at(-1)
    if (last === undefined || mark.start > last.end) result.push(mark)
    else result[result.length - 1] = { start: last.start, end: Math.max(last.end, mark.end) }
  }
  return result
}
