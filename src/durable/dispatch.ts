/**
 * One shard of the burst lane (DISP): one-way messages are durable in its SQLite before anybody
 * hears 202, and leave by priority, in batches, into rooms or to couriers.
 */
import { DurableObject } from 'cloudflare:workers'
import type {
  AcceptAnswer,
  AcceptRequest,
  Tracked,
  TrackingFilter,
} from '../domain/dispatch/buffered.ts'
import type { Env } from '../env.ts'
import type { Outcome } from '../lib/outcome.ts'
import type { BufferFigures } from '../protocol/health.ts'

export class Dispatch extends DurableObject<Env> {
  /** Durable when it returns. */
  accept(_request: AcceptRequest): AcceptAnswer {
    throw new Error('not built yet')
  }

  /** Undefined: this shard has no such message. */
  track(_tracking_id: string): Tracked | undefined {
    throw new Error('not built yet')
  }

  /** Newest first. */
  list(_filter: TrackingFilter): Tracked[] {
    throw new Error('not built yet')
  }

  /** Sends a dead one again. */
  retry(_tracking_id: string): Outcome<Tracked> {
    throw new Error('not built yet')
  }

  /** Of these keys (see `orderKey`) those of which this shard holds messages that are not final. */
  heldAmong(_epoch: number, _keys: readonly string[]): string[] {
    throw new Error('not built yet')
  }

  figures(): BufferFigures {
    throw new Error('not built yet')
  }
}
