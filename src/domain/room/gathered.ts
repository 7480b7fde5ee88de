/** What has happened in the room since its inboxes were last told, and as what it is told. */
import { shardOfKey } from '../../lib/shard.ts'
import type { Change } from '../../protocol/change.ts'
import type { Message } from '../../protocol/message.ts'
import type { LastMessage } from '../../protocol/room.ts'
import type { Mentioned, MemberNews, RoomNews, Said } from '../inbox/news.ts'
import { newlyMentioned } from './newly-mentioned.ts'
import type { KnownRecord, RoomState } from './state.ts'

export type Gathered = {
  after: number
  said: Said[]
  mentioned: Mentioned[]
  /** People in `mentioned`, as often as they are there. */
  mentioned_count: number
  members: MemberNews[]
  last_activity_at: string | undefined
  last_message: LastMessage | undefined
  last_message_id: string | undefined
  recount: boolean
  /** More was said than is told: what else comes in this window only counts. */
  isFull: boolean
  /** The room itself changed: everybody hears of it at once. */
  isPressing: boolean
  /** Shards that must hear of part of it at once. */
  readonly urgent: Set<number>
  /** Up to which revision shards heard at once: what follows at once need not say it again. */
  readonly told: Map<number, number>
  /** Shards that an earlier telling did not reach, after so many attempts. */
  readonly unreached: Set<number>
  attempts: number
}

export const nothingAfter = (revision: number): Gathered => ({
  after: revision,
  said: [],
  mentioned: [],
  mentioned_count: 0,
  members: [],
  last_activity_at: undefined,
  last_message: undefined,
  last_message_id: undefined,
  recount: false,
  isFull: false,
  isPressing: false,
  urgent: new Set(),
  told: new Map(),
  unreached: new Set(),
  attempts: 0,
})

/** Adds one change; what it says of a member is told even where nobody watches. */
export const gather = (state: RoomState, gathered: Gathered, change: Change): void => {
  const member = memberNewsOf(change)
  if (member) {
    gathered.members.push(member)
    gathered.urgent.add(inboxShardOf(state, member.user_id))
  }
  if (change.type === 'message') say(state, gathered, change.message)
  else if (change.type === 'message_edited' || change.type === 'message_deleted')
    changeWords(gathered, change)
  if (change.type === 'message_edited') mentionAnew(state, gathered, change)
  if (change.type === 'system') {
    gathered.last_activity_at = change.timestamp
    gathered.isPressing ||= change.event === 'room_updated'
  }
  if (!gathered.isFull && isTooMuch(state, gathered)) {
    gathered.said = []
    gathered.isFull = true
    gathered.recount = true
  }
}

const isTooMuch = (
  { settings }: RoomState,
  { said, mentioned, mentioned_count, members }: Gathered,
): boolean =>
  said.length + mentioned.length + members.length > settings.activity_max_count ||
  mentioned_count > settings.activity_mentions_max_count

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

/** An edit reaches those whom the message did not mention before; the others have heard. */
const mentionAnew = (
  state: RoomState,
  gathered: Gathered,
  change: Change & { type: 'message_edited' },
): void => {
  const anew = state.record.phase === 'known' && newlyMentioned(state.record, change)
  if (!anew) return
  const { user_ids, message } = anew
  const { message_id, sequence_number, sender_id, sender_display_name } = message
  const said = { revision: change.revision, sequence_number, sender_id, is_notice: false }
  const preview = previewOf(change.content)
  mention(state, gathered, { ...said, message_id, sender_display_name, preview, user_ids })
}

const say = (state: RoomState, gathered: Gathered, message: Message): void => {
  const { revision, sequence_number, sender_id, sender_display_name } = message
  const is_notice = message.message_type === 'system'
  const said = { revision, sequence_number, sender_id, is_notice }
  const preview = message.deleted_at === null ? previewOf(message.content) : ''
  if (!gathered.isFull) gathered.said.push(said)
  gathered.last_activity_at = message.created_at
  gathered.last_message_id = message.message_id
  gathered.last_message = {
    ...{ sender_id, sender_display_name, preview },
    message_type: message.message_type,
  }
  const user_ids = message.mentions.filter((user_id) => user_id !== sender_id)
  if (user_ids.length === 0 || message.deleted_at !== null) return
  const { message_id } = message
  mention(state, gathered, { ...said, message_id, sender_display_name, preview, user_ids })
}

/** Does not wait for the end of the window. */
const mention = (state: RoomState, gathered: Gathered, mentioned: Mentioned): void => {
  if (gathered.isFull) return
  gathered.mentioned.push(mentioned)
  gathered.mentioned_count += mentioned.user_ids.length
  for (const user_id of mentioned.user_ids) {
    const shard = inboxShardOf(state, user_id)
    if (state.activity.watchers.has(shard)) gathered.urgent.add(shard)
  }
}

/** All that the shards lack, up to now. */
export const newsOf = (record: KnownRecord, gathered: Gathered): RoomNews => {
  const { room_id, title, status, severity } = record.details
  const { after, said, mentioned, members, last_activity_at, last_message, recount } = gathered
  return {
    ...{ room_id, title, status, severity, after, last_activity_at, last_message, recount },
    whole: true,
    revision: record.revision,
    last_sequence: record.sequence,
    said: [...said],
    mentioned: [...mentioned],
    members: [...members],
  }
}

/** The part that cannot wait, of what this shard has not heard at once already. */
export const urgentNewsOf = (record: KnownRecord, gathered: Gathered, shard: number): RoomNews => {
  const news = newsOf(record, gathered)
  const after = gathered.told.get(shard)
  if (after === undefined) return { ...news, whole: false }
  const isNew = ({ revision }: { readonly revision: number }) => revision > after
  return {
    ...{ ...news, whole: false, after },
    said: news.said.filter(isNew),
    mentioned: news.mentioned.filter(isNew),
    members: news.members.filter(isNew),
  }
}

/** What a shard did not hear is told with the next; much of it may be there already. */
export const gatherAgain = (gathered: Gathered, news: RoomNews): void => {
  gathered.after = Math.min(gathered.after, news.after)
  gathered.said = united(news.said, gathered.said)
  gathered.mentioned = united(news.mentioned, gathered.mentioned)
  gathered.members = united(news.members, gathered.members)
  gathered.recount ||= news.recount
  gathered.last_activity_at ??= news.last_activity_at
  gathered.last_message ??= news.last_message
}

/** By revision, each once: counted twice it would be wrong. */
const united = <Entry extends { readonly revision: number }>(
  earlier: readonly Entry[],
  known: readonly Entry[],
): Entry[] => {
  const revisions = new Set(known.map(({ revision }) => revision))
  return [...earlier.filter(({ revision }) => !revisions.has(revision)), ...known]
}

export const memberNewsOf = (change: Change): MemberNews | undefined => {
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

export const inboxShardOf = ({ settings }: RoomState, user_id: string): number =>
  shardOfKey(settings.inbox_shards_count, user_id)

/** Characters of a preview, as in the database's cards. */
const previewMaxLength = 120

const previewOf = (content: Message['content']): string =>
  typeof content === 'string'
    ? [...content.slice(0, previewMaxLength * 2)].slice(0, previewMaxLength).join('')
    : ''
