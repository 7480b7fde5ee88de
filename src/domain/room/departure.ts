/** How a socket ends, whoever ended it. A later close of the same socket finds nothing (CONN-9). */
import type { CloseCode } from '../../protocol/close-codes.ts'
import { hasLeft } from './presence.ts'
import type { Socket } from './state.ts'
import type { Turn } from './turn.ts'

/** Asks the shell to close the socket and forgets it at once. */
export const close = (turn: Turn, socket: Socket, code: CloseCode, reason: string): void => {
  turn.effects.push({ type: 'close', socket: socket.id, code, reason })
  forget(turn, socket)
}

export const closeAll = (turn: Turn, code: CloseCode, reason: string): void => {
  for (const socket of [...turn.state.sockets.values()]) close(turn, socket, code, reason)
}

/** Takes the socket out of everything that counts sockets. */
export const forget = (turn: Turn, socket: Socket): void => {
  const { state } = turn
  if (!state.sockets.delete(socket.id)) return
  state.beat.awaiting.delete(socket.id)
  const theirs = state.people.get(socket.user_id)
  theirs?.delete(socket.id)
  if (theirs?.size === 0) {
    state.people.delete(socket.user_id)
    hasLeft(turn, socket)
  }
}
