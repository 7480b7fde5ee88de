/**
 * What one shard of the buffer holds, in its SQLite: every statement on the way from acceptance to
 * the end is here. Nothing here waits, so what one turn of the object writes is durable together,
 * before anybody hears of it.
 */
import type { Outcome } from '../domain/dispatch/outcome.ts'
import type { Level, StoredType, WaitingRow } from '../domain/dispatch/row.ts'
import { trackingId } from '../domain/dispatch/tracking-id.ts'
import type { OneWayStatus } from '../protocol/one-way.ts'
import { all, createTables, first } from './dispatch-schema.ts'
import { seqBefore } from './dispatch-tracking.ts'

export type NewRow = {
  readonly seq: number
  readonly tracking_id: string
  readonly epoch: number
  readonly sender_id: string
  readonly recipient_type: StoredType
  readonly recipient_id: string
  readonly destination: string
  readonly queue: number
  readonly level: Level
  readonly idempotency_key: string | null
  readonly request_id: string
  /** Among the messages of the call that posted it. */
  readonly request_place: number
  readonly digest: number | null
  readonly bytes: number
  readonly accepted_at: number
  readonly body: string
}

type FinalOutcome = Exclude<Outcome, { readonly kind: 'retrying' }>

type RevivedRow = {
  readonly destination: string
  readonly level: Level
  readonly bytes: number
  readonly epoch: number
  readonly accepted_at: number
}

type Newest = {
  readonly seq: number
  readonly tracking_id: string
  readonly accepted_at: number
}

export type KnownRow = {
  readonly tracking_id: string
  readonly status: OneWayStatus
  readonly digest: number
}

export type RequestedRow = {
  readonly request_place: number
  readonly tracking_id: string
  readonly status: OneWayStatus
}

/** What waits for one destination with one priority. */
export type WaitingGroup = {
  readonly destination: string
  readonly level: Level
  readonly count: number
  readonly since: number
}

export type Held = {
  readonly level: Level
  readonly epoch: number
  readonly count: number
  readonly bytes: number
}

/** What has to be known of one that waits to decide whether it is taken. */
export type WaitingEntry = {
  readonly seq: number
  readonly queue: number
  readonly bytes: number
  readonly accepted_at: number
}

