/**
 * Changes that the database has committed, on their way to everybody: applied to the record,
 * encoded once, broadcast in order, each exactly once (MSG-2, SEQ-3, LIM-4).
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import type { Change } from '../../protocol/change.ts'
import { note } from './activity.ts'
import { attach } from './attach.ts'
import { close } from './departure.ts'
import { readSnapshot, startOver } from './joining.ts'
import { hasBroadcast } from './lag.ts'
import { leaveNow } from './presence.ts'
import { notePush } from './pushing.ts'
import { encodeChange, forgetWords } from './redaction.ts'
import type { RoomSettings } from './settings.ts'
import type { KnownRecord, RecentChange, Socket, SocketId } from './state.ts'
import { unreachable } from './unreachable.ts'
import type { Turn } from './turn.ts'

/**
 * Tells changes to every live socket. What was told before is passed over.
 * @param changes oldest first
 * @returns false where a revision is missing between two of them; nothing after it was told.
 */
export const tell = (turn: Turn, record: KnownRecord, changes: readonly Change[]): boolean => {
  let told: RecentChange[] = []
  const flush = () => {
    broadcast(turn, record, told)
    told = []
  }
  let whole = true
  for (const change of changes) {
    if (change.revision <= record.revision) continue
    if (change.revision !== record.revision + 1) {
      whole = false
      break
    }
    if (change.type === 'system' && change.event === 'member_removed') {
      flush()
      remove(turn, change.user_id)
    }
    // From what is about to go out as well: it may have been said and deleted in one call.
    if (change.type === 'message_deleted') forgetWords(turn.state, record, told, change.message_id)
    apply(record, change)
    note(turn, change)
    notePush(turn, change)
    const encoded = encodeChange(change)
    remember(turn, record, encoded)
    told.push(encoded)
  }
  flush()
  return whole
}

/** Keeps the last changes for those who come back (CONN-5). */
const remember = (turn: Turn, record: KnownRecord, change: RecentChange): void => {
  const { settings } = turn.state
  const { recent_max_bytes, recent_max_count } = settings
  record.recent.push(change)
  record.recent_bytes += change.text.length
  // In halves, so that dropping the oldest is not paid with each message.
  if (record.recent.length > recent_max_count * 2 || record.recent_bytes > recent_max_bytes * 2)
    trimRecent(record, settings)
}

export const trimRecent = (
  record: KnownRecord,
  { recent_max_bytes, recent_max_count }: RoomSettings,
): void => {
  let bytes = 0
  let from = record.recent.length
  while (from > 0 && record.recent.length - from < recent_max_count) {
    bytes += record.recent[from - 1]?.text.length ?? 0
    if (bytes > recent_max_bytes) break
    from -= 1
  }
  record.recent = record.recent.slice(from)
  record.recent_bytes = record.recent.reduce((sum, recent) => sum + recent.text.length, 0)
}

const broadcast = (turn: Turn, record: KnownRecord, changes: readonly RecentChange[]): void => {
  if (changes.length === 0) return
  const texts = textsOf(changes)
  const { state } = turn
  const sockets: SocketId[] = []
  for (const socket of [...state.sockets.values()]) {
    endGreeting(turn, socket, changes.length)
    if (socket.phase.kind === 'live') sockets.push(socket.id)
    else hold(turn, record, socket, changes)
    if (socket.phase.kind === 'greeting')
      state.greeting_at = Math.min(state.greeting_at ?? Infinity, socket.phase.until)
  }
  if (sockets.length > 0) turn.effects.push({ type: 'broadcast', sockets, texts })
  hasBroadcast(
    turn,
    texts.reduce((sum, text) => sum + text.length, 0),
  )
}

/** Its moment is over, or more happens in it than is held: a burst. Then the rest is heard live. */
const endGreeting = (turn: Turn, socket: Socket, more_count: number): void => {
  const { phase } = socket
  if (phase.kind !== 'greeting') return
  const isFull = phase.held.length + more_count > turn.state.settings.held_max_count
  if (isFull || phase.until <= turn.now) goLive(turn, socket, phase.held)
}

/** More than is held was missed meanwhile: a snapshot as of now is cheaper for all. */
const hold = (
  turn: Turn,
  record: KnownRecord,
  socket: Socket,
  changes: readonly RecentChange[],
): void => {
  const { phase } = socket
  if (phase.kind === 'live') return
  const { held } = phase
  if (held.length + changes.length > turn.state.settings.held_max_count) {
    if (phase.kind === 'joining') startOver(turn, record, socket, phase.since)
    else readSnapshot(turn, record, socket)
    return
  }
  const isFirst = held.length === 0
  held.push(...changes)
  // An eviction would lose what is held: the attachment says so, and the socket starts again.
  if (isFirst) attach(turn, socket)
}

/** From now on the socket hears changes as they come; first what was held back for it. */
export const goLive = (turn: Turn, socket: Socket, held: readonly RecentChange[]): void => {
  const wasWhole = socket.phase.kind === 'greeting' && socket.phase.held.length === 0
  socket.phase = { kind: 'live' }
  if (held.length > 0) turn.effects.push({ type: 'send', socket: socket.id, texts: textsOf(held) })
  if (!wasWhole) attach(turn, socket)
}

export const textsOf = (changes: readonly RecentChange[]): string[] =>
  changes.map(({ text }) => text)

/** Sockets that said nothing in their first moment want no replay: what was held goes out. */
export const tickGreetings = (turn: Turn): void => {
  const { state, now } = turn
  if (state.greeting_at === undefined || state.greeting_at > now) return
  state.greeting_at = undefined
  for (const socket of state.sockets.values()) {
    const { phase } = socket
    if (phase.kind !== 'greeting' || phase.held.length === 0) continue
    if (phase.until <= now) goLive(turn, socket, phase.held)
    else state.greeting_at = Math.min(state.greeting_at ?? Infinity, phase.until)
  }
}

/** A person removed sees nothing more, from this revision on (CONN-8, SEC-2). */
const remove = (turn: Turn, user_id: string): void => {
  const { state } = turn
  for (const id of [...(state.people.get(user_id) ?? [])]) {
    const socket = state.sockets.get(id)
    if (socket && !socket.is_admin) close(turn, socket, closeCodes.removed, 'removed from the room')
  }
  if (!state.people.has(user_id)) leaveNow(turn, user_id)
}

const apply = (record: KnownRecord, change: Change): void => {
  record.revision = change.revision
  if (change.type === 'message') {
    record.sequence = change.message.sequence_number
    return
  }
  // Of what became of a message the room itself remembers nothing.
  if (change.type !== 'system') return
  switch (change.event) {
    case 'room_created':
      return
    case 'room_updated':
      Object.assign(record.details, change.changes, { updated_at: change.timestamp })
      return
    case 'member_added':
      record.members.set(change.member.user_id, change.member)
      record.names = undefined
      return
    case 'member_role_changed': {
      const member = record.members.get(change.user_id)
      if (member) record.members.set(change.user_id, { ...member, role: change.role })
      return
    }
    case 'member_removed':
      record.members.delete(change.user_id)
      record.names = undefined
      return
    default:
      return unreachable(change)
  }
}
