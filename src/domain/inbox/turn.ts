/** One turn of an inbox shard: the state it works on and the effects it asks for, in order. */
import { closeCodes, type CloseCode } from '../../protocol/close-codes.ts'
import { encode } from '../../protocol/codec.ts'
import type { Refusal } from '../../protocol/errors.ts'
import type { InboxDownFrame } from '../../protocol/inbox.ts'
import type { InboxEffect } from './effect.ts'
import type { InboxAttachment, InboxSocket, InboxState, Instant } from './state.ts'

export type InboxTurn = {
  readonly state: InboxState
  readonly now: Instant
  readonly effects: InboxEffect[]
}

/** To one socket, greeted or not. */
export const send = (turn: InboxTurn, socket: InboxSocket, frame: InboxDownFrame): void => {
  sendText(turn, [socket], encode(frame))
}

/** To all of a person's sockets that have had their greeting. */
export const tell = (turn: InboxTurn, user_id: string, frame: InboxDownFrame): void => {
  const { state } = turn
  const sockets = [...(state.people.get(user_id)?.sockets ?? [])]
    .flatMap((id) => state.sockets.get(id) ?? [])
    .filter(({ isGreeted }) => isGreeted)
  if (sockets.length > 0) sendText(turn, sockets, encode(frame))
}

const sendText = (turn: InboxTurn, sockets: readonly InboxSocket[], text: string): void => {
  turn.effects.push({ type: 'send', sockets: sockets.map(({ id }) => id), texts: [text] })
  for (const socket of sockets) {
    socket.unanswered_bytes += text.length
    if (socket.unanswered_bytes > turn.state.settings.unanswered_max_bytes)
      close(turn, socket, closeCodes.unresponsive, 'slow')
  }
}

export const sendError = (
  turn: InboxTurn,
  socket: InboxSocket,
  refusal: Refusal,
  ref?: string,
): void => {
  const frame = { type: 'error', ...refusal } as const
  turn.effects.push({ type: 'refused', code: refusal.code })
  send(turn, socket, ref === undefined ? frame : { ...frame, ref })
}

/** Asks the shell to close the socket and forgets it at once. */
export const close = (
  turn: InboxTurn,
  socket: InboxSocket,
  code: CloseCode,
  reason: string,
): void => {
  turn.effects.push({ type: 'close', socket: socket.id, code, reason })
  forget(turn, socket)
}

/** Takes the socket, and with its last one the person, out of everything (CONN-9). */
export const forget = ({ state }: InboxTurn, { id, user_id }: InboxSocket): void => {
  if (!state.sockets.delete(id)) return
  state.beat.awaiting.delete(id)
  const person = state.people.get(user_id)
  person?.sockets.delete(id)
  if (!person || person.sockets.size > 0) return
  for (const room_id of person.rooms) {
    const room = state.rooms.get(room_id)
    if (room?.parts.delete(user_id)) state.part_count -= 1
    // It stays watched: who reloads a page is back at once, and the next news finds out.
    if (room?.parts.size === 0) state.rooms.delete(room_id)
  }
  state.people.delete(user_id)
  state.greeting.delete(user_id)
  state.outdated.delete(user_id)
}

export const attachmentOf = (socket: InboxSocket): InboxAttachment => ({
  id: socket.id,
  user_id: socket.user_id,
  display_name: socket.display_name,
  token_expires_at: socket.token_expires_at,
  isGreeted: socket.isGreeted,
})

export const attach = (turn: InboxTurn, socket: InboxSocket): void => {
  turn.effects.push({ type: 'attach', socket: socket.id, attachment: attachmentOf(socket) })
  // Should this be the carrier, the shard's part of its attachment is written again.
  turn.state.carried = ''
}

/** Milliseconds since the epoch in the form of the wire. */
export const wireTime = (at: Instant): string => new Date(at).toISOString()
