/**
 * A room's news, applied to everybody here who is in it. News that does not continue where a part
 * stands is not believed: the part is read again, and nothing of it is told before.
 */
import type { InboxInput } from './input.ts'
import type { MemberNews, RoomNews } from './news.ts'
import {
  carryForward,
  dropPart,
  isStale,
  markFresh,
  markOf,
  markStale,
  roomOf,
  tellMention,
  tellPart,
} from './parts.ts'
import type { HeardRoom, InboxState } from './state.ts'
import { tell, type InboxTurn } from './turn.ts'

/** Whether anybody here may be concerned; asked before the news is applied. */
export const isInterested = (state: InboxState, { room_id, members }: RoomNews): boolean =>
  state.people.size > 0 &&
  (state.rooms.has(room_id) ||
    state.watched.has(room_id) ||
    members.some(({ user_id }) => state.people.has(user_id)))

export const heard = (turn: InboxTurn, { news }: InboxInput & { type: 'heard' }): void => {
  const { state } = turn
  const { room_id } = news
  const isWatched = state.watched.has(room_id)
  if (!isInterested(state, news)) {
    if (state.watched.delete(room_id))
      turn.effects.push({ type: 'keep_watch', room_id, isWatched: false })
    return
  }
  const isKnown = state.rooms.has(room_id)
  for (const member of news.members) if (state.people.has(member.user_id)) meet(turn, news, member)
  if (!isKnown && isWatched) {
    // The first news since this instance woke: who of these people is in the room?
    roomOf(state, room_id)
    for (const user_id of state.people.keys()) markStale(turn, room_id, user_id)
  }
  const room = state.rooms.get(room_id)
  if (room) apply(turn, room, news)
}

/** Somebody here came, changed their role, or went (INBOX-1, CONN-8). */
const meet = (turn: InboxTurn, { room_id }: RoomNews, member: MemberNews): void => {
  const { state } = turn
  const { user_id, role, revision } = member
  const part = state.rooms.get(room_id)?.parts.get(user_id)
  if (part && part.revision >= revision) return
  if (state.greeted?.has(user_id)) state.outdated.add(user_id)
  if (role === null) {
    // Whose part this instance has yet to read may well have been told of the room by another.
    const wasThere =
      part !== undefined || !state.rooms.has(room_id) || isStale(turn, room_id, user_id)
    state.rooms.get(room_id)?.joining.delete(user_id)
    markFresh(turn, room_id, user_id)
    dropPart(turn, room_id, user_id)
    if (wasThere) tell(turn, user_id, { type: 'room_removed', room_id })
    return
  }
  if (!part) return joined(turn, room_id, user_id)
  if (part.my_role === role) return
  part.my_role = role
  tell(turn, user_id, { type: 'room_changed', room_id, changes: { my_role: role } })
}

/** One more room for somebody here: it is told once their part is read. */
export const joined = (turn: InboxTurn, room_id: string, user_id: string): void => {
  const { state } = turn
  if (!state.people.has(user_id)) return
  if (state.greeted?.has(user_id)) state.outdated.add(user_id)
  roomOf(state, room_id).joining.add(user_id)
  markStale(turn, room_id, user_id)
}

const apply = (turn: InboxTurn, room: HeardRoom, news: RoomNews): void => {
  const { room_id } = news
  const facts = room.facts
  const isNewer = news.revision >= (facts?.revision ?? 0)
  const isChanged =
    isNewer &&
    facts !== undefined &&
    (facts.title !== news.title || facts.status !== news.status || facts.severity !== news.severity)
  room.heard_revision = Math.max(room.heard_revision, news.revision)
  room.news_revision = Math.max(room.news_revision, news.revision)
  if (facts && isNewer) {
    const { title, status, severity, revision, last_sequence } = news
    room.facts = {
      ...{ room_id, title, status, severity, revision, last_sequence },
      last_activity_at: news.last_activity_at ?? facts.last_activity_at,
      last_message: news.last_message ?? facts.last_message,
    }
  }
  for (const [user_id, part] of room.parts) {
    if (isChanged) part.owesFacts = true
    if (news.after > part.revision || (news.recount && news.revision > part.revision))
      markStale(turn, room_id, user_id)
    if (isStale(turn, room_id, user_id)) continue
    carryForward(part, user_id, news)
    const at = { room_id, user_id, part }
    for (const mentioned of news.mentioned)
      if (mentioned.user_ids.includes(user_id)) tellMention(turn, at, mentioned)
    part.mentioned_revision = Math.max(part.mentioned_revision, news.revision)
    if (news.whole) tellPart(turn, at)
  }
  wait(turn, room, news)
}

/** Mentions of those whose part is read now are told when it is there. */
const wait = ({ state }: InboxTurn, room: HeardRoom, news: RoomNews): void => {
  const stale = state.stale.get(news.room_id)
  if (!stale) return
  for (const mentioned of news.mentioned)
    for (const user_id of mentioned.user_ids) {
      const theirs = room.waiting.get(user_id) ?? []
      const isWaiting = theirs.some(({ revision }) => revision === mentioned.revision)
      const isTold = mentioned.revision <= (room.parts.get(user_id)?.mentioned_revision ?? 0)
      if (!stale.has(user_id) || isWaiting || isTold) continue
      const all = [...theirs, mentioned].slice(-state.settings.waiting_mentions_max_count)
      room.waiting.set(user_id, all)
    }
}

/** Read marks that were moved, here or on another way in (INBOX-2). */
export const marksMoved = (
  turn: InboxTurn,
  { room_id, marks }: Pick<InboxInput & { type: 'marks_moved' }, 'room_id' | 'marks'>,
): void => {
  const { state } = turn
  const room = state.rooms.get(room_id)
  for (const mark of marks) {
    const { user_id, read_sequence, unread_count, mention_count, revision } = mark
    if (!state.people.has(user_id)) continue
    const part = room?.parts.get(user_id)
    if (!part) {
      const counts = { read_sequence, unread_count, mention_count }
      tell(turn, user_id, { type: 'read', room_id, ...counts })
      continue
    }
    if (read_sequence < part.read_sequence) continue
    part.read_sequence = read_sequence
    if (revision < part.revision) {
      // More was heard meanwhile than these counts know of.
      part.owesRead = true
      markStale(turn, room_id, user_id)
      continue
    }
    // These counts know of messages that the room has yet to tell.
    part.isUntold ||= revision > part.revision
    Object.assign(part, { unread_count, mention_count, revision })
    tell(turn, user_id, { type: 'read', ...markOf(room_id, part) })
  }
}
