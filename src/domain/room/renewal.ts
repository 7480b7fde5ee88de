/** Tokens that run out on an open socket (CONN-8). */
import { closeCodes } from '../../protocol/close-codes.ts'
import { refusal } from '../../protocol/errors.ts'
import { attach } from './attach.ts'
import { close } from './departure.ts'
import type { Input } from './input.ts'
import type { RoomState, Socket } from './state.ts'
import { send, sendError, wireTime, type Turn } from './turn.ts'

/** Call for each new expiry, so that the next look is not too late. */
export const watchExpiry = (state: RoomState, socket: Socket): void => {
  const { auth_warning_ms } = state.settings
  const at = socket.auth_warned
    ? socket.token_expires_at
    : socket.token_expires_at - auth_warning_ms
  state.renewal_at = Math.min(state.renewal_at, at)
}

export const tickRenewal = (turn: Turn): void => {
  const { state, now } = turn
  if (state.renewal_at > now) return
  state.renewal_at = Infinity
  for (const socket of [...state.sockets.values()]) {
    if (socket.token_expires_at <= now) {
      close(turn, socket, closeCodes.token_expired, 'token expired')
      continue
    }
    if (!socket.auth_warned && socket.token_expires_at - state.settings.auth_warning_ms <= now) {
      socket.auth_warned = true
      send(turn, socket, { type: 'auth_required', expires_at: wireTime(socket.token_expires_at) })
    }
    watchExpiry(state, socket)
  }
}

export const authenticated = (turn: Turn, input: Input & { type: 'authenticated' }): void => {
  const socket = turn.state.sockets.get(input.socket)
  if (!socket) return
  const { result, ref } = input
  if (!result || result.expires_at <= turn.now)
    return sendError(turn, socket, refusal('unauthenticated', 'the token is not valid'), ref)
  if (result.user_id !== socket.user_id)
    return sendError(turn, socket, refusal('forbidden', 'the token is of somebody else'), ref)
  socket.token_expires_at = result.expires_at
  socket.auth_warned = false
  watchExpiry(turn.state, socket)
  attach(turn, socket)
  send(turn, socket, { type: 'authenticated', expires_at: wireTime(socket.token_expires_at) })
}
