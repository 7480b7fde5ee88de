/** Takes what isolates counted (OPS-1) and keeps it added up. `COLLECTOR_SHARDS` share it. */
import { DurableObject } from 'cloudflare:workers'
import { nothingCounted, type HotRoom, type Snapshot } from '../domain/metrics/snapshot.ts'
import type { Env } from '../env.ts'

export type Collected = {
  /** Since the beginning; gauges as they are now. */
  readonly snapshot: Snapshot
  readonly hot_rooms: readonly HotRoom[]
  /** When it last heard of anything; undefined: never. */
  readonly heard_at: number | undefined
}

export class Collector extends DurableObject<Env> {
  collected(): Collected {
    return { snapshot: nothingCounted, hot_rooms: [], heard_at: undefined }
  }
}
