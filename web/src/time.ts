/**
 * Times as people read them: always GMT+8, whatever the device's zone (WEB-2). Pure; `now` is an
 * input. `hourCycle: 'h23'` because `hour12: false` prints 24:05 after midnight.
 */

export const TIME_ZONE = 'Asia/Taipei'

/** Taipei has kept UTC+8 without daylight saving since 1980. */
const OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

const clockFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIME_ZONE,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const monthDayFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: TIME_ZONE,
  month: '2-digit',
  day: '2-digit',
})

/** The Taipei day as a number; equal for two instants of one day, one more for the next. */
export const dayOf = (at_ms: number): number => Math.floor((at_ms + OFFSET_MS) / DAY_MS)

/** `HH:mm` today, `MM/DD HH:mm` on any other day. */
export const formatTime = (at_ms: number, now_ms: number): string =>
  dayOf(at_ms) === dayOf(now_ms)
    ? clockFormat.format(at_ms)
    : `${monthDayFormat.format(at_ms)} ${clockFormat.format(at_ms)}`

/** `HH:mm`, where the day stands elsewhere. */
export const formatClock = (at_ms: number): string => clockFormat.format(at_ms)

/** The whole instant, for tooltips. */
export const formatFull = (at_ms: number, language: string): string =>
  `${new Intl.DateTimeFormat(language, {
    timeZone: TIME_ZONE,
    dateStyle: 'full',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(at_ms)} GMT+8`

/** The text of a day line that is neither today's nor yesterday's. */
export const formatDay = (at_ms: number, now_ms: number, language: string): string => {
  const same_year = yearOf(at_ms) === yearOf(now_ms)
  return new Intl.DateTimeFormat(language, {
    timeZone: TIME_ZONE,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(same_year ? {} : { year: 'numeric' }),
  }).format(at_ms)
}

/** As a `datetime-local` field takes it: Taipei's wall clock, to the second. */
export const toWallClock = (at_ms: number): string =>
  new Date(at_ms + OFFSET_MS).toISOString().slice(0, 19)

/** What such a field says; undefined where it is no whole date and time. */
export const fromWallClock = (text: string): number | undefined => {
  const at_ms = Date.parse(`${text}Z`) - OFFSET_MS
  return Number.isNaN(at_ms) ? undefined : at_ms
}

/** A length of time as people say it, to the minute. */
export type Duration = { readonly days: number; readonly hours: number; readonly minutes: number }

/** Never negative: the clocks of two devices differ. */
export const durationOf = (ms: number): Duration => {
  const total_minutes = Math.max(0, Math.floor(ms / 60_000))
  const total_hours = Math.floor(total_minutes / 60)
  return {
    days: Math.floor(total_hours / 24),
    hours: total_hours % 24,
    minutes: total_minutes % 60,
  }
}

/** Until the text of a time can change: the next full minute, and so midnight too. */
export const untilNextMinute = (now_ms: number): number => 60_000 - (now_ms % 60_000)

const yearOf = (at_ms: number): number => new Date(at_ms + OFFSET_MS).getUTCFullYear()
