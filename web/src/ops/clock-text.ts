/** Times of the operations views: Taipei's, to the second where seconds matter. Pure. */
import type { Age } from '../i18n/ops-texts.ts'
import { durationOf, toWallClock } from '../time.ts'

/** `HH:mm:ss`. */
export const clockText = (at_ms: number): string => toWallClock(at_ms).slice(11)

/** Never negative: the clocks of two devices differ. */
export const ageOf = (ms: number): Age => ({
  ...durationOf(ms),
  seconds: Math.floor(Math.max(0, ms) / 1_000) % 60,
})
