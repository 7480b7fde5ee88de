/**
 * The FIFO of a room's writes (SEQ-2, SEQ-6): one commit call at a time, many items in it, and
 * nothing is heard that is not committed (MSG-2). What the database answers comes back here, also
 * to what came in bursts (`burst.ts`), with which the FIFO takes turns.
 */
import { closeCodes } from '../../protocol/close-codes.ts'
import { refusal, type Refusal } from '../../protocol/errors.ts'
import type { Change } from '../../protocol/change.ts'
import { answer, messageOf, refuse } from './answers.ts'
import { takeAllWaiting } from './budget-figures.ts'
import { answerBurst, isBurstNext, refuseBursts, sendBurst, settleBurst } from './burst.ts'
import { tell } from './changes.ts'
import type { CommitItem, ItemResult } from './commit.ts'
import { closeAll } from './departure.ts'
import type { Input } from './input.ts'
import { prepare } from './prepare.ts'
import type { CommitPhase, Instant, KnownRecord, Outage, Pending } from './state.ts'
import type { Turn } from './turn.ts'

/** The item takes its place in the FIFO, once its mentions are known; or its sender is told why not. */
export const enqueue = (
  turn: Turn,
  record: KnownRecord,
  { item: asked, origin, received_at }: Pick<Pending, 'item' | 'origin' | 'received_at'>,
): void => {
  const { state, now } = turn
  const { settings, outage } = state
  const { item, unknown_mentions } = prepare(turn, record, asked)
  const bytes = sizeOf(item)
  const pending: Pending = { item, unknown_mentions, origin, bytes, received_at, queued_at: now }
  if (outage && now - outage.since >= settings.commit_wait_max_ms)
    return refuse(turn, pending, databaseAway(turn, outage))
  if (
    state.pending.length >= settings.pending_max_count ||
    state.pending_bytes + pending.bytes > settings.pending_max_bytes
  )
    return refuse(turn, pending, refusal('unavailable', 'too much waits to be written', 1_000))
  state.pending.push(pending)
  state.pending_bytes += pending.bytes
  startCommit(turn, record)
}

/** What an item weighs in the queue: its text, roughly, and a constant for the rest. */
export const sizeOf = (item: CommitItem): number => {
  switch (item.kind) {
    case 'message':
      return item.content.length + sizeOfData(item.data) + item.mentions.length * 40 + 400
    case 'message_edited':
      return item.content.length + item.mentions.length * 40 + 400
    default:
      return 1_000
  }
}

const sizeOfData = (data: Record<string, unknown> | null): number =>
  data === null ? 0 : JSON.stringify(data).length

/**
 * Starts the next call, unless one is under way or there is nothing to write. Where the call before
 * carried many, most of its senders are about to speak again: a moment's patience lets them travel
 * together, instead of one alone and the others behind it.
 */
export const startCommit = (turn: Turn, record: KnownRecord): void => {
  const { state } = turn
  const { bursts, commit, pending, previous_count, settings } = state
  if (commit.kind !== 'idle' && commit.kind !== 'gathering') return
  if (isBurstNext(state)) return sendBurst(turn, record)
  if (pending.length === 0) return
  // Behind a burst all had the time to speak.
  const areAll = bursts.gave_way || pending.length >= previous_count * settings.gather_share
  if (areAll) return sendCommit(turn, record)
  if (commit.kind === 'gathering') return
  state.commit = { kind: 'gathering' }
  turn.effects.push({ type: 'gather', ms: settings.gather_ms })
}

/** The moment is over: what has come by now travels. */
export const gathered = (turn: Turn, record: KnownRecord): void => {
  if (turn.state.commit.kind === 'gathering') sendCommit(turn, record)
}

const sendCommit = (turn: Turn, record: KnownRecord): void => {
  const { state, now } = turn
  const { settings } = state
  let bytes = 0
  let count = 0
  for (const pending of state.pending) {
    bytes += pending.bytes
    if (count > 0 && bytes > settings.commit_batch_max_bytes) break
    count += 1
    if (count === settings.commit_batch_max_count) break
  }
  state.commit = { kind: 'in_flight', lane: 'said', count, sent_at: now }
  state.bursts.gave_way = false
  state.previous_count = count
  turn.effects.push({
    type: 'commit',
    request: {
      owner: state.instance,
      claim: !state.claimed,
      expected_revision: record.revision,
      items: state.pending.slice(0, count).map(({ item }) => item),
      in_group: settings.commit_in_group,
    },
  })
}

export const committed = (
  turn: Turn,
  record: KnownRecord,
  { outcome, chance }: Input & { type: 'committed' },
): void => {
  const { state } = turn
  const { commit } = state
  if (commit.kind !== 'in_flight') return
  if (outcome.kind !== 'answered') {
    return waitForDatabase(turn, chance, outcome.kind === 'not_sent' ? outcome.code : 'unavailable')
  }
  const { results, changes } = outcome
  const stop = results.find(isStop)
  const settled = results.slice(0, stop && results.indexOf(stop))
  if (settled.length > 0) state.claimed = true
  state.outage = undefined
  const isBurst = commit.lane === 'burst'
  const received = receivedOf(turn, commit, settled)
  const said = isBurst ? settleBurst(turn, record, settled) : settle(turn, record, settled)
  const told = [...changes, ...said].toSorted((one, other) => one.revision - other.revision)
  const whole = tell(turn, record, told)
  turn.effects.push({ type: 'settled', lane: commit.lane, sent_at: commit.sent_at, received })
  if (isBurst) answerBurst(turn, settled.length === commit.count)

  if (stop?.status === 'superseded') return handOver(turn)
  if (stop?.status === 'room_gone') return roomIsGone(turn)
  state.commit = { kind: 'idle' }
  if (stop || !whole) return catchUp(turn, record)
  startCommit(turn, record)
}

