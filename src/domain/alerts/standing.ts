/**
 * Where a rule stands, and how it goes on: ok, pending, firing, ok again (OPS-2). It does not flap:
 * it fires after the figure was too high for a while without a break, and ends after it was well
 * below the threshold for a while without a break. What is not known begins and ends nothing.
 */
import type { Reading } from './rule.ts'

export type Standing =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'pending'
      /** When the figure reached the threshold. */
      readonly since: number
      readonly seen_at: number
      readonly worst: number
    }
  | {
      readonly kind: 'firing'
      readonly since: number
      /** The last figure, and the worst. */
      readonly value: number
      readonly worst: number
      /** Since when it has been low without a break. */
      readonly low_since: number | undefined
      readonly seen_at: number
    }

export type Turn = {
  readonly standing: Standing
  /** `fired`: it was not firing before. `resolved`: it fires no more, and this is what it was. */
  readonly event?:
    | { readonly kind: 'fired'; readonly since: number }
    | { readonly kind: 'resolved'; readonly value: number; readonly worst: number }
}

export type Bar = {
  readonly threshold: number
  readonly for_s: number
  readonly clears_below: number
  readonly clears_after_s: number
}

/** Time in which nothing was known for longer than this does not count. */
export const BLIND_MAX_MS = 30_000

export const ok: Standing = { kind: 'ok' }

export const turned = (standing: Standing, reading: Reading, bar: Bar, now: number): Turn => {
  if (reading === 'unknown') return { standing }
  const value = reading === 'quiet' ? 0 : reading
  switch (standing.kind) {
    case 'ok':
      return value < bar.threshold
        ? { standing }
        : risen({ kind: 'pending', since: now, seen_at: now, worst: value }, bar, now)
    case 'pending': {
      if (value < bar.threshold) return { standing: ok }
      const wasBlind = now - standing.seen_at > BLIND_MAX_MS
      const since = wasBlind ? now : standing.since
      const worst = Math.max(standing.worst, value)
      return risen({ kind: 'pending', since, seen_at: now, worst }, bar, now, value)
    }
    case 'firing':
      return burning(standing, value, bar, now)
  }
}

type Pending = Extract<Standing, { kind: 'pending' }>
type Firing = Extract<Standing, { kind: 'firing' }>

const risen = (pending: Pending, { for_s }: Bar, now: number, value = pending.worst): Turn => {
  const { since, worst } = pending
  if (now - since < for_s * 1_000) return { standing: pending }
  return {
    standing: { kind: 'firing', since, value, worst, low_since: undefined, seen_at: now },
    event: { kind: 'fired', since },
  }
}

const burning = (firing: Firing, value: number, bar: Bar, now: number): Turn => {
  const worst = Math.max(firing.worst, value)
  const wasBlind = now - firing.seen_at > BLIND_MAX_MS
  const before = wasBlind ? undefined : firing.low_since
  const low_since = value < bar.clears_below ? (before ?? now) : undefined
  if (low_since !== undefined && now - low_since >= bar.clears_after_s * 1_000)
    return { standing: ok, event: { kind: 'resolved', value, worst } }
  return { standing: { ...firing, value, worst, low_since, seen_at: now } }
}
