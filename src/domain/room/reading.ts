/**
 * Read marks that people set on the room's socket (INBOX-2): gathered, the furthest of each person
 * counts, and written at most once a second in one call for all. They are no revisions and wait
 * for no record; a mark leaves the memory only when the database has it.
 */
import { shardOfKey } from '../../lib/shard.ts'
import type { MovedMark } from '../inbox/rows.ts'
import type { Input } from './input.ts'
import { oweTelling } from './read-telling.ts'
import type { Instant, RoomState, Socket } from './state.ts'
import type { Turn } from './turn.ts'

export type Reading = {
  /** How far people have read, as far as the database may not know yet. */
  readonly marks: Map<string, number>
  isWriting: boolean
  next_at: Instant
}

export const readingFrom = (
  marks: Iterable<readonly [string, number]> | undefined,
  now: Instant,
): Reading => ({
  marks: new Map(marks),
  isWriting: false,
  next_at: now,
})

export const hasRead = (
  { state: { reading } }: Turn,
  { user_id }: Socket,
  { sequence_number }: { readonly sequence_number: number },
): void => {
  reading.marks.set(user_id, Math.max(sequence_number, reading.marks.get(user_id) ?? 0))
}

/** At the end of each turn. */
export const writeMarks = ({ state, now, effects }: Turn): void => {
  const { reading, settings } = state
  if (reading.marks.size === 0 || reading.isWriting || reading.next_at > now) return
  reading.isWriting = true
  reading.next_at = now + settings.read_pause_ms
  effects.push({
    type: 'move_marks',
    marks: [...reading.marks].slice(0, settings.read_batch_max_count),
  })
}

export const marksMoved = (turn: Turn, { asked, moved }: Input & { type: 'marks_moved' }): void => {
  const { state, effects } = turn
  const { reading, activity, settings } = state
  reading.isWriting = false
  if (!moved) return
  for (const [user_id, sequence] of asked)
    if (reading.marks.get(user_id) === sequence) reading.marks.delete(user_id)
  oweTelling(turn, moved)
  const byShard = Map.groupBy(moved, ({ user_id }) =>
    shardOfKey(settings.inbox_shards_count, user_id),
  )
  for (const [shard, marks] of byShard)
    if (activity.watchers.has(shard)) effects.push({ type: 'tell_marks', shard, marks })
}

/** When marks are due. While they are written the answer comes by itself. */
export const marksDue = ({ reading }: RoomState): Instant | undefined =>
  reading.marks.size > 0 && !reading.isWriting ? reading.next_at : undefined

export type MarksMoved = {
  readonly asked: readonly (readonly [string, number])[]
  /** Undefined: not written; asked again later. */
  readonly moved: readonly MovedMark[] | undefined
}
