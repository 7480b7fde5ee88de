/**
 * A shard of the inbox as a pure actor, like the room: one input in, effects out, in order. No
 * await, no clock, no chance. The state is updated in place and belongs to this function alone.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { decodeInboxUp } from '../../protocol/codec.ts'
import { refusal, type Refusal } from '../../protocol/errors.ts'
import { unreachable } from '../room/unreachable.ts'
import type { InboxEffect } from './effect.ts'
import { heard, joined, marksMoved } from './hearing.ts'
import type { InboxInput } from './input.ts'
import {
  authenticated,
  beatInTime,
  carry,
  isAlive,
  tickHeartbeat,
  tickRenewal,
  watchExpiry,
} from './liveness.ts'
import { ask, hasRead, inboxesRead, marksWritten, partsRead, watchAnswered } from './reading.ts'
import type { InboxSettings } from './settings.ts'
import type { InboxAttachment, InboxSocket, InboxState, Instant } from './state.ts'
import { attach, close, forget, send, sendError, tell, type InboxTurn } from './turn.ts'

/** @returns the effects, to be run in order */
export const transition = (state: InboxState, input: InboxInput): readonly InboxEffect[] => {
  const turn: InboxTurn = { state, now: input.now, effects: [] }
  take(turn, input)
  ask(turn)
  owe(turn)
  carry(turn)
  return turn.effects
}

const take = (turn: InboxTurn, input: InboxInput): void => {
  const { state } = turn
  switch (input.type) {
    case 'connected':
      return connected(turn, input)
    case 'received':
      return received(turn, input)
    case 'closed': {
      const socket = state.sockets.get(input.socket)
      return socket && forget(turn, socket)
    }
    case 'tick':
      tickRenewal(turn)
      return tickHeartbeat(turn)
    case 'configured':
      state.settings = input.settings
      return beatInTime(state, turn.now)
    case 'heard':
      return heard(turn, input)
    case 'joined':
      return joined(turn, input.room_id, input.user_id)
    case 'marks_moved':
      return marksMoved(turn, input)
    // Both are news to who listens now; who does not finds them in lists.
    case 'one_way_told':
      return tell(turn, input.user_id, { type: 'one_way', ...input.told })
    case 'noticed':
      return tell(turn, input.user_id, { type: 'notice', notice: input.notice })
    case 'inboxes_read':
      return inboxesRead(turn, input)
    case 'parts_read':
      return partsRead(turn, input)
    case 'watch_answered':
      return watchAnswered(turn, input)
    case 'marks_written':
      return marksWritten(turn, input)
    case 'authenticated':
      return authenticated(turn, input)
    default:
      return unreachable(input)
  }
}

/** Undefined where one more socket of this person fits in. */
export const refuseSocket = (state: InboxState, user_id: string): Refusal | undefined => {
  const { sockets_max_count, sockets_per_person_max_count, parts_max_count } = state.settings
  if (state.sockets.size >= sockets_max_count || state.part_count >= parts_max_count)
    return refusal('unavailable', 'too many people are connected here', 5_000)
  if ((state.people.get(user_id)?.sockets.size ?? 0) >= sockets_per_person_max_count)
    return refusal('rate_limited', 'too many sockets of one person', 5_000)
  return undefined
}

const connected = (turn: InboxTurn, input: InboxInput & { type: 'connected' }): void => {
  const { state, now } = turn
  if (state.sockets.size === 0) state.beat.next_at = now + state.settings.heartbeat_interval_ms
  attach(turn, admit(state, { ...input.socket, isGreeted: false }))
  state.greeting.add(input.socket.user_id)
}

const received = (turn: InboxTurn, input: InboxInput & { type: 'received' }): void => {
  const { state } = turn
  const socket = state.sockets.get(input.socket)
  if (!socket) return
  if (socket.token_expires_at <= turn.now)
    return close(turn, socket, closeCodes.token_expired, 'token expired')
  isAlive(turn, socket)
  const decoded = decodeInboxUp(input.data)
  if (!decoded.ok) {
    socket.bad_frames += decoded.refusal.code === 'too_large' ? 5 : 1
    sendError(turn, socket, decoded.refusal, decoded.ref)
    if (socket.bad_frames >= state.settings.bad_frames_max_count)
      close(turn, socket, closeCodes.abuse, 'too many bad frames')
    return
  }
  socket.bad_frames = 0
  const { frame } = decoded
  switch (frame.type) {
    case 'read': {
      const { room_id, sequence_number, ref } = frame
      const { user_id, id } = socket
      return hasRead(turn, { room_id, user_id, sequence_number, socket: id, ref })
    }
    case 'auth': {
      const { token, ref } = frame
      turn.effects.push({ type: 'authenticate', socket: socket.id, token, ref })
      return
    }
    case 'ping':
      return send(turn, socket, { type: 'pong' })
    case 'pong':
      return
    default:
      return unreachable(frame)
  }
}

