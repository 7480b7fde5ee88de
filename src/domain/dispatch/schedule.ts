/**
 * High before normal before low, and yet nothing waits for ever (DISP-4). The same rule decides
 * which destination is next, and which rows go into its batch.
 */
import { levels, type Level } from './row.ts'
import type { DispatchSettings } from './settings.ts'

/** By priority: since when the first one waits; undefined where none does. */
export type Heads = readonly [number | undefined, number | undefined, number | undefined]

export type Turn = {
  /** Counts the places that were given, from 0. */
  readonly place: number
  readonly now: number
}

/**
 * What has waited longer than `starve_ms` counts as one priority higher; among equals the one that
 * waits longer. Besides, every `lower_every_count`th place goes to one lower than the highest.
 * @returns undefined where nothing waits
 */
export const chooseLevel = (
  heads: Heads,
  { place, now }: Turn,
  { starve_ms, lower_every_count }: Pick<DispatchSettings, 'starve_ms' | 'lower_every_count'>,
): Level | undefined => {
  const waiting = levels.flatMap((level) => {
    const since = heads[level]
    if (since === undefined) return []
    const rank = now - since > starve_ms ? Math.max(0, level - 1) : level
    return { level, since, rank }
  })
  const lower = waiting.slice(1)
  const isForLower = place % lower_every_count === lower_every_count - 1
  const candidates = isForLower && lower.length > 0 ? lower : waiting
  const [first] = candidates.toSorted((one, other) =>
    isForLower ? one.since - other.since : one.rank - other.rank || one.since - other.since,
  )
  return first?.level
}