/** @returns the messages that came of it; their senders have been answered. */
const settle = (turn: Turn, record: KnownRecord, results: readonly ItemResult[]): Change[] => {
  const { state } = turn
  return state.pending.splice(0, results.length).flatMap((pending, index): Change[] => {
    state.pending_bytes -= pending.bytes
    const result = results[index]
    if (!result) return []
    const message = messageOf(record.details.room_id, pending.item, result)
    answer(turn, pending, result, message)
    return message ? [{ type: 'message', revision: message.revision, message }] : []
  })
}

/** When each message came that the call wrote. */
const receivedOf = (
  { state: { bursts, pending } }: Turn,
  { lane }: CommitPhase & { kind: 'in_flight' },
  results: readonly ItemResult[],
): Instant[] =>
  results.flatMap((result, index) => {
    if (result.status !== 'committed') return []
    if (lane === 'burst') return bursts.waiting[0]?.received_at ?? []
    const { item, received_at } = pending[index] ?? {}
    return item?.kind === 'message' && received_at !== undefined ? received_at : []
  })

type Stop = ItemResult & { status: 'conflict' | 'superseded' | 'room_gone' }

const isStop = (result: ItemResult): result is Stop =>
  result.status === 'conflict' || result.status === 'superseded' || result.status === 'room_gone'

/** Reads what other writers did, tells it, and goes on (SEQ-3). */
export const catchUp = (turn: Turn, record: KnownRecord): void => {
  turn.state.commit = { kind: 'catching_up' }
  turn.effects.push({
    type: 'read_changes',
    purpose: 'catch_up',
    after: record.revision,
    upto: undefined,
    limit: turn.state.settings.resume_max_changes,
  })
}

export const caughtUp = (
  turn: Turn,
  record: KnownRecord,
  { result, chance }: Input & { type: 'changes_read' },
): void => {
  const { state } = turn
  if (state.commit.kind !== 'catching_up') return
  if (!result.ok) return waitForDatabase(turn, chance, 'unavailable')
  const before = record.revision
  const { last_revision } = result
  // The database was put back to an earlier time, or has a hole: what was told is no longer true.
  if (last_revision < before || !tell(turn, record, result.changes)) return handOver(turn)
  if (record.revision < last_revision)
    return record.revision > before ? catchUp(turn, record) : handOver(turn)
  state.outage = undefined
  state.commit = { kind: 'idle' }
  startCommit(turn, record)
}

/** The database is away: ask again later; who has waited too long is told (DB-4, LIM-3). */
const waitForDatabase = (
  turn: Turn,
  chance: number,
  code: 'database_busy' | 'unavailable',
): void => {
  const { state, now } = turn
  const { commit_retry_min_ms, commit_retry_max_ms } = state.settings
  const { attempts, since } = state.outage ?? { attempts: 0, since: now }
  state.outage = { attempts: attempts + 1, since, code }
  const longest_ms = Math.min(commit_retry_max_ms, commit_retry_min_ms * 2 ** attempts)
  state.commit = { kind: 'waiting', at: now + longest_ms * (0.5 + chance / 2) }
  refuseBursts(turn, databaseAway(turn, state.outage))
  refuseExpired(turn, state.outage)
}

export const tickWriting = (turn: Turn, record: KnownRecord): void => {
  const { state, now } = turn
  if (state.commit.kind !== 'waiting') return
  if (state.outage) refuseExpired(turn, state.outage)
  if (state.commit.at > now) return
  state.commit = { kind: 'idle' }
  // With nothing left to write a read finds out whether the database is back, and what an
  // unknown outcome came to (SEQ-4).
  if (state.pending.length === 0) catchUp(turn, record)
  else startCommit(turn, record)
}

/** All of them once the oldest has waited too long: what is sent again keeps its order (SEQ-6). */
const refuseExpired = (turn: Turn, outage: Outage): void => {
  const { state, now } = turn
  const [oldest] = state.pending
  if (!oldest || now - oldest.queued_at < state.settings.commit_wait_max_ms) return
  const why = databaseAway(turn, outage)
  for (const pending of state.pending.splice(0)) refuse(turn, pending, why)
  state.pending_bytes = 0
}

export const databaseAway = ({ state, now }: Turn, { code }: Outage): Refusal => {
  const reason = code === 'database_busy' ? 'the database is busy' : 'the database does not answer'
  const again_at = state.commit.kind === 'waiting' ? state.commit.at : now
  const retry_after_ms = Math.max(1_000, Math.ceil(again_at - now))
  return refusal(code, `${reason}; send it again with the same id`, retry_after_ms)
}

/** Another instance owns the room now, or its record is not what it was: everybody comes again. */
export const handOver = (turn: Turn): void => {
  closeAll(turn, closeCodes.restart, 'the room moved')
  forgetRecord(turn, refusal('unavailable', 'the room moved; send it again with the same id', 0))
}

export const roomIsGone = (turn: Turn): void => {
  closeAll(turn, closeCodes.room_gone, 'the room does not exist')
  forgetRecord(turn, refusal('not_found', 'no such room'))
}

const forgetRecord = (turn: Turn, why: Refusal): void => {
  const { state } = turn
  for (const pending of [...state.pending.splice(0), ...takeAllWaiting(state)])
    refuse(turn, pending, why)
  state.pending_bytes = 0
  refuseBursts(turn, why)
  state.commit = { kind: 'idle' }
  state.outage = undefined
  state.claimed = false
  state.replay = { kind: 'idle' }
  state.leaving.clear()
  state.record = { phase: 'unknown', told_revision: undefined }
}
