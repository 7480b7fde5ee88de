/**
 * The room as a pure actor: one input in, effects out, in the order in which they must happen. No
 * await, no clock, no chance. The state is updated in place and belongs to this function alone.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import {
  activityFrom,
  tellInboxes,
  tickActivity,
  told,
  watched,
  type StoredActivity,
} from './activity.ts'
import { leased } from './budget.ts'
import { noBudgets } from './budget-figures.ts'
import { burstsFrom, burstSubmitted } from './burst.ts'
import { tickGreetings } from './changes.ts'
import { carry } from './attach.ts'
import { socketOf, type Attachment } from './attachment.ts'
import { degradingFrom, hasCaughtUp, hasHeard, tellDegradation } from './degrading.ts'
import { configured } from './configured.ts'
import { close, forget } from './departure.ts'
import type { Effect } from './effect.ts'
import { beatInTime, tickHeartbeat } from './heartbeat.ts'
import type { Input } from './input.ts'
import { connected, messagesRead, replayRead } from './joining.ts'
import { namesRead } from './prepare.ts'
import { tickPresence } from './presence.ts'
import { pushesTold, pushingFrom, pushWanted, tellPushes } from './pushing.ts'
import { marksMoved, readingFrom, writeMarks, type Marks } from './reading.ts'
import { readTellingFrom, tellReading } from './read-telling.ts'
import { received } from './received.ts'
import { loaded, waitForRecord } from './record.ts'
import { authenticated, tickRenewal, watchExpiry } from './renewal.ts'
import type { RoomSettings } from './settings.ts'
import type { Instant, RoomState } from './state.ts'
import { submitted } from './submitted.ts'
import type { Turn } from './turn.ts'
import { tickTyping } from './typing.ts'
import { unreachable } from './unreachable.ts'
import { caughtUp, committed, gathered, tickWriting } from './writing.ts'

export type Transition = { readonly state: RoomState; readonly effects: readonly Effect[] }

export const transition = (state: RoomState, input: Input): Transition => {
  const turn: Turn = { state, now: input.now, effects: [] }
  restart(turn)
  take(turn, input)
  tellDegradation(turn)
  tellInboxes(turn)
  tellPushes(turn)
  writeMarks(turn)
  tellReading(turn)
  carry(turn)
  return { state, effects: turn.effects }
}

const restart = (turn: Turn): void => {
  const { restarting, sockets } = turn.state
  for (const id of restarting.splice(0)) {
    const socket = sockets.get(id)
    if (socket) close(turn, socket, closeCodes.restart, 'the room restarted')
  }
}

const take = (turn: Turn, input: Input): void => {
  const { state } = turn
  const { record } = state
  switch (input.type) {
    case 'connected':
      return record.phase === 'known' ? connected(turn, record, input) : waitForRecord(turn, input)
    case 'submitted':
      return record.phase === 'known' ? submitted(turn, record, input) : waitForRecord(turn, input)
    case 'burst_submitted':
      return record.phase === 'known'
        ? burstSubmitted(turn, record, input)
        : waitForRecord(turn, input)
    case 'received':
      return received(turn, input)
    case 'closed': {
      const socket = state.sockets.get(input.socket)
      if (socket) return forget(turn, socket)
      // Its `connected` may still wait for the record.
      return record.phase === 'loading' ? waitForRecord(turn, input) : undefined
    }
    case 'tick':
      return tick(turn)
    case 'configured':
      return configured(turn, input)
    case 'needed':
      return waitForRecord(turn, input)
    case 'leased':
      return leased(turn, input)
    case 'loaded':
      for (const waiting of loaded(turn, input)) take(turn, { ...waiting, now: input.now })
      return
    case 'committed':
      hasHeard(turn, input)
      return record.phase === 'known' ? committed(turn, record, input) : undefined
    case 'looked':
      state.degrading.isLooking = false
      return
    case 'gathered':
      return record.phase === 'known' ? gathered(turn, record) : undefined
    case 'names_read':
      return record.phase === 'known' ? namesRead(record, input) : undefined
    case 'changes_read':
      if (record.phase !== 'known') return
      hasCaughtUp(turn, input)
      return input.purpose === 'replay'
        ? replayRead(turn, record, input)
        : caughtUp(turn, record, input)
    case 'messages_read':
      return record.phase === 'known' ? messagesRead(turn, record, input) : undefined
    case 'watched':
      return watched(turn, input.shard)
    case 'told':
      return told(turn, input)
    case 'marks_moved':
      return marksMoved(turn, input)
    case 'pushes_told':
      return pushesTold(turn, input)
    case 'push_wanted':
      return pushWanted(turn)
    case 'authenticated':
      return authenticated(turn, input)
    default:
      return unreachable(input)
  }
}

const tick = (turn: Turn): void => {
  const { record } = turn.state
  tickRenewal(turn)
  tickHeartbeat(turn)
  tickGreetings(turn)
  if (record.phase === 'known') tickWriting(turn, record)
  tickActivity(turn)
  tickPresence(turn)
  tickTyping(turn)
}

/**
 * The room as it wakes: what its sockets' attachments say, what it stored of the inbox, nothing else.
 */
