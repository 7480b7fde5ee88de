/** A frame from a socket: read, judged, handed to its family (CONN-11). */
import { closeCodes } from '../../protocol/close-codes.ts'
import { decodeUp } from '../../protocol/codec.ts'
import type { Refusal } from '../../protocol/errors.ts'
import type { SendMessage } from '../../protocol/message.ts'
import { deny } from '../access.ts'
import { expectWriting, pay } from './budget.ts'
import { goLive } from './changes.ts'
import { close } from './departure.ts'
import { hasPonged, isAlive } from './heartbeat.ts'
import type { Input } from './input.ts'
import { resumeFrame } from './joining.ts'
import { setPresence } from './presence.ts'
import { hasRead } from './reading.ts'
import { waitForRecord } from './record.ts'
import type { KnownRecord, Socket } from './state.ts'
import { send, sendError, type Turn } from './turn.ts'
import { setTyping, stopTyping } from './typing.ts'
import { unreachable } from './unreachable.ts'
import { messageChangeItem, messageItem, type ChangeFrame } from './wanted.ts'

type Received = Input & { type: 'received' }

export const received = (turn: Turn, input: Received): void => {
  const { state } = turn
  const socket = state.sockets.get(input.socket)
  // Closed by the room, or its `connected` still waits for the record behind which this waits too.
  if (!socket) return state.record.phase === 'loading' ? waitForRecord(turn, input) : undefined
  if (socket.token_expires_at <= turn.now)
    return close(turn, socket, closeCodes.token_expired, 'token expired')
  isAlive(turn, socket)
  const decoded = decodeUp(input.data)
  if (!decoded.ok) {
    socket.bad_frames += decoded.refusal.code === 'too_large' ? 5 : 1
    sendError(turn, socket, decoded.refusal, decoded.ref)
    if (socket.bad_frames >= state.settings.bad_frames_max_count)
      close(turn, socket, closeCodes.abuse, 'too many bad frames')
    return
  }
  socket.bad_frames = 0
  const { frame } = decoded
  if (frame.type !== 'resume' && socket.phase.kind === 'greeting')
    goLive(turn, socket, socket.phase.held)

  switch (frame.type) {
    case 'message':
      if (state.record.phase !== 'known') return waitForRecord(turn, input)
      return say(turn, state.record, socket, frame, input)
    case 'edit_message':
    case 'delete_message':
    case 'add_reaction':
    case 'remove_reaction':
    case 'pin_message':
    case 'unpin_message':
      if (state.record.phase !== 'known') return waitForRecord(turn, input)
      return change(turn, state.record, socket, frame, input)
    case 'resume':
      if (state.record.phase !== 'known') return waitForRecord(turn, input)
      return resumeFrame(turn, state.record, socket, frame)
    case 'typing':
      if (frame.is_typing) expectWriting(turn, socket.user_id)
      return setTyping(turn, socket, frame.is_typing)
    case 'presence':
      return setPresence(turn, socket, frame.state)
    case 'read':
      return hasRead(turn, socket, frame)
    case 'auth':
      turn.effects.push({
        type: 'authenticate',
        socket: socket.id,
        token: frame.token,
        ref: frame.ref,
      })
      return
    case 'ping':
      return send(turn, socket, { type: 'pong' })
    case 'pong':
      return hasPonged(socket)
    default:
      return unreachable(frame)
  }
}

/** A new message takes its place in the FIFO (MSG-1). */
const say = (
  turn: Turn,
  record: KnownRecord,
  socket: Socket,
  frame: SendMessage,
  { id }: Received,
): void => {
  const item = messageItem({ change_id: id, actor_id: socket.user_id }, frame)
  const denied = denyWriting(record, socket)
  if (denied) return sendError(turn, socket, denied, frame.ref ?? frame.client_message_id)
  stopTyping(turn, socket.user_id)
  pay(turn, record, item, { kind: 'socket', socket: socket.id, ref: frame.ref })
}

/** A change of a message takes its place in the same FIFO (MSG-7, 8, 9, 11). */
const change = (
  turn: Turn,
  record: KnownRecord,
  socket: Socket,
  frame: ChangeFrame,
  { id }: Received,
): void => {
  const by = { change_id: id, actor_id: socket.user_id }
  const item = messageChangeItem(by, frame, turn.state.settings)
  const denied = denyWriting(record, socket)
  if (denied) return sendError(turn, socket, denied, frame.ref)
  pay(turn, record, item, { kind: 'socket', socket: socket.id, ref: frame.ref })
}

const denyWriting = (record: KnownRecord, { user_id, is_admin }: Socket): Refusal | undefined => {
  const role = record.members.get(user_id)?.role ?? null
  return deny({ role, is_admin }, 'write', record.details.status)
}
