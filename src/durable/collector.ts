/**
 * Takes what isolates counted (OPS-1) and keeps it added up. `COLLECTOR_SHARDS` share it. Nothing
 * that was taken is lost: each report is written down before it is confirmed.
 */
import { DurableObject } from 'cloudflare:workers'
import { hotRoomsOf, snapshotOf, sweep, take, type Ledger } from '../domain/metrics/ledger.ts'
import type { Report } from '../domain/metrics/report.ts'
import type { HotRoom, Snapshot } from '../domain/metrics/snapshot.ts'
import type { Env } from '../env.ts'
import { count } from '../telemetry/meter.ts'
import { CollectorJournal } from './collector-journal.ts'
import { operationsStub } from './stubs.ts'

export type Collected = {
  /** Since the beginning; gauges as they are now. */
  readonly snapshot: Snapshot
  readonly hot_rooms: readonly HotRoom[]
  /** When it last heard of anything; undefined: never. */
  readonly heard_at: number | undefined
}

/** The operators' object samples while reports come; it is told so this often. */
const WAKE_PAUSE_MS = 30_000

export class Collector extends DurableObject<Env> {
  readonly #journal: CollectorJournal
  readonly #ledger: Ledger
  #woke_at = -Infinity

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    count('muster_objects_started_total', { kind: 'collector' })
    this.#journal = new CollectorJournal(ctx.storage.sql)
    this.#ledger = this.#journal.read()
  }

  /** One that was taken before changes nothing. */
  take(report: Report): void {
    const now = Date.now()
    if (!take(this.#ledger, report, now)) return
    this.#journal.add({ at: now, report }, this.#ledger)
    if (isNews(report)) this.#wakeOperations(now)
  }

  collected(): Collected {
    const now = Date.now()
    if (sweep(this.#ledger, now)) this.#journal.add({ at: now, report: null }, this.#ledger)
    return {
      snapshot: snapshotOf(this.#ledger, now),
      hot_rooms: hotRoomsOf(this.#ledger, now),
      heard_at: this.#ledger.heard_at,
    }
  }

  #wakeOperations(now: number): void {
    if (now - this.#woke_at < WAKE_PAUSE_MS) return
    this.#woke_at = now
    this.ctx.waitUntil(this.#wake())
  }

  async #wake(): Promise<void> {
    try {
      await operationsStub(this.env).wake()
    } catch {
      this.#woke_at = -Infinity
    }
  }
}

/** Neither gauges alone, nor that nothing more comes. */
const isNews = ({ beat, quiet, counters }: Report): boolean =>
  !beat && (!quiet || Object.keys(counters).length > 0)