export const awake = (options: {
  settings: RoomSettings
  instance: string
  attachments: readonly Attachment[]
  now: Instant
  stored?: StoredActivity
  /** Read marks that storage keeps. */
  kept_marks?: Marks
}): RoomState => {
  const carried = options.attachments
    .flatMap(({ room }) => room ?? [])
    .reduce<Attachment['room']>(
      (one, other) => (one && one.version > other.version ? one : other),
      undefined,
    )
  // What was sent and not answered is lost or not: who comes again sends it again, in order (SEQ-6).
  const isWriting = carried?.writing ?? false
  const state: RoomState = {
    settings: options.settings,
    instance: options.instance,
    record: {
      phase: 'unknown',
      told_revision: carried?.revision,
    },
    restarting: [],
    sockets: new Map(),
    people: new Map(),
    leaving: new Map(carried?.leaving),
    typing: new Map(carried?.typing),
    typing_told_at: 0,
    typing_due_at: undefined,
    pending: [],
    pending_bytes: 0,
    bursts: burstsFrom(),
    commit: { kind: 'idle' },
    previous_count: 0,
    outage: undefined,
    claimed: false,
    replay: { kind: 'idle' },
    beat: {
      next_at: carried?.beat.next_at ?? options.now + options.settings.heartbeat_interval_ms,
      check_at: carried?.beat.check_at,
      awaiting: new Set(carried?.beat.awaiting),
    },
    renewal_at: Infinity,
    greeting_at: undefined,
    presence_digest_at: undefined,
    broadcast_bytes: 0,
    lag_checked_bytes: 0,
    activity: activityFrom(options.stored ?? { watchers: [], owed: undefined }, options.now),
    pushing: pushingFrom(options.now),
    budgets: noBudgets(),
    reading: readingFrom(
      { carried: carried?.marks ?? [], kept: options.kept_marks ?? [] },
      options.now,
    ),
    degrading: degradingFrom(carried?.degraded, options.now),
    read_telling: readTellingFrom(options.now),
    carried: '',
    carried_version: carried?.version ?? 0,
  }
  beatInTime(state, options.now)
  for (const attachment of options.attachments) {
    readmit(state, attachment)
    if (!attachment.joined || isWriting) state.restarting.push(attachment.id)
  }
  return state
}

/** Counts a socket in that outlived the instance which accepted it. */
export const readmit = (state: RoomState, attachment: Attachment): void => {
  const socket = socketOf(attachment)
  state.sockets.set(socket.id, socket)
  const theirs = state.people.get(socket.user_id) ?? new Set()
  state.people.set(socket.user_id, theirs.add(socket.id))
  watchExpiry(state, socket)
}