/** Keeps in storage whether somebody waits for something that only this memory knows of. */
const owe = ({ state, effects, now }: InboxTurn): void => {
  const owed =
    state.sockets.size > 0 &&
    (state.greeting.size > 0 ||
      state.greeted !== undefined ||
      state.stale.size > 0 ||
      state.watching.size > 0 ||
      state.unanswered.size > 0)
  if (owed && state.owed_wake_at <= now) state.owed_wake_at = now + state.settings.owed_wake_ms
  if (owed === state.owed) return
  state.owed = owed
  effects.push({ type: 'owe', owed })
}

/** When the shard has something to do by itself; derived, so that no timer can be forgotten. */
export const nextWake = (state: InboxState): Instant | undefined => {
  let at = Infinity
  const consider = (candidate: Instant | undefined) => {
    if (candidate !== undefined && candidate < at) at = candidate
  }
  if (state.sockets.size > 0) {
    consider(state.beat.next_at)
    consider(state.beat.check_at)
    consider(state.renewal_at)
    if (state.owed) consider(state.owed_wake_at)
  }
  if (state.stale.size > 0 && !state.isRefreshing) consider(state.retry_at)
  if (state.unanswered.size > 0) consider(state.retry_at)
  if (state.marks.size > 0 && !state.isMarking) consider(state.marks_at)
  // People who wait for their greeting since before this instance woke.
  if (state.greeting.size > 0 && state.greeted === undefined) consider(state.retry_at)
  return at === Infinity ? undefined : at
}

/** The shard as it wakes: what attachments and storage say. The rest is read when it is needed. */
export const awake = (options: {
  settings: InboxSettings
  attachments: readonly InboxAttachment[]
  watched: Iterable<string>
  owed: boolean
  now: Instant
}): InboxState => {
  const beat = options.attachments
    .flatMap((attachment) => attachment.beat ?? [])
    .reduce<InboxAttachment['beat']>(
      (one, other) => (one && one.version > other.version ? one : other),
      undefined,
    )
  const state: InboxState = {
    settings: options.settings,
    sockets: new Map(),
    people: new Map(),
    rooms: new Map(),
    part_count: 0,
    watched: new Set(options.watched),
    watching: new Set(),
    unanswered: new Set(),
    greeting: new Set(),
    greeted: undefined,
    outdated: new Set(),
    stale: new Map(),
    isRefreshing: false,
    marks: new Map(),
    isMarking: false,
    marks_at: options.now,
    retry_at: options.now,
    beat: {
      next_at: beat?.next_at ?? options.now + options.settings.heartbeat_interval_ms,
      check_at: beat?.check_at,
      awaiting: new Set(beat?.awaiting),
    },
    renewal_at: Infinity,
    owed: options.owed,
    owed_wake_at: options.now,
    carried: '',
    carried_version: beat?.version ?? 0,
  }
  beatInTime(state, options.now)
  for (const attachment of options.attachments) {
    // Something owed was lost: everybody is told how things stand once more.
    const isGreeted = attachment.isGreeted && !options.owed
    admit(state, { ...attachment, isGreeted })
    if (!isGreeted) state.greeting.add(attachment.user_id)
  }
  return state
}

/** Counts a socket in: a new one, or one that outlived the instance which accepted it. */
const admit = (
  state: InboxState,
  { id, user_id, display_name, token_expires_at, isGreeted }: Omit<InboxAttachment, 'beat'>,
): InboxSocket => {
  const socket: InboxSocket = {
    ...{ id, user_id, display_name, token_expires_at, isGreeted },
    auth_warned: false,
    bad_frames: 0,
    unanswered_bytes: 0,
  }
  state.sockets.set(id, socket)
  const person = state.people.get(user_id) ?? { sockets: new Set(), rooms: new Set() }
  person.sockets.add(id)
  state.people.set(user_id, person)
  watchExpiry(state, socket)
  return socket
}
