/**
 * What the room leaves out for a while so that messages go on, and whether the database is away
 * (LIM-2, LIM-3). The level is the worse of what its gateway says and what its own queue says. Every
 * socket is told when it changes. A room that nobody writes to knows nothing and asks nothing.
 */
import type { Degraded } from '../../protocol/degradation.ts'
import {
  degradationDue,
  degrade,
  isPaused,
  pausedAt,
  undegraded,
  type Degradation,
  type Signals,
} from '../limits/degradation.ts'
import { faded, measured, nothingMeasured, type FadingMean } from '../limits/fading-mean.ts'
import { measuredHalfLifeMs, measuredShare } from '../limits/pressure-settings.ts'
import type { Input } from './input.ts'
import { detailIsBack } from './presence.ts'
import type { CommitPhase, Instant, RoomState, Socket } from './state.ts'
import { broadcastToAll, send, type Turn } from './turn.ts'
import { typingIsPaused } from './typing.ts'

export type Degrading = {
  now: Degradation
  looked_at: Instant
  /** What the gateway said last, and when. */
  gateway: { readonly level: number; readonly at: Instant }
  /** How long commits take, from the call to its answer. */
  commits: FadingMean
  /** Since when the database owes an answer; undefined: it owes none. */
  unanswered_since: Instant | undefined
  /** The gateway said that it cannot reach it; until it answers. */
  isCut: boolean
  /** Whether a `look_again` is on its way. */
  isLooking: boolean
  /** What all sockets were told last. */
  told: Condition
}

export type Condition = Pick<Degraded, 'level' | 'database'>

const well: Condition = { level: 0, database: 'reachable' }

/** After an eviction nothing is known; what sockets were told last is. */
export const degradingFrom = (told: Condition | undefined, now: Instant): Degrading => ({
  now: undegraded,
  looked_at: now,
  gateway: { level: 0, at: now },
  commits: nothingMeasured,
  unanswered_since: undefined,
  isCut: false,
  isLooking: false,
  told: told ?? well,
})

/** The answer to a commit, or that there was none. */
export const hasHeard = (
  { state: { commit, degrading }, now }: Turn,
  { outcome }: Input & { type: 'committed' },
): void => {
  if (outcome.kind !== 'answered') {
    degrading.isCut ||= outcome.kind === 'not_sent' && outcome.circuit === 'open'
    return
  }
  const elapsed_ms = now - (degrading.unanswered_since ?? now)
  // A burst's call takes long because it carries much.
  if (!isBurst(commit))
    degrading.commits = measured(degrading.commits, elapsed_ms, { ...mean, now })
  degrading.gateway = { level: outcome.level ?? 0, at: now }
  isReached(degrading)
}

/** A read found the database where it should be. */
export const hasCaughtUp = (
  { state: { degrading } }: Turn,
  { result }: Input & { type: 'changes_read' },
): void => {
  if (result.ok) isReached(degrading)
}

/** At the end of each turn, before what it pauses: takes the new level, and tells of a change. */
export const tellDegradation = (turn: Turn): void => {
  const { state, now } = turn
  const { degrading } = state
  const before = degrading.told
  if (state.commit.kind === 'idle' || state.commit.kind === 'gathering') isReached(degrading)
  else degrading.unanswered_since ??= now
  const { pressure } = state.settings
  degrading.now = degrade(degrading.now, signalsIn(turn), { now, settings: pressure })
  degrading.looked_at = now
  lookAgain(turn)
  const { level } = degrading.now
  const database = isAway(turn) ? 'away' : 'reachable'
  if (level === before.level && database === before.database) return
  degrading.told = { level, database }
  if (isPaused(level, 'typing') && !isPaused(before.level, 'typing')) typingIsPaused(turn)
  if (isPaused(before.level, 'presence') && !isPaused(level, 'presence')) detailIsBack(turn)
  broadcastToAll(turn, frameOf(degrading.told))
}

/** After `welcome`. */
export const greetDegraded = (turn: Turn, socket: Socket): void => {
  const { told } = turn.state.degrading
  if (told.level > 0 || told.database === 'away') send(turn, socket, frameOf(told))
}

/** For the attachment: undefined where all is well. */
export const conditionOf = ({ degrading: { told } }: RoomState): Condition | undefined =>
  told.level > 0 || told.database === 'away' ? told : undefined

/** Something is left out: when to look whether it may come back. */
export const degradingDue = ({ degrading, settings }: RoomState): Instant | undefined =>
  degradationDue(degrading.now, { now: degrading.looked_at, settings: settings.pressure })

const mean = { share: measuredShare, half_life_ms: measuredHalfLifeMs } as const

const signalsIn = ({ state, now }: Turn): Signals => {
  const { degrading, pending, pending_bytes, settings } = state
  const { gateway, commits } = degrading
  const [oldest] = pending
  return {
    commit_ms: faded(commits, { ...mean, now }),
    queue_age_ms: oldest ? now - oldest.queued_at : 0,
    queue_share: Math.max(
      pending.length / settings.pending_max_count,
      pending_bytes / settings.pending_max_bytes,
    ),
    gateway_level: now - gateway.at < settings.gateway_level_ttl_ms ? gateway.level : 0,
  }
}

const isReached = (degrading: Degrading): void => {
  degrading.unanswered_since = undefined
  degrading.isCut = false
}

const isAway = ({ state: { commit, degrading, settings }, now }: Turn): boolean => {
  const { isCut, unanswered_since } = degrading
  const { away_after_ms, burst_away_after_ms } = settings
  return (
    isCut ||
    now - (unanswered_since ?? now) >= (isBurst(commit) ? burst_away_after_ms : away_after_ms)
  )
}

const isBurst = (commit: CommitPhase): boolean =>
  commit.kind === 'in_flight' && commit.lane === 'burst'

/** A call is under way, so the room is awake; should no answer come, it wants to know that. */
const lookAgain = ({ state, effects }: Turn): void => {
  const { commit, degrading, settings } = state
  if (degrading.isLooking || (commit.kind !== 'in_flight' && commit.kind !== 'catching_up')) return
  degrading.isLooking = true
  effects.push({ type: 'look_again', ms: settings.look_again_ms })
}

const frameOf = ({ level, database }: Condition): Degraded => ({
  type: 'degraded',
  level,
  paused: pausedAt(level),
  database,
})
