/**
 * How a collector remembers: reports as they came, one row each, and now and then all of it added
 * up, in their place. What is read back is exactly what was told.
 */
import {
  emptyLedger,
  kept,
  restored,
  sweep,
  take,
  type KeptLedger,
  type Ledger,
} from '../domain/metrics/ledger.ts'
import type { Report } from '../domain/metrics/report.ts'

/** Without a report: it looked who had gone silent. */
export type Entry = { readonly at: number; readonly report: Report | null }

/** Adding up writes everything: some times in an hour, not with each report. */
const ENTRIES_MAX_COUNT = 200
const ENTRIES_MAX_LENGTH = 8_000_000
/** A row may be 2 MB. */
const PIECE_LENGTH = 500_000

export class CollectorJournal {
  readonly #sql: SqlStorage
  #count = 0
  #length = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec('CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, body TEXT NOT NULL)')
    sql.exec('CREATE TABLE IF NOT EXISTS sum (piece INTEGER PRIMARY KEY, body TEXT NOT NULL)')
  }

  read(): Ledger {
    const pieces = this.#sql.exec<Row>('SELECT body FROM sum ORDER BY piece').toArray()
    const sum = pieces.map(({ body }) => body).join('')
    const ledger = sum === '' ? emptyLedger() : restored(JSON.parse(sum) as KeptLedger)
    for (const { body } of this.#sql.exec<Row>('SELECT body FROM entry ORDER BY id')) {
      const { at, report } = JSON.parse(body) as Entry
      if (report) take(ledger, report, at)
      else sweep(ledger, at)
      this.#count += 1
      this.#length += body.length
    }
    return ledger
  }

  /** @param ledger what it came to, this entry included */
  add(entry: Entry, ledger: Ledger): void {
    const body = JSON.stringify(entry)
    this.#count += 1
    this.#length += body.length
    if (
      this.#count > ENTRIES_MAX_COUNT ||
      this.#length > ENTRIES_MAX_LENGTH ||
      body.length > PIECE_LENGTH
    )
      return this.#addUp(ledger)
    this.#sql.exec('INSERT INTO entry (body) VALUES (?)', body)
  }

  /** All of it in one turn, so it is there whole or not at all. */
  #addUp(ledger: Ledger): void {
    const body = JSON.stringify(kept(ledger))
    this.#sql.exec('DELETE FROM sum')
    for (let from = 0, piece = 0; from < body.length; from += PIECE_LENGTH, piece += 1)
      this.#sql.exec('INSERT INTO sum VALUES (?, ?)', piece, body.slice(from, from + PIECE_LENGTH))
    this.#sql.exec('DELETE FROM entry')
    this.#count = 0
    this.#length = 0
  }
}

type Row = { readonly body: string }
