/**
 * Read marks that people set on the room's socket (INBOX-2): gathered, the furthest of each person
 * counts, and written at most once a second in one call for all. They are no revisions and wait
 * for no record; a mark leaves the memory only when the database has it.
 */
import { shardOfKey } from '../../lib/shard.ts'
import type { MovedMark } from '../inbox/rows.ts'
import { isPaused } from '../limits/degradation.ts'
import type { Input } from './input.ts'
import { oweTelling } from './read-telling.ts'
import type { Instant, RoomState, Socket } from './state.ts'
import type { Turn } from './turn.ts'

export type Reading = {
  /** How far people have read, as far as the database may not know yet. */
  readonly marks: Map<string, number>
  isWriting: boolean
  next_at: Instant
  /** How many of them storage has, and whether these are all as they are now. */
  kept: { readonly count: number; readonly isCurrent: boolean }
  keep_at: Instant
}

export const readingFrom = (
  { carried = [], kept = [] }: { readonly carried?: Marks; readonly kept?: Marks },
  now: Instant,
): Reading => {
  const marks = new Map(kept)
  for (const [user_id, sequence] of carried)
    marks.set(user_id, Math.max(sequence, marks.get(user_id) ?? 0))
  return {
    marks,
    isWriting: false,
    next_at: now,
    kept: { count: kept.length, isCurrent: false },
    keep_at: now,
  }
}

export type Marks = readonly (readonly [string, number])[]

export const hasRead = (
  { state: { reading } }: Turn,
  { user_id }: Socket,
  { sequence_number }: { readonly sequence_number: number },
): void => {
  const before = reading.marks.get(user_id) ?? 0
  if (sequence_number <= before) return
  reading.marks.set(user_id, sequence_number)
  reading.kept = { ...reading.kept, isCurrent: false }
}

/** At the end of each turn. */
export const writeMarks = (turn: Turn): void => {
  const { state, now, effects } = turn
  const { reading, settings } = state
  if (arePaused(state)) return keepMarks(turn)
  if (reading.marks.size === 0 && reading.kept.count > 0) keep(turn, [])
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
  if (!moved) {
    reading.next_at = Math.max(reading.next_at, turn.now + settings.read_retry_ms)
    return
  }
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
export const marksDue = (state: RoomState): Instant | undefined => {
  const { reading } = state
  return reading.marks.size > 0 && !reading.isWriting && !arePaused(state)
    ? reading.next_at
    : undefined
}

/** Under pressure they are written later (LIM-2); meanwhile storage keeps them from being lost. */
const keepMarks = (turn: Turn): void => {
  const { reading, settings } = turn.state
  if (reading.kept.isCurrent || reading.marks.size === 0 || reading.keep_at > turn.now) return
  reading.keep_at = turn.now + settings.read_pause_ms
  keep(turn, [...reading.marks].slice(-settings.kept_marks_max_count))
}

const keep = ({ state, effects }: Turn, marks: Marks): void => {
  state.reading.kept = { count: marks.length, isCurrent: true }
  effects.push({ type: 'keep_marks', marks })
}

const arePaused = ({ degrading }: RoomState): boolean =>
  isPaused(degrading.told.level, 'read_marks')

export type MarksMoved = {
  readonly asked: Marks
  /** Undefined: not written; asked again later. */
  readonly moved: readonly MovedMark[] | undefined
}
