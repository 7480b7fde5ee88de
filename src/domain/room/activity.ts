/**
 * Tells the inbox what happens here (INBOX-1). A room knows only which shards of the inbox watch it,
 * so that a message costs as many calls at most, however many members there are. What comes in
 * bursts is gathered and told once per window; mentions and membership do not wait. All of it
 * comes after the room's own sockets and holds up nothing: a telling that is lost leaves a gap of
 * revisions, by which the shard knows that it has to read again.
 */
import type { Change } from '../../protocol/change.ts'
import type { MemberNews, RoomNews } from '../inbox/news.ts'
import {
  gather,
  gatherAgain,
  inboxShardOf,
  memberNewsOf,
  newsOf,
  nothingAfter,
  urgentNewsOf,
  type Gathered,
} from './gathered.ts'
import { waitForRecord } from './record.ts'
import type { Instant, KnownRecord, RoomState } from './state.ts'
import type { Turn } from './turn.ts'
import { unreachable } from './unreachable.ts'

export type Activity = {
  /** The shards that watch, each with the number of its latest `watch` as this instance counts. */
  readonly watchers: Map<number, number>
  /** Since the last telling; undefined: nothing. */
  gathered: Gathered | undefined
  /** The present window ends then; the next telling is not earlier. */
  window_ends_at: Instant
  /**
   * What storage says is owed, should the memory be lost before it arrives: the position, and these
   * comings and goings. Undefined: nothing.
   */
  owed: readonly MemberNews[] | undefined
  /** Tellings without an answer yet. */
  in_flight: number
}

/** What the room keeps in its own storage: it outlives hibernation and more. */
export type StoredActivity = {
  readonly watchers: readonly number[]
  readonly owed: readonly MemberNews[] | undefined
}

export const activityFrom = ({ watchers, owed }: StoredActivity, now: Instant): Activity => ({
  watchers: new Map(watchers.map((shard) => [shard, 0])),
  gathered: undefined,
  window_ends_at: now,
  owed,
  in_flight: 0,
})

/** A shard has people of this room connected from now on. */
export const watched = ({ state, effects }: Turn, shard: number): void => {
  const { watchers } = state.activity
  const isNew = !watchers.has(shard)
  watchers.set(shard, (watchers.get(shard) ?? 0) + 1)
  if (isNew) effects.push({ type: 'keep_watchers', watchers: [...watchers.keys()] })
}

/** There is no such room any more: nobody is owed anything of it. */
export const forgetActivity = (turn: Turn): void => {
  turn.state.activity.gathered = undefined
  if (turn.state.activity.owed) owe(turn, undefined)
}

/** What became of a telling. */
export const told = (turn: Turn, { shard, watch, isInterested, news, attempt }: Told): void => {
  const { state, effects } = turn
  const { watchers } = state.activity
  state.activity.in_flight -= 1
  if (isInterested === undefined) return tellAgain(turn, { shard, news, attempt })
  // Unless it asked again since.
  if (isInterested || watch === undefined || watchers.get(shard) !== watch) return
  watchers.delete(shard)
  effects.push({ type: 'keep_watchers', watchers: [...watchers.keys()] })
}

export type Told = {
  readonly shard: number
  readonly watch: number | undefined
  readonly attempt: number
  readonly news: RoomNews
  /** Whether anybody there is concerned; undefined: the shard did not answer. */
  readonly isInterested: boolean | undefined
}

/** A shard did not answer: it is told with the next, for a while (SEC-2: of members above all). */
const tellAgain = (
  turn: Turn,
  { shard, news, attempt }: Pick<Told, 'shard' | 'news' | 'attempt'>,
): void => {
  const { activity, settings } = turn.state
  if (attempt >= settings.activity_attempts_max_count) return
  activity.gathered ??= nothingAfter(news.after)
  const { gathered } = activity
  gatherAgain(gathered, news)
  gathered.told.delete(shard)
  gathered.unreached.add(shard)
  gathered.attempts = Math.max(gathered.attempts, attempt)
}

