/** Who types (PRES-3). The whole list goes to the others, so that a lost frame heals. */
import { isPaused } from '../limits/degradation.ts'
import type { Socket } from './state.ts'
import { broadcastSoft, type Turn } from './turn.ts'

export const setTyping = (turn: Turn, socket: Socket, isTyping: boolean): void => {
  if (!isTyping) return stopTyping(turn, socket.user_id)
  const { state, now } = turn
  if (isPaused(state.degrading.told.level, 'typing')) return
  const isNew = !state.typing.has(socket.user_id)
  state.typing.set(socket.user_id, now + state.settings.typing_ttl_ms)
  // Receivers forget a typist by themselves, so the list is told again while keys are pressed.
  if (isNew || now - state.typing_told_at >= state.settings.typing_ttl_ms / 3) oweList(turn)
}

/** On send, on disconnect, and when the keys rest. */
export const stopTyping = (turn: Turn, user_id: string): void => {
  if (turn.state.typing.delete(user_id)) oweList(turn)
}

/** Under pressure (LIM-2). Whoever shows typists forgets them by themselves. */
export const typingIsPaused = ({ state }: Turn): void => {
  state.typing.clear()
  state.typing_due_at = undefined
}

export const tickTyping = (turn: Turn): void => {
  const { state, now } = turn
  for (const [user_id, expires_at] of state.typing) if (expires_at <= now) stopTyping(turn, user_id)
  if (state.typing_due_at === undefined || state.typing_due_at > now) return
  state.typing_due_at = undefined
  state.typing_told_at = now
  tellList(turn)
}

const oweList = ({ state, now }: Turn): void => {
  state.typing_due_at ??= Math.max(now, state.typing_told_at + state.settings.typing_pause_ms)
}

/** Everybody's list leaves out the receiver. Most people do not type: one list serves them all. */
const tellList = (turn: Turn): void => {
  const { typing, sockets, people } = turn.state
  const user_ids = [...typing.keys()]
  const readers = [...sockets.values()].filter((socket) => !typing.has(socket.user_id))
  broadcastSoft(turn, { type: 'typing', user_ids }, readers)
  for (const typist of user_ids) {
    const theirs = [...(people.get(typist) ?? [])].flatMap((id) => sockets.get(id) ?? [])
    const others = user_ids.filter((user_id) => user_id !== typist)
    broadcastSoft(turn, { type: 'typing', user_ids: others }, theirs)
  }
}
