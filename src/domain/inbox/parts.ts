/**
 * People's parts in rooms: put into memory, carried forward by what rooms tell, read again where
 * that does not fit together, and told to their people.
 */
import type { InboxRoom } from '../../protocol/inbox.ts'
import { UNREAD_MAX_COUNT } from '../../protocol/limits.ts'
import type { Mentioned, RoomNews } from './news.ts'
import type { InboxFacts, MemberPart } from './rows.ts'
import type { HeardRoom, InboxState, Part } from './state.ts'
import { tell, type InboxTurn } from './turn.ts'

export const roomOf = (state: InboxState, room_id: string): HeardRoom => {
  const known = state.rooms.get(room_id)
  if (known) return known
  const room: HeardRoom = {
    facts: undefined,
    heard_revision: 0,
    news_revision: 0,
    parts: new Map(),
    joining: new Set(),
    waiting: new Map(),
  }
  state.rooms.set(room_id, room)
  return room
}

/**
 * Puts what was read into memory. What memory knows of later stays.
 * @param of up to which revision it counts, and up to which the person knows of mentions
 */
export const putPart = (
  { state }: InboxTurn,
  room: HeardRoom,
  row: MemberPart,
  { revision, mentioned_revision }: Pick<Part, 'revision' | 'mentioned_revision'>,
): Part => {
  const before = room.parts.get(row.user_id)
  if (!before) {
    state.part_count += 1
    state.people.get(row.user_id)?.rooms.add(row.room_id)
  }
  if (before && before.revision > revision) return before
  const { my_role, unread_count, mention_count } = row
  const part: Part = {
    ...{ my_role, unread_count, mention_count, revision },
    read_sequence: Math.max(row.read_sequence, before?.read_sequence ?? 0),
    mentioned_revision: before?.mentioned_revision ?? mentioned_revision,
    // The person's other sockets know only what was told before.
    isUntold: before !== undefined && (before.isUntold || before.revision < revision),
    owesFacts: before?.owesFacts ?? false,
    owesRead: before?.owesRead ?? false,
  }
  room.parts.set(row.user_id, part)
  return part
}

export const dropPart = ({ state }: InboxTurn, room_id: string, user_id: string): boolean => {
  const room = state.rooms.get(room_id)
  const isGone = room?.parts.delete(user_id) ?? false
  if (isGone) state.part_count -= 1
  state.people.get(user_id)?.rooms.delete(room_id)
  if (room?.parts.size === 0 && !state.stale.has(room_id)) state.rooms.delete(room_id)
  return isGone
}

/** Read this again before anything of it is told. */
export const markStale = ({ state }: InboxTurn, room_id: string, user_id: string): void => {
  const theirs = state.stale.get(room_id) ?? new Set()
  state.stale.set(room_id, theirs.add(user_id))
}

export const markFresh = ({ state }: InboxTurn, room_id: string, user_id: string): void => {
  const theirs = state.stale.get(room_id)
  theirs?.delete(user_id)
  if (theirs?.size === 0) state.stale.delete(room_id)
}

export const isStale = ({ state }: InboxTurn, room_id: string, user_id: string): boolean =>
  state.stale.get(room_id)?.has(user_id) ?? false

/** Carries one person's counts forward; the news must continue where the part stands. */
export const carryForward = (part: Part, user_id: string, news: RoomNews): void => {
  const counts = (said: { readonly revision: number; sequence_number: number }): boolean =>
    said.revision > part.revision &&
    said.sequence_number > part.read_sequence &&
    said.sequence_number <= part.read_sequence + UNREAD_MAX_COUNT
  for (const said of news.said) {
    if (said.revision <= part.revision) continue
    part.isUntold = true
    if (said.sender_id !== user_id && !said.is_notice && counts(said)) part.unread_count += 1
  }
  for (const said of news.mentioned)
    if (said.user_ids.includes(user_id) && counts(said)) part.mention_count += 1
  part.revision = Math.max(part.revision, news.revision)
}

/** What has changed untold, where it is certain. */
export const tellPart = (
  turn: InboxTurn,
  { room_id, user_id, part }: { room_id: string; user_id: string; part: Part },
): void => {
  const facts = turn.state.rooms.get(room_id)?.facts
  if (!facts) return
  if (part.owesFacts) {
    const { title, status, severity } = facts
    const changes = { title, status, severity, my_role: part.my_role }
    tell(turn, user_id, { type: 'room_changed', room_id, changes })
  }
  if (part.owesRead) tell(turn, user_id, { type: 'read', ...markOf(room_id, part) })
  if (part.isUntold) {
    const { last_sequence, last_activity_at, last_message } = facts
    const rest = { last_sequence, last_activity_at, last_message }
    tell(turn, user_id, { type: 'activity', ...markOf(room_id, part), ...rest })
  }
  part.owesFacts = false
  part.owesRead = false
  part.isUntold = false
}

/** At once and once (INBOX-1); `part` must count it already. */
export const tellMention = (
  turn: InboxTurn,
  { room_id, user_id, part }: { room_id: string; user_id: string; part: Part },
  mentioned: Mentioned,
): void => {
  if (mentioned.revision <= part.mentioned_revision) return
  if (mentioned.sequence_number <= part.read_sequence) return
  const { message_id, sequence_number, sender_id, sender_display_name, preview } = mentioned
  tell(turn, user_id, {
    type: 'mention',
    ...markOf(room_id, part),
    ...{ message_id, sequence_number, sender_id, sender_display_name, preview },
  })
}

export const markOf = (
  room_id: string,
  { read_sequence, unread_count, mention_count }: Part | MemberPart,
) => ({ room_id, read_sequence, unread_count, mention_count })

/** A room in the form of the wire. */
export const inboxRoomOf = (facts: InboxFacts, part: Part | MemberPart): InboxRoom => {
  const { room_id, title, status, severity, last_sequence, last_activity_at, last_message } = facts
  return {
    ...{ title, status, severity, last_sequence, last_activity_at, last_message },
    ...markOf(room_id, part),
    my_role: part.my_role,
  }
}
