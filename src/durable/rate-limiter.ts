/**
 * What one person may write (LIM-1): one object per person, so that all their ways in share one
 * budget. A thin shell around `domain/limits`. Those who write for the person hold leases, so a
 * message waits for this object only where none is held.
 */
import { DurableObject } from 'cloudflare:workers'
import { limitsSettings } from '../domain/limits/settings.ts'
import {
  grant,
  resized,
  spend,
  storedOf,
  windowFrom,
  type SlidingWindow,
  type StoredWindow,
} from '../domain/limits/sliding-window.ts'
import type { BudgetFigures, Lease, LeaseRequest } from '../domain/limits/lease.ts'
import type { Env } from '../env.ts'
import type { Tier } from '../protocol/rate-limit.ts'
import { count } from '../telemetry/meter.ts'
import { refresh, whenKnown } from './configuration.ts'
import { PersonTier } from './person-tier.ts'
import { readRateLimits, type RateLimits } from './rate-limit-settings.ts'
import { SettingsInForce } from './settings-in-force.ts'

type Stored = { readonly tier: Tier; readonly window: StoredWindow }

export type Standing = BudgetFigures & { readonly tier: Tier }

const key = 'budget'

export class RateLimiter extends DurableObject<Env> {
  readonly #limits: SettingsInForce<RateLimits>
  readonly #stored: StoredWindow | undefined
  #window: SlidingWindow | undefined
  readonly #tier: PersonTier
  /** Spent since the window was last stored. */
  #unstored = 0
  #stored_at = 0
  #is_storing_soon = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    count('muster_objects_started_total', { kind: 'rate_limiter' })
    this.#limits = new SettingsInForce(env, readRateLimits)
    const stored = ctx.storage.kv.get<Stored>(key)
    this.#stored = stored?.window
    this.#tier = new PersonTier(env, ctx.id.name ?? '', stored?.tier)
  }

  async lease({ needed, spare, untold = 0 }: Omit<LeaseRequest, 'user_id'>): Promise<Lease> {
    await Promise.all([this.#tier.heard(), this.#configuration()])
    const now = Date.now()
    const window = this.#currentWindow()
    spend(window, now, untold)
    const lease = grant(window, {
      now,
      limit: this.#limit,
      needed,
      spare,
    })
    this.#unstored += untold + lease.granted
    if (lease.granted > 0) count('muster_leases_total')
    this.#storeIfMuch()
    return lease
  }

  /** How the person stands; costs nothing. */
  async standing(): Promise<Standing> {
    const { limit, remaining, reset_ms } = await this.lease({ needed: 0, spare: 0 })
    return { tier: this.#tier.tier, limit, remaining, reset_ms }
  }

  /** An admin changed it; without this it would be noticed within a minute. */
  tierChanged(tier: Tier): void {
    this.#tier.changeTo(tier)
  }

  get #limit(): number {
    return this.#limits.current.limits[this.#tier.tier]
  }

  /** Only where nothing is known yet somebody waits, and no longer than for the tier (LIM-3). */
  async #configuration(): Promise<void> {
    const asking = refresh(this.env)
    if (asking) this.ctx.waitUntil(asking)
    const { tier_patience_ms } = limitsSettings
    const unknown = whenKnown(this.env)
    if (unknown) await Promise.race([unknown, scheduler.wait(tier_patience_ms)])
  }

  /** In the length that is in force: what was spent in another one is taken over (OPS-4). */
  #currentWindow(): SlidingWindow {
    this.#limits.takeUp()
    const { window_ms } = this.#limits.current
    this.#window = this.#window
      ? resized(this.#window, window_ms)
      : windowFrom(window_ms, this.#stored)
    return this.#window
  }

  #storeIfMuch(): void {
    const { unstored_share, store_pause_ms } = limitsSettings
    if (this.#unstored <= this.#limit * unstored_share || this.#is_storing_soon) return
    const due_in_ms = this.#stored_at + store_pause_ms - Date.now()
    if (due_in_ms <= 0) return this.#store()
    this.#is_storing_soon = true
    setTimeout(() => {
      this.#is_storing_soon = false
      this.#store()
    }, due_in_ms)
  }

  /** Losing it costs a second of counting: nobody waits for the disk. */
  #store(): void {
    this.#stored_at = Date.now()
    this.#unstored = 0
    const stored: Stored = { tier: this.#tier.tier, window: storedOf(this.#currentWindow()) }
    void this.ctx.storage.put(key, stored, { allowUnconfirmed: true })
  }
}
