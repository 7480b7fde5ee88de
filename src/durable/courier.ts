/** Carries messages to one outside service (DISP-9, DISP-10), behind a circuit breaker. */
import { DurableObject } from 'cloudflare:workers'
import type { Delivery, Parcel } from '../channels/channel.ts'
import type { Env } from '../env.ts'
import type { CircuitFigures } from '../protocol/health.ts'

export class Courier extends DurableObject<Env> {
  /** One result per parcel, in order. */
  async deliver(_parcels: readonly Parcel[]): Promise<Delivery[]> {
    throw new Error('not built yet')
  }

  figures(): CircuitFigures[] {
    throw new Error('not built yet')
  }
}
