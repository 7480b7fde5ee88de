/**
 * How much of a budget was spent in the last while (LIM-1): buckets of a window that moves. Exact
 * to one bucket, and wrong only to the safe side: in no window is more spent than the limit. What
 * is needed is spent at once; what is spare is counted as of the last moment at which it may be.
 */
import { limitsSettings } from './settings.ts'
import type { Lease } from './lease.ts'

export type SlidingWindow = {
  readonly window_ms: number
  /** What was spent, by the number of the bucket. */
  readonly spent: Map<number, number>
}

/** In this form it survives an eviction. */
export type StoredWindow = {
  readonly window_ms: number
  readonly spent: readonly (readonly [number, number])[]
}

type Wish = {
  readonly now: number
  readonly limit: number
  readonly needed: number
  readonly spare: number
}

/** @param stored of another length too, as it was before a change (OPS-4) */
export const windowFrom = (window_ms: number, stored?: StoredWindow): SlidingWindow => {
  const window: SlidingWindow = { window_ms, spent: new Map() }
  if (!stored) return window
  for (const [bucket, count] of stored.spent) {
    const place = placeIn(window, bucket, stored)
    window.spent.set(place, (window.spent.get(place) ?? 0) + count)
  }
  return window
}

/**
 * The bucket that ends, one bucket for the way of the answer included, no earlier than the one
 * before: so what was spent stays counted for a whole window of the new length after the last moment
 * at which it may have been. Of a longer window nothing is known that the shorter one had forgotten.
 */
const placeIn = (window: SlidingWindow, bucket: number, before: { window_ms: number }): number => {
  const spent_by = (bucket + 2) * (before.window_ms / limitsSettings.buckets_count)
  return before.window_ms === window.window_ms ? bucket : Math.ceil(spent_by / bucketMs(window)) - 2
}

/** The same in another length. */
export const resized = (window: SlidingWindow, window_ms: number): SlidingWindow =>
  window.window_ms === window_ms ? window : windowFrom(window_ms, storedOf(window))

export const storedOf = ({ window_ms, spent }: SlidingWindow): StoredWindow => ({
  window_ms,
  spent: [...spent],
})

/** `needed` is granted as far as it goes; `spare` only where all that is needed was. */
export const grant = (window: SlidingWindow, { now, limit, needed, spare }: Wish): Lease => {
  forget(window, now)
  const { buckets_count, ttl_share, spare_share } = limitsSettings
  const free = Math.max(0, limit - total(window))
  const granted = Math.min(needed, free)
  const plenty = granted < needed ? 0 : Math.floor((free - granted) * spare_share)
  const granted_spare = Math.min(spare, plenty)
  const ttl_ms = window.window_ms * ttl_share
  spend(window, now, granted)
  spend(window, now + ttl_ms, granted_spare)
  const missing = needed - granted
  return {
    granted: granted + granted_spare,
    // What was needed is used at once, and the way to whom it is for takes less than a bucket.
    ttl_ms: granted_spare > 0 ? ttl_ms : window.window_ms / buckets_count,
    limit,
    remaining: free - granted - granted_spare,
    reset_ms: freeAgainIn(window, now, Infinity),
    retry_after_ms: missing === 0 ? 0 : freeAgainIn(window, now, missing),
  }
}

/** What lies in the window, and what may still be spent of leases that are out. */
const total = ({ spent }: SlidingWindow): number => {
  let sum = 0
  for (const count of spent.values()) sum += count
  return sum
}

const bucketMs = ({ window_ms }: SlidingWindow): number => window_ms / limitsSettings.buckets_count

/** Counts what was spent, whether or not it was free. */
export const spend = (window: SlidingWindow, at: number, amount: number): void => {
  if (amount === 0) return
  const bucket = Math.floor(at / bucketMs(window))
  window.spent.set(bucket, (window.spent.get(bucket) ?? 0) + amount)
}

/**
 * When a bucket is out of the window: the last of it could have been spent at its end, and one
 * bucket later where the answer was under way for so long.
 */
const outAt = (window: SlidingWindow, bucket: number): number =>
  (bucket + 2) * bucketMs(window) + window.window_ms

/** Takes out what is no longer in the window. */
export const forget = (window: SlidingWindow, now: number): void => {
  for (const bucket of window.spent.keys())
    if (outAt(window, bucket) <= now) window.spent.delete(bucket)
}

/** Until so many of those counted now are free again, or all of them. */
const freeAgainIn = (window: SlidingWindow, now: number, wanted: number): number => {
  let sum = 0
  let at = now
  for (const bucket of [...window.spent.keys()].toSorted((one, other) => one - other)) {
    at = outAt(window, bucket)
    sum += window.spent.get(bucket) ?? 0
    if (sum >= wanted) break
  }
  return Math.ceil(at - now)
}
