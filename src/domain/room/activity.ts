/**
 * Tells the inbox what happens here (INBOX-1). A room knows only which shards of the inbox watch it,
 * so that a message costs as many calls at most, however many members there are. What comes in
 * bursts is gathered and told once per window; mentions and membership do not wait. All of it
 * comes after the room's own sockets and holds up nothing: a telling that is lost leaves a gap of
 * revisions, by which the shard knows that it has to read again.
 */
import { shardOfKey } from '../../lib/shard.ts'
import type { Change } from '../../protocol/change.ts'
import type { Message } from '../../protocol/message.ts'
import type { LastMessage } from '../../protocol/room.ts'
import type { Mentioned, MemberNews, RoomNews, Said } from '../inbox/news.ts'
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

type Gathered = {
  after: number
  said: Said[]
  mentioned: Mentioned[]
  members: MemberNews[]
  last_activity_at: string | undefined
  last_message: LastMessage | undefined
  last_message_id: string | undefined
  recount: boolean
  /** The room itself changed: everybody hears of it at once. */
  isPressing: boolean
  /** Shards that must hear of part of it at once. */
  readonly urgent: Set<number>
  /** Shards that an earlier telling did not reach, after so many attempts. */
  readonly unreached: Set<number>
  attempts: number
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
  gathered.after = Math.min(gathered.after, news.after)
  gathered.said = [...news.said, ...gathered.said]
  gathered.mentioned = [...news.mentioned, ...gathered.mentioned]
  gathered.members = [...news.members, ...gathered.members]
  gathered.recount ||= news.recount
  gathered.last_activity_at ??= news.last_activity_at
  gathered.last_message ??= news.last_message
  gathered.unreached.add(shard)
  gathered.attempts = Math.max(gathered.attempts, attempt)
}

/** Notes a change that the room's sockets are being told; call after it was applied. */
export const note = (turn: Turn, change: Change): void => {
  const { state } = turn
  const { activity, settings } = state
  const member = memberNewsOf(change)
  if (activity.watchers.size === 0 && !member) return
  activity.gathered ??= nothingAfter(change.revision - 1)
  const { gathered } = activity
  if (member) {
    gathered.members.push(member)
    gathered.urgent.add(shardOf(state, member.user_id))
  }
  if (change.type === 'message') say(state, gathered, change.message)
  else if (change.type === 'message_edited' || change.type === 'message_deleted')
    changeWords(gathered, change)
  if (change.type === 'system') {
    gathered.last_activity_at = change.timestamp
    gathered.isPressing ||= change.event === 'room_updated'
  }
  const { said, mentioned, members } = gathered
  if (said.length + mentioned.length + members.length <= settings.activity_max_count) return
  gathered.said = []
  gathered.mentioned = []
  gathered.recount = true
}

/** Counts, mentions and the last message may be others now; words taken back are not told (MSG-8). */
const changeWords = (
  gathered: Gathered,
  change: Change & { type: 'message_edited' | 'message_deleted' },
): void => {
  const { message_id } = change
  gathered.recount = true
  // The shard reads it again.
  if (gathered.last_message_id === message_id) gathered.last_message = undefined
  gathered.mentioned = gathered.mentioned.flatMap((mentioned) => {
    if (mentioned.message_id !== message_id) return mentioned
    return change.type === 'message_deleted'
      ? []
      : { ...mentioned, preview: previewOf(change.content) }
  })
}

const say = (state: RoomState, gathered: Gathered, message: Message): void => {
  const { revision, sequence_number, sender_id, sender_display_name } = message
  const is_notice = message.message_type === 'system'
  const said = { revision, sequence_number, sender_id, is_notice }
  const preview = message.deleted_at === null ? previewOf(message.content) : ''
  gathered.said.push(said)
  gathered.last_activity_at = message.created_at
  gathered.last_message_id = message.message_id
  gathered.last_message = {
    ...{ sender_id, sender_display_name, preview },
    message_type: message.message_type,
  }
  const user_ids = message.mentions.filter((user_id) => user_id !== sender_id)
  if (user_ids.length === 0 || message.deleted_at !== null) return
  const { message_id } = message
  gathered.mentioned.push({ ...said, message_id, sender_display_name, preview, user_ids })
  for (const user_id of user_ids) {
    const shard = shardOf(state, user_id)
    if (state.activity.watchers.has(shard)) gathered.urgent.add(shard)
  }
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
    for (const shard of urgent) notify(turn, shard, { record, gathered, whole: false })
    urgent.clear()
    return
  }
  // A member who comes or goes is told of it whether their shard watches or not.
  const shards = new Set([...activity.watchers.keys(), ...urgent, ...unreached])
  for (const shard of shards) notify(turn, shard, { record, gathered, whole: true })
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
  activity.gathered ??= nothingAfter(record.revision)
  for (const { user_id, revision } of owed) {
    // As of now, whatever happened since.
    const role = record.members.get(user_id)?.role ?? null
    activity.gathered.members.push({ user_id, revision, role })
    activity.gathered.urgent.add(shardOf(state, user_id))
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

const notify = ({ state, effects }: Turn, shard: number, telling: Telling): void => {
  const watch = state.activity.watchers.get(shard)
  const attempt = telling.gathered.attempts + 1
  state.activity.in_flight += 1
  effects.push({ type: 'notify', shard, watch, attempt, news: newsOf(telling) })
}

type Telling = {
  readonly record: KnownRecord
  readonly gathered: Gathered
  readonly whole: boolean
}

const owe = ({ state, effects }: Turn, members: readonly MemberNews[] | undefined): void => {
  state.activity.owed = members
  effects.push({ type: 'owe_activity', owed: members })
}

const newsOf = ({ record, gathered, whole }: Telling): RoomNews => {
  const { room_id, title, status, severity } = record.details
  const { after, said, mentioned, members, last_activity_at, last_message, recount } = gathered
  return {
    ...{ room_id, title, status, severity, after, last_activity_at, last_message, recount, whole },
    revision: record.revision,
    last_sequence: record.sequence,
    said: [...said],
    mentioned: [...mentioned],
    members: [...members],
  }
}

const nothingAfter = (revision: number): Gathered => ({
  after: revision,
  said: [],
  mentioned: [],
  members: [],
  last_activity_at: undefined,
  last_message: undefined,
  last_message_id: undefined,
  recount: false,
  isPressing: false,
  urgent: new Set(),
  unreached: new Set(),
  attempts: 0,
})

const memberNewsOf = (change: Change): MemberNews | undefined => {
  if (change.type !== 'system') return undefined
  const { revision } = change
  switch (change.event) {
    case 'member_added':
      return { revision, user_id: change.member.user_id, role: change.member.role }
    case 'member_role_changed':
      return { revision, user_id: change.user_id, role: change.role }
    case 'member_removed':
      return { revision, user_id: change.user_id, role: null }
    default:
      return undefined
  }
}

const shardOf = ({ settings }: RoomState, user_id: string): number =>
  shardOfKey(settings.inbox_shards_count, user_id)

/** Characters of a preview, as in the database's cards. */
const previewMaxLength = 120

const previewOf = (content: Message['content']): string =>
  typeof content === 'string'
    ? [...content.slice(0, previewMaxLength * 2)].slice(0, previewMaxLength).join('')
    : ''
