/** What became of the messages of one shard of the buffer, as it is shown (DISP-6). */
import type { Tracked, TrackingFilter } from '../domain/dispatch/buffered.ts'
import { priorities, type Level, type StoredReason } from '../domain/dispatch/row.ts'
import type { OneWayStatus, RecipientType } from '../protocol/one-way.ts'
import { all, first } from './dispatch-schema.ts'

export class DispatchTracking {
  readonly #sql: SqlStorage

  /** @param sql with the tables of `dispatch-schema.ts` */
  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  track(seq: number, tracking_id: string): Tracked | undefined {
    const row = first<Stored>(
      this.#sql,
      `SELECT ${tracked} FROM messages
        WHERE seq = ? AND tracking_id = ? AND recipient_type <> 'webhook'`,
      ...[seq, tracking_id],
    )
    return row && trackedOf(row)
  }

  /** Newest first. */
  list(filter: TrackingFilter): Tracked[] {
    const { sender_id, status, recipient_type, recipient_id, before, limit } = filter
    const upto = before === undefined ? Number.MAX_SAFE_INTEGER : seqBefore(this.#sql, before)
    const conditions: [string, string | undefined][] = [
      ['AND status = ?', status],
      ['AND recipient_type = ?', recipient_type],
      ['AND recipient_id = ?', recipient_id],
    ]
    const given = conditions.filter(([, value]) => value !== undefined)
    return all<Stored>(
      this.#sql,
      `SELECT ${tracked} FROM messages INDEXED BY senders
        WHERE sender_id = ? AND seq <= ? AND recipient_type <> 'webhook'
          ${given.map(([condition]) => condition).join(' ')}
        ORDER BY seq DESC LIMIT ?`,
      ...[sender_id, upto, ...given.map(([, value]) => value ?? null), limit],
    ).map(trackedOf)
  }
}

/** The place after which all ids are above one that another shard may have given. */
export const seqBefore = (sql: SqlStorage, tracking_id: string): number => {
  const newest = first<{ readonly seq: number }>(sql, 'SELECT max(seq) AS seq FROM messages')
  let low = 0
  let high = newest?.seq ?? 0
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const row = first<{ readonly seq: number; readonly tracking_id: string }>(
      sql,
      'SELECT seq, tracking_id FROM messages WHERE seq <= ? ORDER BY seq DESC LIMIT 1',
      middle,
    )
    if (row === undefined || row.tracking_id < tracking_id) low = middle
    else high = row.seq - 1
  }
  return low
}

export type Stored = {
  readonly seq: number
  readonly tracking_id: string
  readonly sender_id: string
  readonly recipient_type: RecipientType
  readonly recipient_id: string
  readonly level: Level
  readonly idempotency_key: string | null
  readonly status: OneWayStatus
  readonly attempts: number
  readonly accepted_at: number
  readonly validated_at: number | null
  readonly finished_at: number | null
  readonly next_attempt_at: number | null
  readonly reason_code: StoredReason['code'] | null
  readonly reason_message: string | null
  readonly message_id: string | null
  readonly sequence_number: number | null
  readonly revision: number | null
  readonly provider_id: string | null
}

export const tracked = `seq, tracking_id, sender_id, recipient_type, recipient_id, level,
  idempotency_key, status, attempts, accepted_at, validated_at, finished_at, next_attempt_at,
  reason_code, reason_message, message_id, sequence_number, revision, provider_id`

export const trackedOf = (row: Stored): Tracked => ({
  sender_id: row.sender_id,
  tracking_id: row.tracking_id,
  recipient: { type: row.recipient_type, id: row.recipient_id },
  priority: priorities[row.level],
  status: row.status,
  idempotency_key: row.idempotency_key,
  attempts: row.attempts,
  accepted_at: new Date(row.accepted_at).toISOString(),
  validated_at: timestamp(row.validated_at),
  finished_at: timestamp(row.finished_at),
  next_attempt_at: timestamp(row.next_attempt_at),
  reason: row.reason_code && { code: row.reason_code, message: row.reason_message ?? '' },
  message:
    row.message_id === null || row.sequence_number === null || row.revision === null
      ? null
      : {
          message_id: row.message_id,
          room_id: row.recipient_id,
          sequence_number: row.sequence_number,
          revision: row.revision,
        },
  provider_id: row.provider_id,
})

const timestamp = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString()
