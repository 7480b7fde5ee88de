/**
 * The deployment as its operators see it (OPS-2, OPS-3): samples of what the collectors hold, kept
 * for the charts, and the alerts that follow from them. One object.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'

export class Operations extends DurableObject<Env> {
  /** Somebody reported something: it samples while that goes on. */
  wake(): void {}
}