/** Notes a change that the room's sockets are being told; call after it was applied. */
export const note = ({ state }: Turn, change: Change): void => {
  const { activity } = state
  if (activity.watchers.size === 0 && !memberNewsOf(change)) return
  activity.gathered ??= nothingAfter(change.revision - 1)
  gather(state, activity.gathered, change)
}

/** At the end of each turn: tells what cannot wait, and the rest where the window is over. */
export const tellInboxes = (turn: Turn): void => {
  const { state, now } = turn
  const { activity, record } = state
  const { gathered } = activity
  if (record.phase !== 'known') return
  const isOver = activity.window_ends_at <= now
  if (!gathered) {
    // Kept through all windows of a burst and a quiet one, so that a burst costs two writes.
    if (activity.owed && isOver && activity.in_flight === 0) owe(turn, undefined)
    return
  }
  oweFor(turn, gathered)
  const { urgent, unreached } = gathered
  if (!isOver && !gathered.isPressing) {
    for (const shard of urgent) {
      notify(turn, shard, gathered, urgentNewsOf(record, gathered, shard))
      gathered.told.set(shard, record.revision)
    }
    urgent.clear()
    return
  }
  // A member who comes or goes is told of it whether their shard watches or not.
  const shards = new Set([...activity.watchers.keys(), ...urgent, ...unreached])
  const news = newsOf(record, gathered)
  for (const shard of shards) notify(turn, shard, gathered, news)
  activity.gathered = undefined
  activity.window_ends_at = now + state.settings.activity_window_ms
}

/** Storage knows of what is on its way, in case that the memory is lost before it arrives. */
const oweFor = (turn: Turn, { members }: Gathered): void => {
  const { activity, settings } = turn.state
  const known = activity.owed ?? []
  const news = members.filter(
    ({ revision }) => !known.some((member) => member.revision === revision),
  )
  if (activity.owed && news.length === 0) return
  owe(turn, [...known, ...news].slice(-settings.activity_members_max_count))
}

/**
 * After the record was loaded: what was committed and never told, because an instance died, shows
 * in the position; who came or went is told by name.
 */
export const announcePosition = ({ state }: Turn, record: KnownRecord): void => {
  const { activity } = state
  const owed = activity.owed ?? []
  if (activity.watchers.size === 0 && owed.length === 0) return
  // Of what was gathered before the record was lost nobody knows whether it is all.
  if (activity.gathered) activity.gathered.recount = true
  activity.gathered?.told.clear()
  activity.gathered ??= nothingAfter(record.revision)
  for (const { user_id, revision } of owed) {
    // As of now, whatever happened since.
    const role = record.members.get(user_id)?.role ?? null
    activity.gathered.members.push({ user_id, revision, role })
    activity.gathered.urgent.add(inboxShardOf(state, user_id))
  }
}

/** The alarm: a telling that an earlier instance owed needs the record. */
export const tickActivity = (turn: Turn): void => {
  const { activity, record } = turn.state
  if (record.phase !== 'unknown' || !activity.owed || activity.window_ends_at > turn.now) return
  // Should the load fail, the next attempt comes a window later.
  activity.window_ends_at = turn.now + turn.state.settings.activity_window_ms
  waitForRecord(turn, { type: 'needed', now: turn.now })
}

/** When `tellInboxes` or `tickActivity` has something to do by itself. */
export const activityDue = ({ activity, record }: RoomState): Instant | undefined => {
  const { gathered, owed, in_flight, window_ends_at } = activity
  switch (record.phase) {
    case 'known':
      // While a telling is on its way its answer comes by itself.
      return gathered || (owed && in_flight === 0) ? window_ends_at : undefined
    case 'unknown':
      return owed && window_ends_at
    case 'loading':
      return undefined
    default:
      return unreachable(record)
  }
}

const notify = (
  { state, effects }: Turn,
  shard: number,
  { attempts }: Gathered,
  news: RoomNews,
): void => {
  const watch = state.activity.watchers.get(shard)
  state.activity.in_flight += 1
  effects.push({ type: 'notify', shard, watch, attempt: attempts + 1, news })
}

const owe = ({ state, effects }: Turn, members: readonly MemberNews[] | undefined): void => {
  state.activity.owed = members
  effects.push({ type: 'owe_activity', owed: members })
}
