/** Who is online: people, not sockets (PRES-1, PRES-2). Nothing of it is stored. */
import type { OnlineUser } from '../../protocol/presence.ts'
import { isPaused } from '../limits/degradation.ts'
import type { RoomSettings } from './settings.ts'
import type { Instant, RoomState, Socket } from './state.ts'
import { attach } from './attach.ts'
import { stopTyping } from './typing.ts'
import { broadcastSoft, wireTime, type Turn } from './turn.ts'

/** A socket was added; tells the others if it is the person's first. */
export const hasJoined = (turn: Turn, socket: Socket): void => {
  const { state } = turn
  const theirs = state.people.get(socket.user_id)
  if (theirs) {
    theirs.add(socket.id)
    return
  }
  state.people.set(socket.user_id, new Set([socket.id]))
  if (state.leaving.delete(socket.user_id)) return
  tell(turn, 'user_joined', socket.user_id, socket.display_name)
}

/** A person's last socket is gone; the others hear of it after the grace. */
export const hasLeft = (turn: Turn, socket: Socket): void => {
  const { state, now } = turn
  stopTyping(turn, socket.user_id)
  state.leaving.set(socket.user_id, {
    display_name: socket.display_name,
    until: now + state.settings.presence_grace_ms,
  })
}

/** Somebody who was removed is gone at once, without grace. */
export const leaveNow = (turn: Turn, user_id: string): void => {
  const leaving = turn.state.leaving.get(user_id)
  if (!leaving) return
  turn.state.leaving.delete(user_id)
  tell(turn, 'user_left', user_id, leaving.display_name)
}

export const setPresence = (turn: Turn, socket: Socket, state: 'active' | 'idle'): void => {
  if (socket.state === state) return
  const before = stateOf(turn.state, socket.user_id)
  socket.state = state
  attach(turn, socket)
  if (stateOf(turn.state, socket.user_id) !== before && hasDetail(turn.state)) oweDigest(turn)
}

/** Nothing is left out any more: the lists heal. */
export const detailIsBack = (turn: Turn): void => oweDigest(turn)

/** Who is leaving is told no later than the grace of now says (OPS-4). */
export const endGraceInTime = ({ leaving, settings }: RoomState, now: Instant): void => {
  const latest = now + settings.presence_grace_ms
  for (const [user_id, { display_name, until }] of leaving)
    if (until > latest) leaving.set(user_id, { display_name, until: latest })
}

/** Another size of crowd is told in detail: all hear how it stands. */
export const crowdChanged = (turn: Turn, before: RoomSettings): void => {
  const { people, settings } = turn.state
  const [one, other] = [before.presence_detail_max_count, settings.presence_detail_max_count]
  if (one !== other && people.size > Math.min(one, other)) oweDigest(turn)
}

export const tickPresence = (turn: Turn): void => {
  const { state, now } = turn
  for (const [user_id, { until }] of state.leaving) if (until <= now) leaveNow(turn, user_id)
  if (state.presence_digest_at === undefined || state.presence_digest_at > now) return
  state.presence_digest_at = undefined
  broadcastSoft(turn, {
    type: 'presence',
    online: hasDetail(state) ? onlineIn(state) : [],
    online_count: state.people.size,
  })
}

/** Under pressure only the count is told (LIM-2). */
const hasDetail = ({ degrading }: RoomState): boolean => !isPaused(degrading.told.level, 'presence')

/** The list for `welcome` and `presence`; bounded, the count is always whole. */
export const onlineIn = (state: RoomState): OnlineUser[] => {
  const online: OnlineUser[] = []
  for (const [user_id, ids] of state.people) {
    if (online.length === state.settings.presence_detail_max_count) break
    const theirs = [...ids].flatMap((id) => state.sockets.get(id) ?? [])
    const [first] = theirs
    if (!first) continue
    online.push({
      user_id,
      display_name: first.display_name,
      state: stateOf(state, user_id),
      last_seen_at: wireTime(Math.max(...theirs.map((socket) => socket.last_seen_at))),
    })
  }
  return online
}

const stateOf = (state: RoomState, user_id: string): 'active' | 'idle' => {
  for (const id of state.people.get(user_id) ?? [])
    if (state.sockets.get(id)?.state === 'active') return 'active'
  return 'idle'
}

const tell = (
  turn: Turn,
  event: 'user_joined' | 'user_left',
  user_id: string,
  display_name: string,
): void => {
  const { people, sockets, settings } = turn.state
  if (people.size > settings.presence_detail_max_count || !hasDetail(turn.state))
    return oweDigest(turn)
  const timestamp = wireTime(turn.now)
  const others = [...sockets.values()].filter((socket) => socket.user_id !== user_id)
  broadcastSoft(turn, { type: 'system', event, user_id, display_name, timestamp }, others)
}

const oweDigest = ({ state, now }: Turn): void => {
  state.presence_digest_at ??= now + state.settings.presence_digest_ms
}
