/**
 * How much is left out so that messages go on (LIM-2): from what is measured to a level of 0 to 5.
 * Up at once; down one level at a time, and only after it has been quiet for a while, so that
 * nothing flaps. Pure: the time comes from outside.
 */
import { sheddable, type Sheddable } from '../../protocol/degradation.ts'
import type { PressureSettings } from './pressure-settings.ts'

export type Signal =
  | 'commit_ms'
  | 'pool_wait_ms'
  | 'pool_waiting_share'
  | 'queue_age_ms'
  | 'queue_share'
  | 'gateway_level'

/** What was measured now; what is not measured here is left out. */
export type Signals = Readonly<Partial<Record<Signal, number>>>

export type Degradation = {
  readonly level: number
  /** Since when the signals have allowed a lower level; undefined: they do not. */
  readonly calm_since: number | undefined
}

export const undegraded: Degradation = { level: 0, calm_since: undefined }

/** @param now milliseconds, of any clock that goes forward */
export const degrade = (
  before: Degradation,
  signals: Signals,
  { now, settings }: { readonly now: number; readonly settings: PressureSettings },
): Degradation => {
  const reached = levelFor(signals, settings, 1)
  if (reached > before.level) return { level: reached, calm_since: undefined }
  const held = levelFor(signals, settings, settings.down_share)
  if (before.level === 0 || held >= before.level)
    return { level: before.level, calm_since: undefined }
  const calm_since = before.calm_since ?? now
  if (now - calm_since < settings.stay_ms) return { level: before.level, calm_since }
  return { level: before.level - 1, calm_since: now }
}

/** When to look again though nothing happens; undefined: not before something does. */
export const degradationDue = (
  { level, calm_since }: Degradation,
  { now, settings }: { readonly now: number; readonly settings: PressureSettings },
): number | undefined => (level === 0 ? undefined : (calm_since ?? now) + settings.stay_ms)

export const pausedAt = (level: number): Sheddable[] => sheddable.slice(0, level)

export const isPaused = (level: number, what: Sheddable): boolean => sheddable.indexOf(what) < level

/** The highest level of which a signal reaches this part of the threshold. */
const levelFor = (signals: Signals, { up }: PressureSettings, share: number): number => {
  let level = 0
  for (const [signal, value] of Object.entries(signals) as [Signal, number][]) {
    // Of whole levels there is nothing between two: what was said counts as it is.
    const part = signal === 'gateway_level' ? 1 : share
    const reached = up[signal].findLastIndex((threshold) => value >= threshold * part) + 1
    level = Math.max(level, reached)
  }
  return level
}
