/** Is anybody there (CONN-6), and may they still be (CONN-8)? As in a room, and without the database. */
import { closeCodes } from '../../protocol/close-codes.ts'
import { refusal } from '../../protocol/errors.ts'
import type { InboxInput } from './input.ts'
import type { InboxSocket, InboxState, Instant } from './state.ts'
import { attach, attachmentOf, close, send, sendError, wireTime, type InboxTurn } from './turn.ts'

export const tickHeartbeat = (turn: InboxTurn): void => {
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
  for (const socket of [...state.sockets.values()]) {
    beat.awaiting.add(socket.id)
    send(turn, socket, { type: 'ping' })
  }
}

/** The interval may be shorter than when the next beat was planned: also in a sleep (OPS-4). */
export const beatInTime = ({ beat, settings }: InboxState, now: Instant): void => {
  beat.next_at = Math.min(beat.next_at, now + settings.heartbeat_interval_ms)
}

/** Any frame shows that somebody is there. */
export const isAlive = ({ state: { beat } }: InboxTurn, socket: InboxSocket): void => {
  socket.unanswered_bytes = 0
  if (beat.awaiting.delete(socket.id) && beat.awaiting.size === 0) beat.check_at = undefined
}

/** Call for each new expiry, so that the next look is not too late. */
export const watchExpiry = (state: InboxState, socket: InboxSocket): void => {
  const early_ms = socket.auth_warned ? 0 : state.settings.auth_warning_ms
  state.renewal_at = Math.min(state.renewal_at, socket.token_expires_at - early_ms)
}

export const tickRenewal = (turn: InboxTurn): void => {
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

export const authenticated = (
  turn: InboxTurn,
  { socket: id, result, ref }: InboxInput & { type: 'authenticated' },
): void => {
  const socket = turn.state.sockets.get(id)
  if (!socket) return
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

/** While more have yet to answer than this, their answers keep the shard awake. */
const carriedNamesMax = 64

/** Writes the heartbeat into one attachment, if it is not what that says already. */
export const carry = (turn: InboxTurn): void => {
  const { state } = turn
  const [carrier] = state.sockets.values()
  if (!carrier) return
  const { next_at, check_at, awaiting } = state.beat
  const names = awaiting.size > carriedNamesMax ? [] : [...awaiting]
  const beat = { next_at, check_at, awaiting: names }
  const carried = `${carrier.id}${JSON.stringify(beat)}`
  if (carried === state.carried) return
  state.carried = carried
  state.carried_version += 1
  const attachment = { ...attachmentOf(carrier), beat: { ...beat, version: state.carried_version } }
  turn.effects.push({ type: 'attach', socket: carrier.id, attachment })
}
