/**
 * What the webhook of alerts has yet to hear, in storage until it was taken: in order for each
 * alert, under the same id at each attempt.
 */
import { Webhook } from '../channels/webhook.ts'
import type { AlertWebhook } from '../channels/alert-settings.ts'
import { nextAttemptAt } from '../domain/alerts/retry.ts'
import type { AlertEvent } from '../protocol/alerts.ts'
import { log } from '../telemetry/log.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    body TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL
  );`

/** Rules are few and do not flap; this is for a receiver that is away for hours. */
const WAITING_MAX_COUNT = 200
const AT_ONCE_MAX_COUNT = 8

type Row = {
  readonly id: number
  readonly alert_id: string
  readonly webhook_id: string
  readonly body: string
  readonly began_at: number
  readonly attempts: number
}

export class AlertOutbox {
  readonly #sql: SqlStorage
  readonly #channel = new Webhook()
  #sending = false

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(schema)
  }

  get isEmpty(): boolean {
    return this.#sql.exec('SELECT 1 FROM outgoing LIMIT 1').toArray().length === 0
  }

  add({ type, timestamp, data }: AlertEvent): void {
    const { alert_id } = data
    const now = Date.parse(timestamp)
    this.#sql.exec(
      `INSERT INTO outgoing (alert_id, webhook_id, body, began_at, due_at) VALUES (?, ?, ?, ?, ?)`,
      ...[alert_id, `${alert_id}_${data.state}`, JSON.stringify({ type, timestamp, data })],
      ...[now, now],
    )
    this.#sql.exec(
      'DELETE FROM outgoing WHERE id <= (SELECT max(id) FROM outgoing) - ?',
      WAITING_MAX_COUNT,
    )
  }

  /** Sends what is due; one call at a time. Never throws. */
  async send(webhook: AlertWebhook | undefined): Promise<void> {
    if (webhook === undefined) return this.#clear()
    if (this.#sending) return
    this.#sending = true
    try {
      await Promise.all(this.#due(Date.now()).map((row) => this.#sendOne(webhook, row)))
    } finally {
      this.#sending = false
    }
  }

  /** The first of each alert: what comes after it waits until it was taken or given up. */
  #due(now: number): Row[] {
    return this.#sql
      .exec<Row>(
        `SELECT id, alert_id, webhook_id, body, began_at, attempts FROM outgoing
          WHERE id IN (SELECT min(id) FROM outgoing GROUP BY alert_id) AND due_at <= ?
          ORDER BY id LIMIT ?`,
        ...[now, AT_ONCE_MAX_COUNT],
      )
      .toArray()
  }

  async #sendOne({ url, secret }: AlertWebhook, row: Row): Promise<void> {
    const { id, alert_id, webhook_id, body, began_at } = row
    const delivery = await this.#channel.send({ id: webhook_id, url, secret, body })
    if (delivery.kind === 'delivered') return this.#forget(id)
    const attempts = row.attempts + 1
    const wished_ms = delivery.kind === 'later' ? delivery.retry_after_ms : undefined
    const due_at =
      delivery.kind === 'later'
        ? nextAttemptAt({ began_at, attempts }, Date.now(), wished_ms)
        : undefined
    if (due_at === undefined) {
      this.#forget(id)
      return log.error('alert_not_told', { alert_id, attempts, error: delivery.reason })
    }
    this.#sql.exec(
      'UPDATE outgoing SET attempts = ?, due_at = ? WHERE id = ?',
      ...[attempts, due_at, id],
    )
    log.warn('alert_told_later', { alert_id, attempts, error: delivery.reason })
  }

  #forget(id: number): void {
    this.#sql.exec('DELETE FROM outgoing WHERE id = ?', id)
  }

  /** There is nobody to tell any more. */
  #clear(): void {
    if (!this.isEmpty) this.#sql.exec('DELETE FROM outgoing')
  }
}
