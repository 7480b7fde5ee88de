/** What senders have yet to be told of their messages, in the SQLite of a shard (DISP-5). */
import type { Tracked } from '../domain/dispatch/buffered.ts'
import { all, first } from './dispatch-schema.ts'
import { tracked, trackedOf, type Stored } from './dispatch-tracking.ts'

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

export class DispatchDebts {
  readonly #sql: SqlStorage

  /** @param sql with the tables of `dispatch-schema.ts` */
  constructor(sql: SqlStorage) {
    this.#sql = sql
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
    return first(this.#sql, 'SELECT 1 FROM telling LIMIT 1') !== undefined
  }

  /** Senders after one by name, each with what it has to be told. */
  after(
    after_sender_id: string,
    limit: number,
  ): Pick<Debt, 'sender_id' | 'committed' | 'delivered'>[] {
    return all(
      this.#sql,
      `SELECT sender_id, committed, delivered FROM telling WHERE sender_id > ?
        ORDER BY sender_id LIMIT ?`,
      ...[after_sender_id, limit],
    )
  }

  /** Those that a sender has to be told of one by one: the first of them, and how many in all. */
  untold(sender_id: string, limit: number): Untold {
    const total = first<{ readonly count: number; readonly upto: number | null }>(
      this.#sql,
      'SELECT count(*) AS count, max(id) AS upto FROM untold WHERE sender_id = ?',
      sender_id,
    )
    const rows = all<Stored>(
      this.#sql,
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
}
