/**
 * What a shard asks of the database: everything of those who connect, parts that do not fit
 * together any more, read marks. One call of each kind at a time; what comes meanwhile goes
 * together in the next.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import { marksMoved } from './hearing.ts'
import type { InboxInput } from './input.ts'
import {
  dropPart,
  inboxRoomOf,
  isStale,
  markFresh,
  markStale,
  putPart,
  roomOf,
  tellMention,
  tellPart,
} from './parts.ts'
import type { InboxFacts, InboxRows, MemberPart } from './rows.ts'
import type { HeardRoom, InboxSocket, Mark } from './state.ts'
import { attach, close, send, sendError, tell, wireTime, type InboxTurn } from './turn.ts'

/** At the end of each turn: asks for what is wanted and not asked for. */
export const ask = (turn: InboxTurn): void => {
  const { state, now, effects } = turn
  const { settings } = state
  if (!state.greeted && state.greeting.size > 0) {
    const user_ids = [...state.greeting].slice(0, settings.greeting_batch_max_count)
    for (const user_id of user_ids) state.greeting.delete(user_id)
    state.greeted = new Set(user_ids)
    effects.push({ type: 'read_inboxes', user_ids })
  }
  if (!state.isRefreshing && state.stale.size > 0 && state.retry_at <= now) {
    state.isRefreshing = true
    const all = [...state.stale].flatMap(([room_id, user_ids]) =>
      [...user_ids].map((user_id) => [room_id, user_id] as const),
    )
    effects.push({ type: 'read_parts', pairs: all.slice(0, settings.refresh_batch_max_count) })
  }
  if (!state.isMarking && state.marks.size > 0 && state.marks_at <= now) {
    state.isMarking = true
    state.marks_at = now + settings.read_pause_ms
    const marks = [...state.marks].slice(0, settings.read_batch_max_count)
    for (const [key] of marks) state.marks.delete(key)
    effects.push({ type: 'write_marks', marks: marks.map(([, mark]) => mark) })
  }
  if (state.retry_at <= now)
    for (const room_id of state.unanswered) {
      state.unanswered.delete(room_id)
      if (state.rooms.has(room_id)) watch(turn, room_id)
    }
}

const watch = ({ state, effects }: InboxTurn, room_id: string): void => {
  if (state.watched.has(room_id) || state.watching.has(room_id)) return
  state.watching.add(room_id)
  effects.push({ type: 'watch', room_id })
}

/** The greeting of those who connected: all their rooms as they are. */
export const inboxesRead = (
  turn: InboxTurn,
  { rows }: InboxInput & { type: 'inboxes_read' },
): void => {
  const { state } = turn
  const { greeted = new Set<string>() } = state
  state.greeted = undefined
  const facts = new Map(rows?.rooms.map((room) => [room.room_id, room]))
  const parts = Map.groupBy(rows?.parts ?? [], ({ user_id }) => user_id)
  for (const user_id of greeted) {
    const sockets = [...(state.people.get(user_id)?.sockets ?? [])]
      .flatMap((id) => state.sockets.get(id) ?? [])
      .filter(({ isGreeted }) => !isGreeted)
    if (!rows) {
      for (const socket of sockets)
        close(turn, socket, closeCodes.restart, 'the inbox cannot be read now')
      continue
    }
    if (state.outdated.delete(user_id)) {
      state.greeting.add(user_id)
      continue
    }
    const theirs = parts.get(user_id) ?? []
    for (const socket of sockets) greet(turn, socket, { rows, theirs })
    state.greeting.delete(user_id)
    if (sockets.length > 0) for (const row of theirs) keep(turn, row, facts.get(row.room_id))
  }
}

const greet = (
  turn: InboxTurn,
  socket: InboxSocket,
  { rows, theirs }: { rows: InboxRows; theirs: readonly MemberPart[] },
): void => {
  const { user_id, display_name } = socket
  const mine = new Map(theirs.map((row) => [row.room_id, row]))
  socket.isGreeted = true
  attach(turn, socket)
  send(turn, socket, {
    type: 'inbox_welcome',
    protocol_version: PROTOCOL_VERSION,
    user: rows.users.find((user) => user.user_id === user_id) ?? {
      ...{ user_id, display_name, is_admin: false },
    },
    rooms: rows.rooms.flatMap((facts) => {
      const row = mine.get(facts.room_id)
      return row ? [inboxRoomOf(facts, row)] : []
    }),
    server_time: wireTime(turn.now),
  })
}

const keep = (turn: InboxTurn, row: MemberPart, facts: InboxFacts | undefined): void => {
  const { state } = turn
  const { room_id, user_id } = row
  // Not heard of since this instance woke: others here may be in it, and the first news reads all.
  if (!facts || (state.watched.has(room_id) && !state.rooms.has(room_id))) return
  const room = roomOf(state, room_id)
  learn(room, facts)
  const { revision } = facts
  putPart(turn, room, row, { revision, mentioned_revision: revision })
  if (facts.revision < room.heard_revision) markStale(turn, room_id, user_id)
  watch(turn, room_id)
}

