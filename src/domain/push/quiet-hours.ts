/** Whether a person sleeps, by the clocks of their time zone. */
import type { QuietHours } from '../../protocol/notification.ts'

/** @param now in ms since the epoch */
export const isQuiet = (quiet_hours: QuietHours | null, now: number): boolean => {
  if (quiet_hours === null) return false
  const { start, end, time_zone } = quiet_hours
  const at = clockIn(time_zone, now)
  if (at === undefined) return false
  return start < end ? start <= at && at < end : at >= start || at < end
}

/** `07:05`; what the clock on the wall shows, on days of 23 and 25 hours as well. */
const clockIn = (time_zone: string, now: number): string | undefined => {
  try {
    return clockOf(time_zone).format(now)
  } catch {
    // A zone that this runtime no longer knows.
    return undefined
  }
}

/** Making one takes longer than using it a hundred times; there are some 600 zones. */
const clocks = new Map<string, Intl.DateTimeFormat>()

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = clocks.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZone,
  })
  clocks.set(timeZone, made)
  return made
}
