/** When the webhook of alerts is called again, and for how long it is worth it. */

const FIRST_PAUSE_MS = 5_000
/** Whoever is on call shall hear soon after the receiver is back. */
const PAUSE_MAX_MS = 300_000
/** Longer than a receiver is usually away; later nobody wants to be called for it. */
const WORTH_MS = 21_600_000

/**
 * Undefined: given up.
 * @param attempts those that failed
 * @param wished_ms what the receiver asked for
 */
export const nextAttemptAt = (
  { began_at, attempts }: { readonly began_at: number; readonly attempts: number },
  now: number,
  wished_ms = 0,
): number | undefined => {
  const pause_ms = Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, attempts - 1))
  const at = now + Math.min(PAUSE_MAX_MS, Math.max(pause_ms, wished_ms))
  return at - began_at > WORTH_MS ? undefined : at
}
