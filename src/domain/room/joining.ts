/**
 * How a socket enters the room: welcomed, brought up to date, then live; each revision once and
 * in order, whatever is committed meanwhile (CONN-3, CONN-4, CONN-5).
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { encode } from '../../protocol/codec.ts'
import { refusal } from '../../protocol/errors.ts'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import { attach } from './attach.ts'
import { goLive, textsOf } from './changes.ts'
import { greetDegraded } from './degrading.ts'
import { close } from './departure.ts'
import type { Input } from './input.ts'
import { hasJoined, onlineIn } from './presence.ts'
import { encodeChange, messagesRedactedBy, redactedBy } from './redaction.ts'
import { watchExpiry } from './renewal.ts'
import type { KnownRecord, RecentChange, Socket } from './state.ts'
import { send, sendError, wireTime, type Turn } from './turn.ts'
import { catchUp } from './writing.ts'

export const connected = (
  turn: Turn,
  record: KnownRecord,
  input: Input & { type: 'connected' },
): void => {
  const { state, now } = turn
  const { settings } = state
  const socket: Socket = {
    ...input.socket,
    connected_at: now,
    auth_warned: false,
    phase: { kind: 'greeting', until: now + settings.greeting_ms, held: [] },
    state: 'active',
    last_seen_at: now,
    read_bytes: state.broadcast_bytes,
    probe: undefined,
    bad_frames: 0,
  }
  if (state.sockets.size === 0) state.beat.next_at = now + settings.heartbeat_interval_ms
  state.sockets.set(socket.id, socket)
  watchExpiry(state, socket)
  hasJoined(turn, socket)
  attach(turn, socket)
  const position = { last_sequence: record.sequence, last_revision: record.revision }
  send(turn, socket, {
    type: 'welcome',
    protocol_version: PROTOCOL_VERSION,
    connection_id: socket.id,
    room: { ...record.details, ...position },
    role: record.members.get(socket.user_id)?.role ?? null,
    ...position,
    online: onlineIn(state),
    online_count: state.people.size,
    server_time: wireTime(now),
  })
  greetDegraded(turn, socket)
  if (input.since_revision !== undefined) resume(turn, record, socket, input.since_revision)
  else turn.effects.push({ type: 'joined', outcome: 'fresh' })
}

/** A first frame that names a revision. Later the client has heard live changes already. */
export const resumeFrame = (
  turn: Turn,
  record: KnownRecord,
  socket: Socket,
  frame: { since_revision: number; ref?: string | undefined },
): void => {
  const since = frame.since_revision
  if (socket.phase.kind === 'greeting') return resume(turn, record, socket, since)
  if (socket.phase.kind === 'live') return startOver(turn, record, socket, since)
  sendError(turn, socket, refusal('conflict', 'a resume is under way'), frame.ref)
}

const resume = (turn: Turn, record: KnownRecord, socket: Socket, since: number): void => {
  const { state } = turn
  const missed = record.revision - since
  if (missed > state.settings.resume_max_changes) return startOver(turn, record, socket, since)
  if (missed < 0) {
    // Ahead of this record: another writer was faster, or the database was put back.
    startOver(turn, record, socket, since)
    if (state.commit.kind === 'idle') catchUp(turn, record)
    return
  }
  const upto = record.revision
  const recent = recentAfter(record, since)
  if (recent) return finish(turn, socket, { since, upto, texts: textsOf(recent), held: [] })
  socket.phase = { kind: 'joining', since, upto, held: [] }
  attach(turn, socket)
  readForWaiting(turn, record)
}

/** One read at a time serves all who wait (CONN-5): it begins at the oldest of their revisions. */
const readForWaiting = (turn: Turn, record: KnownRecord): void => {
  const { state } = turn
  if (state.replay.kind === 'reading') return
  let after = Infinity
  for (const { phase } of state.sockets.values())
    if (phase.kind === 'joining') after = Math.min(after, phase.since)
  if (after === Infinity) return
  state.replay = { kind: 'reading', after, upto: record.revision }
  turn.effects.push({
    type: 'read_changes',
    purpose: 'replay',
    after,
    upto: record.revision,
    limit: state.settings.resume_max_changes,
  })
}

