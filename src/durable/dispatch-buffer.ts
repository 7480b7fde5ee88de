/**
 * The SQLite of one shard of the buffer: every statement is here. Nothing here waits, so what one
 * turn of the object writes is durable together, before anybody hears of it.
 */
import type { Tracked, TrackingFilter } from '../domain/dispatch/buffered.ts'
import type { Outcome } from '../domain/dispatch/outcome.ts'
import {
  priorities,
  type Level,
  type StoredReason,
  type StoredType,
  type WaitingRow,
} from '../domain/dispatch/row.ts'
import { trackingId } from '../domain/dispatch/tracking-id.ts'
import type { OneWayStatus, RecipientType } from '../protocol/one-way.ts'

/** The body comes last: what is before it is read without it. */
const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY,
    tracking_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sender_id TEXT NOT NULL,
    recipient_type TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    destination TEXT NOT NULL,
    queue INTEGER NOT NULL,
    level INTEGER NOT NULL,
    idempotency_key TEXT,
    request_id TEXT NOT NULL,
    request_place INTEGER NOT NULL,
    digest INTEGER,
    bytes INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    accepted_at INTEGER NOT NULL,
    validated_at INTEGER,
    finished_at INTEGER,
    next_attempt_at INTEGER,
    reason_code TEXT,
    reason_message TEXT,
    message_id TEXT,
    sequence_number INTEGER,
    revision INTEGER,
    provider_id TEXT,
    body TEXT
  );
  -- What has yet to leave, in its order; holds all that is asked of a row before it is taken.
  CREATE INDEX IF NOT EXISTS waiting ON messages (destination, level, seq, queue, bytes, epoch, accepted_at)
    WHERE finished_at IS NULL;
  CREATE UNIQUE INDEX IF NOT EXISTS idempotency
    ON messages (sender_id, recipient_type, recipient_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS senders ON messages (sender_id, seq);
  -- What senders have yet to be told: numbers, and which of theirs did not arrive.
  CREATE TABLE IF NOT EXISTS telling (
    sender_id TEXT PRIMARY KEY,
    committed INTEGER NOT NULL,
    delivered INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS untold (
    id INTEGER PRIMARY KEY,
    sender_id TEXT NOT NULL,
    seq INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS untold_senders ON untold (sender_id, id);`

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

export type Debt = {
  readonly sender_id: string
  readonly committed: number
  readonly delivered: number
  /** Places of those that did not arrive. */
  readonly listed: readonly number[]
}

type Untold = {
  readonly count: number
  /** The last of them, by when it was noted. */
  readonly upto: number
  readonly rows: Tracked[]
}

type Told = Omit<Debt, 'listed'> & { readonly upto: number }

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

type Stored = {
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

export class DispatchBuffer {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(schema)
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
    return this.#one<KnownRow>(
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
    const after = this.seqBefore(trackingId({ at: of.since, salt: 0, seq: 0, shard: 0 }))
    return this.#all(
      `SELECT request_place, tracking_id, status FROM messages INDEXED BY senders
        WHERE sender_id = ? AND seq > ? AND request_id = ?`,
      ...[of.sender_id, after, of.request_id],
    )
  }

  /** The newest there is, which is never cleared away: places and times go on from it. */
  newest(): Newest | undefined {
    return this.#one('SELECT seq, tracking_id, accepted_at FROM messages ORDER BY seq DESC LIMIT 1')
  }

  finalCount(): number {
    const row = this.#one<{ readonly count: number }>(
      'SELECT count(*) AS count FROM messages WHERE finished_at IS NOT NULL',
    )
    return row?.count ?? 0
  }

  held(): Held[] {
    return this.#all(
      `SELECT level, epoch, count(*) AS count, sum(bytes) AS bytes
        FROM messages INDEXED BY waiting WHERE finished_at IS NULL GROUP BY level, epoch`,
    )
  }

  /** Destinations with something to leave, those that wait longest first. */
  waitingGroups(limit: number): WaitingGroup[] {
    return this.#all(
      `SELECT destination, level, count(*) AS count, min(accepted_at) AS since
        FROM messages INDEXED BY waiting WHERE finished_at IS NULL
        GROUP BY destination, level ORDER BY level, since LIMIT ?`,
      limit,
    )
  }

  /** The place after which all ids are above one that another shard may have given. */
  seqBefore(tracking_id: string): number {
    let [low, high] = [0, this.newest()?.seq ?? 0]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const row = this.#one<{ readonly seq: number; readonly tracking_id: string }>(
        'SELECT seq, tracking_id FROM messages WHERE seq <= ? ORDER BY seq DESC LIMIT 1',
        middle,
      )
      if (row === undefined || row.tracking_id < tracking_id) low = middle
      else high = row.seq - 1
    }
    return low
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
    return this.#all(
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
    return this.#all(
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
    return this.#one(
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

  /** Notes what a sender has to be told. */
  owe(debt: Debt): void {
    const { sender_id, committed, delivered, listed } = debt
    this.#sql.exec(
      `INSERT INTO telling VALUES (?, ?, ?) ON CONFLICT (sender_id) DO UPDATE SET
        committed = committed + excluded.committed, delivered = delivered + excluded.delivered`,
      ...[sender_id, committed, delivered],
    )
    for (const seq of listed)
      this.#sql.exec('INSERT INTO untold (sender_id, seq) VALUES (?, ?)', sender_id, seq)
  }

  isOwing(): boolean {
    return this.#one('SELECT 1 FROM telling LIMIT 1') !== undefined
  }

  /** Senders after one by name, each with what it has to be told. */
  debts(
    after_sender_id: string,
    limit: number,
  ): Pick<Debt, 'sender_id' | 'committed' | 'delivered'>[] {
    return this.#all(
      `SELECT sender_id, committed, delivered FROM telling WHERE sender_id > ?
        ORDER BY sender_id LIMIT ?`,
      ...[after_sender_id, limit],
    )
  }

  /** Those that a sender has to be told of one by one: the first of them, and how many in all. */
  untold(sender_id: string, limit: number): Untold {
    const total = this.#one<{ readonly count: number; readonly upto: number | null }>(
      'SELECT count(*) AS count, max(id) AS upto FROM untold WHERE sender_id = ?',
      sender_id,
    )
    const rows = this.#all<Stored>(
      `SELECT ${tracked} FROM messages WHERE finished_at IS NOT NULL AND seq IN (
          SELECT seq FROM untold WHERE sender_id = ? ORDER BY id LIMIT ?)
        ORDER BY seq`,
      ...[sender_id, limit],
    )
    return { count: total?.count ?? 0, upto: total?.upto ?? 0, rows: rows.map(trackedOf) }
  }

  /** A sender was told so much. */
  told({ sender_id, committed, delivered, upto }: Told): void {
    this.#sql.exec('DELETE FROM untold WHERE sender_id = ? AND id <= ?', sender_id, upto)
    this.#sql.exec(
      `UPDATE telling SET committed = committed - ?, delivered = delivered - ?
        WHERE sender_id = ?`,
      ...[committed, delivered, sender_id],
    )
    this.#sql.exec(
      `DELETE FROM telling WHERE sender_id = ?1 AND committed = 0 AND delivered = 0
        AND NOT EXISTS (SELECT 1 FROM untold WHERE sender_id = ?1)`,
      sender_id,
    )
  }

  /** Clears away final ones after a place, the oldest first. @returns how many, and the last one */
  prune(of: {
    readonly after: number
    readonly before: number
    readonly finished_before: number
    readonly limit: number
  }): { readonly count: number; readonly upto: number } {
    const rows = this.#all<{ readonly seq: number }>(
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

  track(seq: number, tracking_id: string): Tracked | undefined {
    const row = this.#one<Stored>(
      `SELECT ${tracked} FROM messages
        WHERE seq = ? AND tracking_id = ? AND recipient_type <> 'webhook'`,
      ...[seq, tracking_id],
    )
    return row && trackedOf(row)
  }

  /** Newest first. */
  list(filter: TrackingFilter): Tracked[] {
    const { sender_id, status, recipient_type, recipient_id, before, limit } = filter
    const upto = before === undefined ? Number.MAX_SAFE_INTEGER : this.seqBefore(before)
    const conditions: [string, string | undefined][] = [
      ['AND status = ?', status],
      ['AND recipient_type = ?', recipient_type],
      ['AND recipient_id = ?', recipient_id],
    ]
    const given = conditions.filter(([, value]) => value !== undefined)
    return this.#all<Stored>(
      `SELECT ${tracked} FROM messages INDEXED BY senders
        WHERE sender_id = ? AND seq <= ? AND recipient_type <> 'webhook'
          ${given.map(([condition]) => condition).join(' ')}
        ORDER BY seq DESC LIMIT ?`,
      ...[sender_id, upto, ...given.map(([, value]) => value ?? null), limit],
    ).map(trackedOf)
  }

  /** Of these queues those that hold something accepted before an epoch. */
  queuesHeld(epoch: number, queues: readonly number[]): Set<number> {
    const rows = this.#all<{ readonly queue: number }>(
      `SELECT DISTINCT queue FROM messages INDEXED BY waiting
        WHERE finished_at IS NULL AND epoch < ? AND queue IN (SELECT value FROM json_each(?))`,
      ...[epoch, JSON.stringify(queues)],
    )
    return new Set(rows.map(({ queue }) => queue))
  }

  #one<Row>(query: string, ...values: SqlStorageValue[]): Row | undefined {
    return this.#all<Row>(query, ...values)[0]
  }

  #all<Row>(query: string, ...values: SqlStorageValue[]): Row[] {
    return this.#sql.exec(query, ...values).toArray() as Row[]
  }
}

const tracked = `seq, tracking_id, sender_id, recipient_type, recipient_id, level,
  idempotency_key, status, attempts, accepted_at, validated_at, finished_at, next_attempt_at,
  reason_code, reason_message, message_id, sequence_number, revision, provider_id`

const trackedOf = (row: Stored): Tracked => ({
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
