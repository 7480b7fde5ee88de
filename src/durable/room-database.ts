/** All that one room asks of the database, through its gateway. Nothing here throws. */
import type {
  BurstRequest,
  CommitOutcome,
  CommitRequest,
  ReadChanges,
} from '../domain/room/commit.ts'
import type { LoadResult } from '../domain/room/input.ts'
import type { MovedMark } from '../domain/inbox/rows.ts'
import { readSlowMs } from '../database/slow-settings.ts'
import type { Env } from '../env.ts'
import type { Outcome } from '../lib/outcome.ts'
import type { User } from '../protocol/member.ts'
import type { Message } from '../protocol/message.ts'
import { log } from '../telemetry/log.ts'
import { askDatabase } from './ask-database.ts'
import { CommitLog, type Lane } from './commit-log.ts'
import { inForce } from './configuration.ts'
import { gatewayStub } from './stubs.ts'

/** Changes that come with the record, for the crowd that reconnects after a restart. */
const recentAtWake = 200

export class RoomDatabase {
  readonly #env: Env
  readonly #room_id: string

  readonly #log: CommitLog

  constructor(env: Env, room_id: string) {
    this.#env = env
    this.#room_id = room_id
    this.#log = new CommitLog(room_id, () => readSlowMs(inForce(env).variables))
  }

  /** The commit: one round trip (SEQ-2). */
  commit(request: Omit<CommitRequest, 'room_id'>): Promise<CommitOutcome> {
    return this.#outcomeOf('said', request, (gateway, of) => gateway.commit({ ...request, ...of }))
  }

  /** The burst lane's commit: one round trip, one transaction (DISP-7). */
  commitBurst(request: Omit<BurstRequest, 'room_id'>): Promise<CommitOutcome> {
    return this.#outcomeOf('burst', request, (gateway, of) =>
      gateway.commitBurst({ ...request, ...of }),
    )
  }

  async readRecord(): Promise<LoadResult> {
    const room_id = this.#room_id
    const args = { room_id, recent: recentAtWake }
    const read = await askDatabase(this.#env, room_id, 'readRoomSnapshot', args)
    if (!read.ok) return { kind: 'failed', refusal: read.refusal }
    return read.value ? { kind: 'loaded', snapshot: read.value } : { kind: 'not_found' }
  }

  async readChanges(range: {
    readonly after: number
    readonly upto: number | undefined
    readonly limit: number
  }): Promise<ReadChanges> {
    const room_id = this.#room_id
    const args = { ...range, room_id, upto: range.upto ?? null }
    const read = await askDatabase(this.#env, room_id, 'readChanges', args)
    return read.ok && read.value ? { ok: true, ...read.value } : { ok: false }
  }

  /** @returns undefined where they cannot be read now */
  async readMessages(upto_revision: number, limit: number): Promise<Message[] | undefined> {
    const room_id = this.#room_id
    const args = { room_id, upto_revision, limit }
    const read = await askDatabase(this.#env, room_id, 'readRecentMessages', args)
    return read.ok ? read.value : undefined
  }

  /** @returns undefined where they cannot be written now */
  async moveReadMarks(
    marks: readonly (readonly [string, number])[],
  ): Promise<MovedMark[] | undefined> {
    const room_id = this.#room_id
    const user_ids = marks.map(([user_id]) => user_id)
    const sequences = marks.map(([, sequence]) => sequence)
    const args = { room_id, user_ids, sequences }
    const moved = await askDatabase(this.#env, room_id, 'moveReadMarks', args)
    return moved.ok ? moved.value : undefined
  }

  /** Asked of the person's own gateway, which remembers them for a moment (DB-6). */
  /** @returns display names by user_id; undefined where they cannot be read now */
  async readNames(): Promise<ReadonlyMap<string, string> | undefined> {
    const room_id = this.#room_id
    const read = await askDatabase(this.#env, room_id, 'readMemberNames', { room_id })
    return read.ok ? new Map(Object.entries(read.value)) : undefined
  }

  readUser(user_id: string): Promise<Outcome<User | null>> {
    return askDatabase(this.#env, user_id, 'readUser', { user_id })
  }

  async #outcomeOf(lane: Lane, { items }: Written, call: Call): Promise<CommitOutcome> {
    const of = { room_id: this.#room_id, call_id: crypto.randomUUID() }
    const started_at = Date.now()
    const outcome = await this.#answerOf(call, of)
    this.#log.called({ ...of, lane, items, outcome, ms: Date.now() - started_at })
    return outcome
  }

  async #answerOf(call: Call, of: CallIds): Promise<CommitOutcome> {
    try {
      return await call(gatewayStub(this.#env, of.room_id), of)
    } catch (error) {
      log.error('gateway_reset', { operation: 'commit', ...of })
      // The gateway refused more work before it began, or was reset in the middle.
      return isOverloaded(error) ? { kind: 'not_sent', code: 'database_busy' } : { kind: 'unknown' }
    }
  }
}

type CallIds = { readonly room_id: string; readonly call_id: string }

type Written = Pick<CommitRequest, 'items'>

type Call = (gateway: ReturnType<typeof gatewayStub>, of: CallIds) => Promise<CommitOutcome>

const isOverloaded = (error: unknown): boolean =>
  error instanceof Error && 'overloaded' in error && error.overloaded === true
