/**
 * Is anybody there (CONN-6)? One beat for the whole room: it wakes, asks all, waits for the
 * answers and may sleep again until the next. The beat needs no database.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { encode } from '../../protocol/codec.ts'
import { close } from './departure.ts'
import type { Instant, RoomState, Socket } from './state.ts'
import type { Turn } from './turn.ts'

const ping = encode({ type: 'ping' })

export const tickHeartbeat = (turn: Turn): void => {
  const { state, now } = turn
  const { beat, settings } = state
  if (beat.check_at !== undefined && beat.check_at <= now) {
    beat.check_at = undefined
    for (const id of [...beat.awaiting]) {
      const socket = state.sockets.get(id)
      if (socket) close(turn, socket, closeCodes.unresponsive, 'no pong')
    }
    beat.awaiting.clear()
  }
  if (state.sockets.size === 0 || beat.next_at > now) return
  beat.next_at = now + settings.heartbeat_interval_ms
  beat.check_at = now + settings.heartbeat_timeout_ms
  for (const socket of state.sockets.values()) {
    beat.awaiting.add(socket.id)
    socket.probe ??= { at: now, broadcast_bytes: state.broadcast_bytes }
  }
  turn.effects.push({ type: 'broadcast', sockets: [...state.sockets.keys()], texts: [ping] })
}

/** The interval may be shorter than when the next beat was planned: also in a sleep (OPS-4). */
export const beatInTime = ({ beat, settings }: RoomState, now: Instant): void => {
  beat.next_at = Math.min(beat.next_at, now + settings.heartbeat_interval_ms)
}

/** Any frame shows that somebody is there; a pong also tells how far it has read (CONN-10). */
export const isAlive = (turn: Turn, socket: Socket): void => {
  const { beat } = turn.state
  socket.last_seen_at = turn.now
  if (beat.awaiting.delete(socket.id) && beat.awaiting.size === 0) beat.check_at = undefined
}

export const hasPonged = (socket: Socket): void => {
  if (!socket.probe) return
  socket.read_bytes = Math.max(socket.read_bytes, socket.probe.broadcast_bytes)
  socket.probe = undefined
}

/** Asks one socket, between beats, whether it keeps up. */
export const probe = (turn: Turn, socket: Socket): void => {
  socket.probe = { at: turn.now, broadcast_bytes: turn.state.broadcast_bytes }
  turn.effects.push({ type: 'send', socket: socket.id, texts: [ping] })
}
