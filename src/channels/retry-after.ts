/** `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. */

/** @returns undefined where it says nothing */
export const retryAfterMs = (value: string | null, now: number): number | undefined => {
  if (value === null) return undefined
  const text = value.trim()
  const at = /^\d+$/.test(text) ? now + Number(text) * 1_000 : Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
