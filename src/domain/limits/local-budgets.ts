/**
 * What one isolate knows of people's budgets, so that a limit holds also while the counter of all is
 * silent (LIM-1, LIM-3): it notes what the counter granted here, and in the silence grants what is
 * left of the same limit. What it granted by itself the counter has to be told. Pure and bounded:
 * beyond so many people the first is forgotten.
 */
import type { Lease, LeaseRequest } from './lease.ts'
import { limitsSettings } from './settings.ts'
import { forget, grant, resized, spend, windowFrom, type SlidingWindow } from './sliding-window.ts'

type Budget = {
  window: SlidingWindow
  /** What the counter said; undefined: it never did. */
  limit: number | undefined
  /** Granted here, and the counter does not know of it. */
  untold: number
  /** The counter was silent, and is left alone until then; 0: it was not. */
  rests_until: number
  is_tried: boolean
}

/** @property now milliseconds, of any clock that goes forward */
type Moment = { readonly now: number; readonly window_ms: number }

/** `over`: the counter is to be asked. `to_be_tried`: once, and nobody is to wait for it. */
export type Silence = 'over' | 'on' | 'to_be_tried'

export class LocalBudgets {
  readonly #people = new Map<string, Budget>()

  get size(): number {
    return this.#people.size
  }

  /** The counter spoke. */
  heard({ user_id, needed }: LeaseRequest, lease: Lease, { now, window_ms }: Moment): void {
    const budget = this.#of(user_id, window_ms)
    budget.limit = lease.limit
    budget.rests_until = 0
    forget(budget.window, now)
    const spare = Math.max(0, lease.granted - needed)
    spend(budget.window, now, lease.granted - spare)
    spend(budget.window, now + lease.ttl_ms, spare)
  }

  /** The counter did not speak. */
  fellSilent(user_id: string, { now, window_ms }: Moment): void {
    const budget = this.#of(user_id, window_ms)
    budget.rests_until = now + limitsSettings.rest_ms
    budget.is_tried = false
  }

  silence(user_id: string, now: number): Silence {
    const budget = this.#people.get(user_id)
    if (!budget || budget.rests_until <= now) return 'over'
    if (budget.is_tried || budget.rests_until - now > limitsSettings.rest_ms / 2) return 'on'
    budget.is_tried = true
    return 'to_be_tried'
  }

  /**
   * What the counter would grant, as far as is known here.
   * @param unheard the limit of whom the counter never spoke of
   */
  grant(
    { user_id, needed, spare }: LeaseRequest,
    { now, window_ms, unheard }: Moment & { readonly unheard: number },
  ): Lease {
    const budget = this.#of(user_id, window_ms)
    const limit = budget.limit ?? unheard
    const lease = grant(budget.window, { now, limit, needed, spare })
    budget.untold += lease.granted
    return lease
  }

  /** What the counter is told now, once. */
  takeUntold(user_id: string): number {
    const budget = this.#people.get(user_id)
    if (!budget) return 0
    const { untold } = budget
    budget.untold = 0
    return untold
  }

  /** It was not told after all. */
  giveBackUntold(user_id: string, untold: number): void {
    const budget = this.#people.get(user_id)
    if (budget) budget.untold += untold
  }

  #of(user_id: string, window_ms: number): Budget {
    const known = this.#people.get(user_id)
    if (known) {
      known.window = resized(known.window, window_ms)
      return known
    }
    const [first] = this.#people.keys()
    if (first !== undefined && this.#people.size >= limitsSettings.local_max_count)
      this.#people.delete(first)
    const window = windowFrom(window_ms)
    const budget = { window, limit: undefined, untold: 0, rests_until: 0, is_tried: false }
    this.#people.set(user_id, budget)
    return budget
  }
}
