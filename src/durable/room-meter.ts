/** What a room counts and measures (OPS-1). It decides nothing, and nothing waits for it. */
import type { CommitOutcome } from '../domain/room/commit.ts'
import type { Effect, JoinOutcome } from '../domain/room/effect.ts'
import type { Lane, RoomState } from '../domain/room/state.ts'
import type { Env } from '../env.ts'
import { closeCodeLabel } from './close-code-label.ts'
import { count, countSaid, observe, observeAll } from '../telemetry/meter.ts'
import { Reporter, type Gauge } from '../telemetry/reporter.ts'

type Options = {
  readonly env: Env
  readonly ctx: DurableObjectState
  /** Undefined while it knows nothing of itself. */
  readonly state: () => RoomState | undefined
}

export class RoomMeter {
  readonly #room_id: string
  readonly #state: () => RoomState | undefined
  readonly #reporter: Reporter

  constructor({ env, ctx, state }: Options) {
    this.#room_id = ctx.id.name ?? ''
    this.#state = state
    this.#reporter = new Reporter(env, ctx, {
      object: `room:${this.#room_id}`,
      read: (gauge) => readGauges(this.#state(), gauge),
    })
    count('muster_objects_started_total', { kind: 'room' })
  }

  opened(): void {
    count('muster_sockets_opened_total', { kind: 'room' })
    this.#reporter.due()
  }

  /** @param code as the client, or the room, closed it */
  closed(code: number): void {
    count('muster_sockets_closed_total', { kind: 'room', code: closeCodeLabel(code) })
    this.#reporter.due()
  }

  joined(outcome: JoinOutcome): void {
    count('muster_resumes_total', { outcome })
  }

  received(): void {
    count('muster_frames_received_total', { kind: 'room' })
  }

  /** Frames that were handed to sockets. */
  delivered(frames: number): void {
    count('muster_deliveries_total', undefined, frames)
  }

  committing(): void {
    this.#reporter.due()
  }

  /** A commit call is back, whatever became of it. */
  called(lane: Lane, outcome: CommitOutcome, elapsed_ms: number): void {
    count('muster_commits_total', { lane, outcome: nameOf(outcome) })
    observe('muster_commit_duration_seconds', elapsed_ms / 1_000, { lane })
  }

  /** Everybody has heard of what a call wrote. */
  settled({ lane, sent_at, received }: Effect & { type: 'settled' }, now: number): void {
    if (received.length === 0) return
    const queued_s = received.map((at) => (sent_at - at) / 1_000)
    const told_s = received.map((at) => (now - at) / 1_000)
    count('muster_messages_total', { lane }, received.length)
    observeAll('muster_message_queue_duration_seconds', queued_s, { lane })
    observeAll('muster_broadcast_duration_seconds', told_s, { lane })
    countSaid({
      room_id: this.#room_id,
      messages: received.length,
      queue_max_ms: Math.max(...queued_s) * 1_000,
      sockets: this.#state()?.sockets.size ?? 0,
    })
  }

  /** A heartbeat, or what else comes by time: it need not be told by itself. */
  ticked(): void {
    this.#reporter.touch()
  }
}

const nameOf = (outcome: CommitOutcome): string => {
  switch (outcome.kind) {
    case 'answered': {
      const stopped = outcome.results.find(({ status }) => stops.has(status))
      return stopped?.status ?? 'committed'
    }
    case 'not_sent':
      return outcome.code
    case 'unknown':
      return 'unknown'
  }
}

const stops: ReadonlySet<string> = new Set(['conflict', 'superseded', 'room_gone'])

const readGauges = (state: RoomState | undefined, gauge: Gauge): void => {
  if (!state) return
  const { sockets, pending, pending_bytes, bursts, record, settings, degrading, budgets } = state
  gauge('muster_sockets', sockets.size, { kind: 'room' })
  gauge('muster_rooms', sockets.size > 0 ? 1 : 0)
  gauge('muster_degradation_level', degrading.now.level, { part: 'room' })
  const waiting_bytes = pending_bytes + budgets.waiting_bytes
  const waiting_count = pending.length + budgets.waiting_count
  gauge('muster_memory_bytes', waiting_bytes, { part: 'room_pending' })
  gauge('muster_memory_bytes', bursts.bytes, { part: 'room_bursts' })
  gauge(
    'muster_memory_fill_ratio',
    Math.max(
      waiting_bytes / settings.pending_max_bytes,
      waiting_count / settings.pending_max_count,
    ),
    { part: 'room_pending' },
  )
  gauge('muster_memory_fill_ratio', bursts.bytes / settings.burst_pending_max_bytes, {
    part: 'room_bursts',
  })
  if (record.phase !== 'known') return
  gauge('muster_memory_bytes', record.recent_bytes, { part: 'room_recent' })
  // It is cut back to its limit at twice that, so it may be full and well.
  gauge('muster_memory_fill_ratio', record.recent_bytes / (2 * settings.recent_max_bytes), {
    part: 'room_recent',
  })
}
