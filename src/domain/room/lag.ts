/**
 * Sockets that do not keep up (CONN-10). The platform does not tell what is queued, so the room
 * counts what it broadcast and what the client has answered for. One counter per broadcast; the
 * sockets are looked at only once per so many bytes.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { close } from './departure.ts'
import { probe } from './heartbeat.ts'
import type { Turn } from './turn.ts'

export const hasBroadcast = (turn: Turn, bytes: number): void => {
  const { state } = turn
  state.broadcast_bytes += bytes
  if (state.broadcast_bytes - state.lag_checked_bytes < state.settings.lag_probe_bytes / 4) return
  state.lag_checked_bytes = state.broadcast_bytes
  checkLag(turn)
}

const checkLag = (turn: Turn): void => {
  const { state, now } = turn
  const { lag_probe_bytes, lag_max_bytes, lag_probe_grace_ms } = state.settings
  for (const socket of [...state.sockets.values()]) {
    const behind = state.broadcast_bytes - socket.read_bytes
    if (behind <= lag_probe_bytes) continue
    if (!socket.probe) probe(turn, socket)
    else if (
      behind > lag_max_bytes * 4 ||
      (behind > lag_max_bytes && now - socket.probe.at > lag_probe_grace_ms)
    )
      close(turn, socket, closeCodes.unresponsive, 'slow')
  }
}
