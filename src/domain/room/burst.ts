/**
 * The burst lane's way into the room (DISP-7): requests of many messages, each answered once. Their
 * calls take turns with those of what people say (`writing.ts`), so that neither lane starves, and
 * share with them the one call in flight and the one counter (SEQ-2). The buffer that they come from
 * is durable and sends what was not settled again with the same ids (MSG-3): so nothing of a burst
 * needs to outlive the room's memory, and nothing is tried twice here.
 */
import { refusal, type Refusal } from '../../protocol/errors.ts'
import type { Change } from '../../protocol/change.ts'
import { messageOf } from './answers.ts'
import type { CommitItem, ItemResult, MessageItem } from './commit.ts'
import type { Input } from './input.ts'
import { prepare } from './prepare.ts'
import type { Instant, KnownRecord, RoomState } from './state.ts'
import type { Turn } from './turn.ts'
import { databaseAway, sizeOf, startCommit } from './writing.ts'

export type Bursts = {
  /** In the order in which they came; the first may be written in part. */
  readonly waiting: Burst[]
  bytes: number
  /** The last call was a burst's: where both wait, it is the turn of what people say. */
  gave_way: boolean
}

type Burst = {
  readonly request: string
  readonly items: readonly Weighed[]
  readonly bytes: number
  readonly received_at: Instant
  /** Of the first of its items, as far as they are settled. */
  readonly results: ItemResult[]
}

type Weighed = { readonly item: CommitItem; readonly bytes: number }

export const burstsFrom = (): Bursts => ({ waiting: [], bytes: 0, gave_way: true })

/** Who may write is for the database to say, as of the commit. */
export const burstSubmitted = (
  turn: Turn,
  record: KnownRecord,
  { request, items }: Input & { type: 'burst_submitted' },
): void => {
  const { bursts, outage } = turn.state
  if (items.length === 0) return replyToBurst(turn, request, [])
  if (outage) return refuseBurst(turn, request, databaseAway(turn, outage))
  if (isFull(turn.state, items)) return refuseBurst(turn, request, tooMuch(turn.state))
  const weighed = items.map((asked): Weighed => {
    const { item } = prepare(turn, record, asked)
    return { item, bytes: weightOf(item) }
  })
  const bytes = weighed.reduce((sum, each) => sum + each.bytes, 0)
  bursts.waiting.push({ request, items: weighed, bytes, received_at: turn.now, results: [] })
  bursts.bytes += bytes
  startCommit(turn, record)
}

/** One is taken in whatever its size: it would come again and again. */
const isFull = ({ bursts, settings }: RoomState, items: readonly MessageItem[]): boolean => {
  if (bursts.waiting.length === 0) return false
  if (bursts.waiting.length >= settings.burst_pending_max_count) return true
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), bursts.bytes)
  return bytes > settings.burst_pending_max_bytes
}

const tooMuch = ({ settings }: RoomState): Refusal =>
  refusal('unavailable', 'too many bursts wait for this room', settings.burst_pause_ms)

/** Pairs of Chinese characters weigh more than the text that they are of. */
const weightOf = (item: CommitItem): number =>
  sizeOf(item) + (item.kind === 'message' ? (item.search?.length ?? 0) : 0)

/** Whether the next call is a burst's. */
export const isBurstNext = ({ bursts, pending }: RoomState): boolean =>
  bursts.waiting.length > 0 && (pending.length === 0 || !bursts.gave_way)

/** Sends what fits of the first that waits; what does not follows in a call of its own. */
export const sendBurst = (turn: Turn, record: KnownRecord): void => {
  const { state } = turn
  const [burst] = state.bursts.waiting
  if (!burst) return
  const items = nextOf(state, burst)
  state.commit = { kind: 'in_flight', lane: 'burst', count: items.length, sent_at: turn.now }
  state.bursts.gave_way = true
  turn.effects.push({
    type: 'commit_burst',
    request: {
      owner: state.instance,
      claim: !state.claimed,
      expected_revision: record.revision,
      items,
    },
  })
}

const nextOf = ({ settings }: RoomState, { items, results }: Burst): CommitItem[] => {
  const next: CommitItem[] = []
  let left = settings.burst_batch_max_bytes
  for (const { item, bytes } of items.slice(results.length)) {
    if (next.length > 0 && (bytes > left || next.length === settings.burst_batch_max_count)) break
    next.push(item)
    left -= bytes
  }
  return next
}

/** @returns the messages that came of a call. Everybody hears of them before the caller does. */
export const settleBurst = (
  { state }: Turn,
  record: KnownRecord,
  settled: readonly ItemResult[],
): Change[] => {
  const [burst] = state.bursts.waiting
  if (!burst) return []
  const items = burst.items.slice(burst.results.length)
  burst.results.push(...settled)
  return settled.flatMap((result, index): Change[] => {
    const item = items[index]?.item
    const message = item && messageOf(record.details.room_id, item, result)
    return message ? [{ type: 'message', revision: message.revision, message }] : []
  })
}

/** @param whole whether all of the call was settled; the rest, if any, goes in the next. */
export const answerBurst = (turn: Turn, whole: boolean): void => {
  const [burst] = turn.state.bursts.waiting
  if (!burst) return
  if (!whole)
    return refuseFirst(turn, refusal('unavailable', 'the room was behind; send it again', 0))
  if (burst.results.length < burst.items.length) return
  dropFirst(turn.state)
  const { request, results } = burst
  replyToBurst(turn, request, results)
}

const replyToBurst = (turn: Turn, request: string, results: readonly ItemResult[]): void => {
  const { level } = turn.state.degrading.now
  turn.effects.push({ type: 'burst_reply', request, reply: { ok: true, results, level } })
}

/** All that wait: their senders come again later. */
export const refuseBursts = (turn: Turn, why: Refusal): void => {
  while (turn.state.bursts.waiting.length > 0) refuseFirst(turn, why)
}

const refuseFirst = (turn: Turn, why: Refusal): void => {
  const burst = dropFirst(turn.state)
  if (burst) refuseBurst(turn, burst.request, why)
}

const dropFirst = ({ bursts }: RoomState): Burst | undefined => {
  const burst = bursts.waiting.shift()
  bursts.bytes -= burst?.bytes ?? 0
  return burst
}

export const refuseBurst = (turn: Turn, request: string, why: Refusal): void => {
  turn.effects.push({ type: 'burst_reply', request, reply: { ok: false, refusal: why } })
}
