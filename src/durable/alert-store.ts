/**
 * The SQLite of the alerts: where each rule stands, what fires, and what did. It survives the
 * object, so that an alert neither fires twice nor is forgotten.
 */
import type { Evaluated, Standings } from '../domain/alerts/evaluate.ts'
import type { Reading } from '../domain/alerts/rule.ts'
import type { Standing } from '../domain/alerts/standing.ts'
import type { Alert, AlertEvent } from '../protocol/alerts.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS standings (
    rule TEXT PRIMARY KEY,
    standing TEXT NOT NULL,
    reading TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS alerts (
    id INTEGER PRIMARY KEY,
    alert_id TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    is_firing INTEGER NOT NULL,
    alert TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS firing ON alerts (rule) WHERE is_firing = 1;`

/** Alerts that are over and remembered. */
export const HISTORY_MAX_COUNT = 500

type StandingRow = { readonly rule: string; readonly standing: string; readonly reading: string }

export class AlertStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(schema)
  }

  standings(): Standings {
    return new Map(
      this.#rows().map(({ rule, standing }) => [rule, JSON.parse(standing) as Standing]),
    )
  }

  /** What each rule saw last. */
  readings(): ReadonlyMap<string, Reading> {
    return new Map(this.#rows().map(({ rule, reading }) => [rule, JSON.parse(reading) as Reading]))
  }

  /**
   * Keeps what came of all rules.
   * @param newId of an alert that fires
   * @returns what has to be told
   */
  keep(evaluated: readonly Evaluated[], now: number, newId: () => string): AlertEvent[] {
    const timestamp = new Date(now).toISOString()
    return evaluated.flatMap((one): AlertEvent[] => {
      this.#keepStanding(one)
      switch (one.event?.kind) {
        case 'fired':
          return [{ type: 'alert.firing', timestamp, data: this.#fire(one, newId()) }]
        case 'resolved': {
          const alert = this.#resolve(one, timestamp)
          return alert ? [{ type: 'alert.resolved', timestamp, data: alert }] : []
        }
        case undefined:
          this.#goOn(one)
          return []
      }
    })
  }

  /** Those that began first come first. */
  firing(): Alert[] {
    return this.#alerts('WHERE is_firing = 1 ORDER BY id')
  }

  /** Newest first, those that fire included. */
  history(limit: number): Alert[] {
    return this.#alerts('ORDER BY id DESC LIMIT ?', limit)
  }

  /** Whoever is first is remembered. Undefined: there is no such alert. */
  acknowledge(alert_id: string, by: string, now: number): Alert | undefined {
    const [alert] = this.#alerts('WHERE alert_id = ?', alert_id)
    if (!alert || alert.acknowledged_at !== null) return alert
    const acknowledged = {
      ...alert,
      acknowledged_at: new Date(now).toISOString(),
      acknowledged_by: by,
    }
    this.#rewrite(acknowledged)
    return acknowledged
  }

  #fire({ rule, standing }: Evaluated, alert_id: string): Alert {
    if (standing.kind !== 'firing') throw new Error(`${rule.rule} fired and does not fire`)
    const { since, value, worst } = standing
    const alert: Alert = {
      ...{ ...rule, alert_id, state: 'firing', since: new Date(since).toISOString() },
      ...{ resolved_at: null, value, worst, acknowledged_at: null, acknowledged_by: null },
    }
    this.#sql.exec(
      'INSERT INTO alerts (alert_id, rule, is_firing, alert) VALUES (?, ?, 1, ?)',
      ...[alert_id, rule.rule, JSON.stringify(alert)],
    )
    this.#sql.exec(
      `DELETE FROM alerts WHERE is_firing = 0 AND id <= (SELECT max(id) FROM alerts) - ?`,
      HISTORY_MAX_COUNT,
    )
    return alert
  }

  #resolve({ rule, event }: Evaluated, resolved_at: string): Alert | undefined {
    const alert = this.#firingOf(rule.rule)
    if (!alert || event?.kind !== 'resolved') return undefined
    const { value, worst } = event
    const resolved: Alert = { ...alert, ...rule, state: 'resolved', resolved_at, value, worst }
    this.#rewrite(resolved)
    return resolved
  }

  #goOn({ rule, standing }: Evaluated): void {
    if (standing.kind !== 'firing') return
    const alert = this.#firingOf(rule.rule)
    if (alert) this.#rewrite({ ...alert, ...rule, value: standing.value, worst: standing.worst })
  }

  #firingOf(rule: string): Alert | undefined {
    return this.#alerts('WHERE is_firing = 1 AND rule = ?', rule)[0]
  }

  #rewrite(alert: Alert): void {
    this.#sql.exec(
      'UPDATE alerts SET alert = ?, is_firing = ? WHERE alert_id = ?',
      ...[JSON.stringify(alert), alert.state === 'firing' ? 1 : 0, alert.alert_id],
    )
  }

  #keepStanding({ rule: { rule }, standing, reading }: Evaluated): void {
    this.#sql.exec(
      `INSERT INTO standings (rule, standing, reading) VALUES (?1, ?2, ?3)
        ON CONFLICT (rule) DO UPDATE SET standing = ?2, reading = ?3
        WHERE standing <> ?2 OR reading <> ?3`,
      ...[rule, JSON.stringify(standing), JSON.stringify(reading)],
    )
  }

  #rows(): StandingRow[] {
    return this.#sql.exec<StandingRow>('SELECT rule, standing, reading FROM standings').toArray()
  }

  #alerts(which: string, ...values: readonly SqlStorageValue[]): Alert[] {
    return this.#sql
      .exec<{ alert: string }>(`SELECT alert FROM alerts ${which}`, ...values)
      .toArray()
      .map(({ alert }) => JSON.parse(alert) as Alert)
  }
}