/** The read for those who wait is back. */
export const replayRead = (
  turn: Turn,
  record: KnownRecord,
  { result }: Input & { type: 'changes_read' },
): void => {
  const { state } = turn
  if (state.replay.kind !== 'reading') return
  const { after, upto } = state.replay
  state.replay = { kind: 'idle' }
  const since = record.recent.filter(({ revision }) => revision > upto)
  const known = result.ok ? [...redactedBy(result.changes.map(encodeChange), since), ...since] : []
  for (const socket of [...state.sockets.values()]) {
    const { phase } = socket
    if (phase.kind !== 'joining') continue
    if (!result.ok) {
      close(turn, socket, closeCodes.restart, 'the record cannot be read now')
      continue
    }
    // It came during the read and needs older changes: the next read.
    if (phase.since < after) continue
    const mine = known.filter(({ revision }) => revision > phase.since && revision <= phase.upto)
    if (mine.length === phase.upto - phase.since)
      finish(turn, socket, { ...phase, texts: textsOf(mine) })
    // Not all of it exists: only a snapshot is the truth. (Or it came during the read: the next.)
    else if (phase.upto <= upto) startOver(turn, record, socket, phase.since)
  }
  readForWaiting(turn, record)
}

/** `recovered:false` and the room as it is (CONN-5). Also for one who asks again too late. */
export const startOver = (turn: Turn, record: KnownRecord, socket: Socket, since: number): void => {
  turn.effects.push({ type: 'joined', outcome: 'snapshot' })
  send(turn, socket, {
    type: 'resumed',
    recovered: false,
    from_revision: since,
    to_revision: record.revision,
  })
  readSnapshot(turn, record, socket)
}

/** As of now; one that was asked for earlier is out of date. */
export const readSnapshot = (turn: Turn, record: KnownRecord, socket: Socket): void => {
  const { revision: upto, sequence: upto_sequence } = record
  socket.phase = { kind: 'starting_over', upto, upto_sequence, held: [] }
  attach(turn, socket)
  turn.effects.push({
    type: 'read_messages',
    socket: socket.id,
    upto,
    limit: turn.state.settings.snapshot_message_count,
  })
}

export const messagesRead = (
  turn: Turn,
  record: KnownRecord,
  { messages, socket: id, upto }: Input & { type: 'messages_read' },
): void => {
  const socket = turn.state.sockets.get(id)
  if (socket?.phase.kind !== 'starting_over' || socket.phase.upto !== upto) return
  if (!messages) return close(turn, socket, closeCodes.restart, 'the record cannot be read now')
  const { upto_sequence, held } = socket.phase
  send(turn, socket, {
    type: 'snapshot',
    revision: upto,
    // Title, status and members may be newer; the changes held back say the same once more.
    room: { ...record.details, last_sequence: upto_sequence, last_revision: upto },
    members: [...record.members.values()],
    messages: [...messagesRedactedBy(messages, held)],
  })
  goLive(turn, socket, held)
}

const finish = (
  turn: Turn,
  socket: Socket,
  replay: { since: number; upto: number; texts: readonly string[]; held: readonly RecentChange[] },
): void => {
  const resumed = encode({
    type: 'resumed',
    recovered: true,
    from_revision: replay.since,
    to_revision: replay.upto,
  })
  turn.effects.push({ type: 'send', socket: socket.id, texts: [...replay.texts, resumed] })
  const outcome = replay.texts.length === 0 ? 'current' : 'replay'
  turn.effects.push({ type: 'joined', outcome })
  // What a replay weighs counts against the socket like a broadcast (CONN-10).
  socket.read_bytes -= replay.texts.reduce((sum, text) => sum + text.length, 0)
  goLive(turn, socket, replay.held)
}

/** Undefined where memory does not reach back so far. */
const recentAfter = (record: KnownRecord, since: number): RecentChange[] | undefined => {
  const first = record.recent[0]?.revision
  if (since === record.revision) return []
  if (first === undefined || since < first - 1) return undefined
  return record.recent.slice(since + 1 - first)
}