/** The room's own facts, where they are not older than what is known. */
const learn = (room: HeardRoom, facts: InboxFacts): void => {
  if (facts.revision < (room.facts?.revision ?? 0)) return
  const before = room.facts
  room.facts = facts
  room.heard_revision = Math.max(room.heard_revision, facts.revision)
  if (!before) return
  const isChanged =
    before.title !== facts.title ||
    before.status !== facts.status ||
    before.severity !== facts.severity
  const isUntold = JSON.stringify(before.last_message) !== JSON.stringify(facts.last_message)
  for (const part of room.parts.values()) {
    part.owesFacts ||= isChanged
    part.isUntold ||= isUntold || before.last_sequence !== facts.last_sequence
  }
}

/** Parts that did not fit together, as they are now. */
export const partsRead = (
  turn: InboxTurn,
  { asked, rows }: InboxInput & { type: 'parts_read' },
): void => {
  const { state, now } = turn
  state.isRefreshing = false
  if (!rows) {
    state.retry_at = now + state.settings.retry_ms
    return
  }
  const facts = new Map(rows.rooms.map((room) => [room.room_id, room]))
  const found = new Map(rows.parts.map((row) => [keyOf(row), row]))
  for (const [room_id, user_id] of asked) {
    // Removed meanwhile, or gone.
    if (!isStale(turn, room_id, user_id)) continue
    const room = state.rooms.get(room_id)
    const fact = facts.get(room_id)
    const row = found.get(keyOf({ room_id, user_id }))
    // The database was read before the last that was heard of: once more.
    if (fact && room && fact.revision < room.heard_revision) continue
    markFresh(turn, room_id, user_id)
    if (!state.people.has(user_id)) continue
    if (row && fact) refresh(turn, row, fact)
    else if (dropPart(turn, room_id, user_id))
      tell(turn, user_id, { type: 'room_removed', room_id })
  }
  for (const room_id of new Set(asked.map(([id]) => id))) tidy(turn, room_id)
}

const keyOf = ({ room_id, user_id }: { room_id: string; user_id: string }): string =>
  `${room_id} ${user_id}`

const refresh = (turn: InboxTurn, row: MemberPart, facts: InboxFacts): void => {
  const { state } = turn
  const { room_id, user_id } = row
  const room = roomOf(state, room_id)
  learn(room, facts)
  const before = room.parts.get(user_id)
  const { revision } = facts
  const isJoining = room.joining.delete(user_id)
  // Of what was heard the mentions wait below; of later ones the room has yet to tell.
  const mentioned_revision = isJoining ? revision : 0
  const part = putPart(turn, room, row, { revision, mentioned_revision })
  watch(turn, room_id)
  if (isJoining) return tell(turn, user_id, { type: 'room_added', room: inboxRoomOf(facts, part) })
  // Without a part before: this instance does not know what the person was told last.
  part.owesFacts ||= before?.my_role !== part.my_role
  part.isUntold ||=
    before?.unread_count !== part.unread_count ||
    before.mention_count !== part.mention_count ||
    before.read_sequence !== part.read_sequence
  const at = { room_id, user_id, part }
  for (const mentioned of room.waiting.get(user_id) ?? []) tellMention(turn, at, mentioned)
  room.waiting.delete(user_id)
  part.mentioned_revision = Math.max(part.mentioned_revision, room.news_revision)
  tellPart(turn, at)
}

/** Forgets a room that turned out to have nobody here. */
const tidy = ({ state, effects }: InboxTurn, room_id: string): void => {
  if (state.stale.has(room_id)) return
  const room = state.rooms.get(room_id)
  room?.waiting.clear()
  if (room && room.parts.size > 0) return
  state.rooms.delete(room_id)
  if (state.watched.delete(room_id)) effects.push({ type: 'keep_watch', room_id, isWatched: false })
}

/** The room tells its news from now on; was anything missed before? */
export const watchAnswered = (
  turn: InboxTurn,
  { room_id, answer }: InboxInput & { type: 'watch_answered' },
): void => {
  const { state, now } = turn
  state.watching.delete(room_id)
  if (!answer) {
    state.unanswered.add(room_id)
    state.retry_at = now + state.settings.retry_ms
    return
  }
  state.watched.add(room_id)
  turn.effects.push({ type: 'keep_watch', room_id, isWatched: true })
  for (const [user_id, part] of state.rooms.get(room_id)?.parts ?? [])
    if (answer.revision === null || answer.revision > part.revision)
      markStale(turn, room_id, user_id)
}

/** A `read` frame: the furthest mark of each person and room counts (INBOX-2). */
export const hasRead = ({ state }: InboxTurn, mark: Mark): void => {
  const key = keyOf(mark)
  const before = state.marks.get(key)
  if (!before || before.sequence_number <= mark.sequence_number) state.marks.set(key, mark)
}

export const marksWritten = (
  turn: InboxTurn,
  { results }: InboxInput & { type: 'marks_written' },
): void => {
  const { state } = turn
  state.isMarking = false
  for (const { mark, moved } of results) {
    if ('user_id' in moved) {
      marksMoved(turn, { room_id: mark.room_id, marks: [moved] })
      continue
    }
    const socket = state.sockets.get(mark.socket)
    if (socket) sendError(turn, socket, moved, mark.ref)
  }
}
