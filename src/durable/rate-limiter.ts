/** What one person may write (LIM-1): one object per person, so that all their ways in share it. */
import { DurableObject } from 'cloudflare:workers'
import type { Lease, LeaseRequest } from '../domain/limits/tier.ts'
import type { Env } from '../env.ts'

export class RateLimiter extends DurableObject<Env> {
  async lease(_request: LeaseRequest): Promise<Lease> {
    throw new Error('not built yet')
  }
}
