/**
 * The room's record in memory: unknown after each wake, loaded at the first input that needs it,
 * once however many ask. The heartbeat of a sleeping room never asks.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { decodeUp, referenceOf } from '../../protocol/codec.ts'
import { refusal, type Refusal } from '../../protocol/errors.ts'
import { announcePosition, forgetActivity } from './activity.ts'
import { refuseBurst } from './burst.ts'
import { tell } from './changes.ts'
import { close } from './departure.ts'
import type { Input } from './input.ts'
import { encodeChange } from './redaction.ts'
import type { Instant, KnownRecord, RoomSnapshot } from './state.ts'
import { sendError, type Turn } from './turn.ts'
import { catchUp, handOver, roomIsGone, sizeOf } from './writing.ts'

/** Keeps the input until the record is there, and asks for it. */
export const waitForRecord = (turn: Turn, input: Input): void => {
  const { state } = turn
  if (state.record.phase === 'known') return
  if (state.record.phase === 'unknown') {
    state.record = { ...state.record, phase: 'loading', waiting: [], waiting_bytes: 0 }
    turn.effects.push({ type: 'load' })
  }
  const { record } = state
  if (record.phase !== 'loading') return
  const bytes = weightOf(input)
  if (record.waiting_bytes + bytes > state.settings.pending_max_bytes)
    return refuseInput(turn, input, refusal('unavailable', 'too much waits for the room', 1_000))
  record.waiting_bytes += bytes
  record.waiting.push(input)
}

/** The same as in the queue of writes; the end of a socket costs nothing and is never refused. */
const weightOf = (input: Input): number => {
  switch (input.type) {
    case 'received':
      return weightOfFrame(input.data)
    case 'submitted':
      return sizeOf(input.item)
    case 'burst_submitted':
      return input.items.reduce((sum, item) => sum + sizeOf(item), 0)
    case 'closed':
      return 0
    default:
      return 400
  }
}

const weightOfFrame = (data: string | ArrayBuffer): number =>
  400 + (typeof data === 'string' ? data.length : data.byteLength)

/** @returns the inputs that waited, to be taken now, in order. */
export const loaded = (turn: Turn, { result }: Input & { type: 'loaded' }): readonly Input[] => {
  const { state } = turn
  if (state.record.phase !== 'loading') return []
  const { waiting, told_revision } = state.record
  if (result.kind === 'loaded') {
    const record = knownFrom(result.snapshot, turn.now)
    // The database was put back to an earlier time while the room slept: what its sockets were told
    // is no longer true, and only a snapshot is.
    if (told_revision !== undefined && told_revision > record.revision) {
      handOver(turn)
      return waiting
    }
    state.record = record
    if (told_revision !== undefined && told_revision !== record.revision)
      tellMissed(turn, record, told_revision, result.snapshot)
    announcePosition(turn, record)
    return waiting
  }
  state.record = { phase: 'unknown', told_revision }
  const why = result.kind === 'not_found' ? refusal('not_found', 'no such room') : result.refusal
  for (const input of waiting) refuseInput(turn, input, why)
  if (result.kind === 'not_found') {
    forgetActivity(turn)
    roomIsGone(turn)
  }
  return []
}

const knownFrom = ({ details, members, recent }: RoomSnapshot, now: Instant): KnownRecord => {
  const encoded = recent.map(encodeChange)
  return {
    phase: 'known',
    details: { ...details },
    members: new Map(members.map((member) => [member.user_id, member])),
    sequence: details.last_sequence,
    revision: details.last_revision,
    recent: encoded,
    recent_bytes: encoded.reduce((sum, { text }) => sum + text.length, 0),
    names: undefined,
    names_read_at: now,
  }
}

/** While the room slept another writer changed it: its sockets hear of that first (SEQ-3). */
const tellMissed = (
  turn: Turn,
  record: KnownRecord,
  told_revision: number,
  { recent }: RoomSnapshot,
): void => {
  record.revision = told_revision
  const first = recent[0]?.revision ?? Infinity
  record.recent = []
  record.recent_bytes = 0
  const reached = first <= told_revision + 1 && tell(turn, record, recent)
  if (!reached) catchUp(turn, record)
}

const refuseInput = (turn: Turn, input: Input, why: Refusal): void => {
  switch (input.type) {
    case 'submitted':
      turn.effects.push({
        type: 'reply',
        request: input.request,
        reply: { ok: false, refusal: why },
      })
      return
    case 'burst_submitted':
      return refuseBurst(turn, input.request, why)
    case 'received': {
      const socket = turn.state.sockets.get(input.socket)
      const decoded = decodeUp(input.data)
      if (!socket || !decoded.ok) return
      // Who asks for what it missed cannot go on without it.
      if (decoded.frame.type === 'resume') close(turn, socket, closeCodes.restart, why.message)
      else sendError(turn, socket, why, referenceOf(decoded.frame))
      return
    }
    case 'connected':
      turn.effects.push({
        type: 'close',
        socket: input.socket.id,
        code: closeCodes.restart,
        reason: why.message,
      })
      return
    default:
  }
}