export class DispatchBuffer {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    createTables(sql)
  }

  /** @returns false where one with the same sender, recipient and key is there already */
  insert(row: NewRow): boolean {
    const { seq, tracking_id, epoch, sender_id, recipient_type, recipient_id } = row
    const { destination, queue, level, idempotency_key, request_id, request_place } = row
    const { digest, bytes, accepted_at, body } = row
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO messages (seq, tracking_id, epoch, sender_id, recipient_type, recipient_id,
          destination, queue, level, idempotency_key, request_id, request_place,
          digest, bytes, status, accepted_at, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?)
        ON CONFLICT (sender_id, recipient_type, recipient_id, idempotency_key)
          WHERE idempotency_key IS NOT NULL DO NOTHING`,
      ...[seq, tracking_id, epoch, sender_id, recipient_type, recipient_id],
      ...[destination, queue, level, idempotency_key, request_id, request_place],
      ...[digest, bytes, accepted_at, body],
    )
    return rowsWritten > 0
  }

  known(row: {
    readonly sender_id: string
    readonly recipient_type: string
    readonly recipient_id: string
    readonly idempotency_key: string
  }): KnownRow | undefined {
    const { sender_id, recipient_type, recipient_id, idempotency_key } = row
    return first<KnownRow>(
      this.#sql,
      `SELECT tracking_id, status, digest FROM messages WHERE sender_id = ?
        AND recipient_type = ? AND recipient_id = ? AND idempotency_key = ?`,
      ...[sender_id, recipient_type, recipient_id, idempotency_key],
    )
  }

  /** What a call has left here, if it was not long ago. */
  ofRequest(of: {
    readonly sender_id: string
    readonly request_id: string
    readonly since: number
  }): RequestedRow[] {
    const after = seqBefore(this.#sql, trackingId({ at: of.since, salt: 0, seq: 0, shard: 0 }))
    return all(
      this.#sql,
      `SELECT request_place, tracking_id, status FROM messages INDEXED BY senders
        WHERE sender_id = ? AND seq > ? AND request_id = ?`,
      ...[of.sender_id, after, of.request_id],
    )
  }

  /** The newest there is, which is never cleared away: places and times go on from it. */
  newest(): Newest | undefined {
    return first(
      this.#sql,
      'SELECT seq, tracking_id, accepted_at FROM messages ORDER BY seq DESC LIMIT 1',
    )
  }

  finalCount(): number {
    const row = first<{ readonly count: number }>(
      this.#sql,
      'SELECT count(*) AS count FROM messages WHERE finished_at IS NOT NULL',
    )
    return row?.count ?? 0
  }

  held(): Held[] {
    return all(
      this.#sql,
      `SELECT level, epoch, count(*) AS count, sum(bytes) AS bytes
        FROM messages INDEXED BY waiting WHERE finished_at IS NULL GROUP BY level, epoch`,
    )
  }

  /** Destinations with something to leave, those that wait longest first. */
  waitingGroups(limit: number): WaitingGroup[] {
    return all(
      this.#sql,
      `SELECT destination, level, count(*) AS count, min(accepted_at) AS since
        FROM messages INDEXED BY waiting WHERE finished_at IS NULL
        GROUP BY destination, level ORDER BY level, since LIMIT ?`,
      limit,
    )
  }

  /**
   * What waits for a destination with a priority after a place, in order, without those of queues
   * that are held back. From the index alone.
   */
  waiting(of: {
    readonly destination: string
    readonly level: Level
    readonly after: number
    readonly without: readonly number[]
    readonly limit: number
  }): WaitingEntry[] {
    const { destination, level, after, without, limit } = of
    return all(
      this.#sql,
      `SELECT seq, queue, bytes, accepted_at FROM messages INDEXED BY waiting
        WHERE finished_at IS NULL AND destination = ? AND level = ? AND seq > ?
          ${without.length === 0 ? '' : 'AND queue NOT IN (SELECT value FROM json_each(?))'}
        ORDER BY seq LIMIT ?`,
      ...[destination, level, after],
      ...(without.length === 0 ? [] : [JSON.stringify(without)]),
      limit,
    )
  }

  /** In the order of their places. */
  rows(seqs: readonly number[]): WaitingRow[] {
    return all(
      this.#sql,
      `SELECT seq, tracking_id, epoch, sender_id, recipient_type, recipient_id, queue, level,
          idempotency_key, bytes, status, attempts, accepted_at, next_attempt_at, body
        FROM messages WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
      JSON.stringify(seqs),
    )
  }

  validated(seqs: readonly number[], now: number): void {
    if (seqs.length === 0) return
    this.#sql.exec(
      `UPDATE messages SET validated_at = ?,
          status = CASE status WHEN 'accepted' THEN 'validated' ELSE status END
        WHERE seq IN (SELECT value FROM json_each(?)) AND validated_at IS NULL`,
      ...[now, JSON.stringify(seqs)],
    )
  }

  /** Into their rooms, each under its own id: by far the most. */
  committed(placed: readonly (readonly [number, number, number])[], now: number): void {
    if (placed.length === 0) return
    this.#sql.exec(
      `UPDATE messages SET status = 'committed', finished_at = ?1, attempts = attempts + 1,
          message_id = tracking_id, sequence_number = j.value ->> 1, revision = j.value ->> 2,
          next_attempt_at = NULL, reason_code = NULL, reason_message = NULL, body = NULL
        FROM json_each(?2) j WHERE seq = j.value ->> 0`,
      ...[now, JSON.stringify(placed)],
    )
  }

  /** One that is final. */
  finished(seq: number, outcome: FinalOutcome, now: number): void {
    const reason = 'reason' in outcome ? outcome.reason : undefined
    const place = outcome.kind === 'committed' ? outcome : undefined
    // What was rejected was not necessarily tried.
    const tried = outcome.kind === 'rejected' ? 0 : 1
    this.#sql.exec(
      `UPDATE messages SET status = ?, finished_at = ?, attempts = attempts + ?,
          reason_code = ?, reason_message = ?, message_id = ?, sequence_number = ?, revision = ?,
          provider_id = ?, next_attempt_at = NULL,
          body = CASE ? WHEN 'dead' THEN body ELSE NULL END
        WHERE seq = ?`,
      ...[outcome.kind, now, tried, reason?.code ?? null, reason?.message ?? null],
      ...[place?.message_id ?? null, place?.sequence_number ?? null, place?.revision ?? null],
      ...[outcome.kind === 'delivered' ? outcome.provider_id : null, outcome.kind, seq],
    )
  }

  /** An attempt failed; it goes again. */
  retrying(seq: number, outcome: Outcome & { readonly kind: 'retrying' }): void {
    const { reason, next_attempt_at } = outcome
    this.#sql.exec(
      `UPDATE messages SET status = 'retrying', attempts = attempts + 1, next_attempt_at = ?,
          reason_code = ?, reason_message = ? WHERE seq = ?`,
      ...[next_attempt_at, reason.code, reason.message, seq],
    )
  }

  /** Whatever was to be tried again later than that is tried then. */
  retryBy(latest: number): void {
    this.#sql.exec(
      `UPDATE messages SET next_attempt_at = ?1 WHERE status = 'retrying' AND next_attempt_at > ?1`,
      latest,
    )
  }

  /** A dead one waits again. @returns false where it is not dead */
  revived(seq: number): RevivedRow | undefined {
    return first(
      this.#sql,
      `UPDATE messages SET status = 'accepted', attempts = 0, finished_at = NULL,
          validated_at = NULL, next_attempt_at = NULL, reason_code = NULL, reason_message = NULL
        WHERE seq = ? AND status = 'dead' RETURNING destination, level, bytes, epoch, accepted_at`,
      seq,
    )
  }

  /** Of our own nobody asks what became of them. */
  remove(seq: number): void {
    this.#sql.exec('DELETE FROM messages WHERE seq = ?', seq)
  }

  /** Clears away final ones after a place, the oldest first. @returns how many, and the last one */
  prune(of: {
    readonly after: number
    readonly before: number
    readonly finished_before: number
    readonly limit: number
  }): { readonly count: number; readonly upto: number } {
    const rows = all<{ readonly seq: number }>(
      this.#sql,
      `SELECT seq FROM messages WHERE seq > ? AND seq < ? AND finished_at < ?
        ORDER BY seq LIMIT ?`,
      ...[of.after, of.before, of.finished_before, of.limit],
    )
    const upto = rows.at(-1)?.seq ?? of.after
    if (rows.length > 0)
      this.#sql.exec(
        'DELETE FROM messages WHERE seq > ? AND seq <= ? AND finished_at < ?',
        ...[of.after, upto, of.finished_before],
      )
    return { count: rows.length, upto }
  }

  /** Of these queues those that hold something accepted before an epoch. */
  queuesHeld(epoch: number, queues: readonly number[]): Set<number> {
    const rows = all<{ readonly queue: number }>(
      this.#sql,
      `SELECT DISTINCT queue FROM messages INDEXED BY waiting
        WHERE finished_at IS NULL AND epoch < ? AND queue IN (SELECT value FROM json_each(?))`,
      ...[epoch, JSON.stringify(queues)],
    )
    return new Set(rows.map(({ queue }) => queue))
  }
}
