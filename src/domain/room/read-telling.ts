/**
 * Tells the room how far its members have read (INBOX-2): the marks that moved, gathered, at most
 * once a second. It is of the moment like presence: not stored, not replayed, lost with the memory,
 * and kept from sockets that lag. Whoever wants all of it reads the list over REST.
 */
import type { MovedMark } from '../inbox/rows.ts'
import { isPaused } from '../limits/degradation.ts'
import type { Instant, RoomState } from './state.ts'
import { broadcastSoft, type Turn } from './turn.ts'

export type ReadTelling = {
  /** Moved since the last telling. */
  readonly moved: Map<string, number>
  /** As this instance told them last: a mark that only stands where it stood is no news. */
  readonly told: Map<string, number>
  next_at: Instant
}

export const readTellingFrom = (now: Instant): ReadTelling => ({
  moved: new Map(),
  told: new Map(),
  next_at: now,
})

/** Where the database says that marks stand now. */
export const oweTelling = ({ state }: Turn, marks: readonly MovedMark[]): void => {
  if (isCrowded(state)) return
  const { moved, told } = state.read_telling
  for (const { user_id, read_sequence } of marks)
    if (told.get(user_id) !== read_sequence) moved.set(user_id, read_sequence)
}

/** At the end of each turn. */
export const tellReading = (turn: Turn): void => {
  const { state, now } = turn
  const { read_telling, record, settings } = state
  const { moved, told } = read_telling
  if (moved.size === 0 || read_telling.next_at > now || arePaused(state)) return
  const read_marks = []
  for (const [user_id, read_sequence] of moved) {
    // Somebody who was removed meanwhile. Before the record is known nobody was.
    if (record.phase === 'known' && !record.members.has(user_id)) continue
    told.set(user_id, read_sequence)
    read_marks.push({ user_id, read_sequence })
  }
  moved.clear()
  if (read_marks.length === 0 || isCrowded(state)) return
  read_telling.next_at = now + settings.read_telling_pause_ms
  broadcastSoft(turn, { type: 'read_marks', read_marks })
}

export const tellingDue = (state: RoomState): Instant | undefined => {
  const { moved, next_at } = state.read_telling
  return moved.size > 0 && !arePaused(state) ? next_at : undefined
}

/** Under pressure they are told later (LIM-2). */
const arePaused = ({ degrading }: RoomState): boolean =>
  isPaused(degrading.told.level, 'read_marks')

/** Woken by a mark, a room knows its sockets and not yet its members. */
const isCrowded = ({ record, people, settings }: RoomState): boolean => {
  const members_count = record.phase === 'known' ? record.members.size : 0
  return Math.max(members_count, people.size) > settings.read_telling_people_max_count
}
