/** One turn of the room: the state it works on and the effects it asks for, in order. */
import { encode } from '../../protocol/codec.ts'
import type { DownFrame } from '../../protocol/down.ts'
import type { Refusal } from '../../protocol/errors.ts'
import type { Effect } from './effect.ts'
import type { Instant, RoomState, Socket, SocketId } from './state.ts'

export type Turn = {
  readonly state: RoomState
  readonly now: Instant
  readonly effects: Effect[]
}

export const send = (turn: Turn, socket: Socket, ...frames: DownFrame[]): void => {
  if (frames.length > 0)
    turn.effects.push({ type: 'send', socket: socket.id, texts: frames.map(encode) })
}

export const sendError = (turn: Turn, socket: Socket, refusal: Refusal, ref?: string): void => {
  const frame = { type: 'error', ...refusal } as const
  turn.effects.push({ type: 'refused', code: refusal.code })
  send(turn, socket, ref === undefined ? frame : { ...frame, ref })
}

/** Also to those who still wait for what they missed: it is no change of the room. */
export const broadcastToAll = ({ state, effects }: Turn, frame: DownFrame): void => {
  if (state.sockets.size === 0) return
  effects.push({ type: 'broadcast', sockets: [...state.sockets.keys()], texts: [encode(frame)] })
}

/** Sends what may be lost (typing, presence) to those of `to` who keep up (CONN-10). */
export const broadcastSoft = (
  { state, effects }: Turn,
  frame: DownFrame,
  to: Iterable<Socket> = state.sockets.values(),
): void => {
  const sockets: SocketId[] = []
  for (const socket of to) {
    const isBehind = state.broadcast_bytes - socket.read_bytes > state.settings.lag_shed_bytes
    if (isUpToDate(socket) && !isBehind) sockets.push(socket.id)
  }
  if (sockets.length > 0) effects.push({ type: 'broadcast', sockets, texts: [encode(frame)] })
}

/** One who still waits for what it missed hears of presence and typing later. */
const isUpToDate = ({ phase }: Socket): boolean =>
  phase.kind === 'live' || phase.kind === 'greeting'

/** Milliseconds since the epoch in the form of the wire. */
export const wireTime = (at: Instant): string => new Date(at).toISOString()
