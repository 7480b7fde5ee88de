/** Keeps the attachments true, so that the room may sleep or die between any two turns (PRES-4). */
import { attachmentOf, carriedRoomOf } from './attachment.ts'
import type { Socket } from './state.ts'
import type { Turn } from './turn.ts'

export const attach = (turn: Turn, socket: Socket): void => {
  turn.effects.push({ type: 'attach', socket: socket.id, attachment: attachmentOf(socket) })
  // Should this be the carrier, the room's part of its attachment is written again.
  turn.state.carried = ''
}

/** Writes the room's part of one attachment, if it is not what that says already (PRES-4). */
export const carry = (turn: Turn): void => {
  const { state } = turn
  const [carrier] = state.sockets.values()
  if (!carrier) return
  const room = carriedRoomOf(state)
  if (!room) return
  const carried = `${carrier.id}${JSON.stringify(room)}`
  if (carried === state.carried) return
  state.carried = carried
  state.carried_version += 1
  const attachment = attachmentOf(carrier, { ...room, version: state.carried_version })
  turn.effects.push({ type: 'attach', socket: carrier.id, attachment })
}
