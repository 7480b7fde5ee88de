/**
 * How long to wait before trying again: exponential with full jitter, so that the many clients a
 * restart cut off do not come back in the same instant (WEB-11).
 */

export const BACKOFF_BASE_MS = 500

/** Nobody who watches an incident should wait longer for the next try. */
export const BACKOFF_MAX_MS = 20_000

/** A delay between zero and the ceiling of this attempt; the first attempt is 0. */
export const backoffDelay = (attempt: number, random: () => number): number =>
  Math.floor(random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempt))
