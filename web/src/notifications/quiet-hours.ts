/** Hours in which nobody wants to be disturbed, by the clock on the wall of their zone. Pure. */
import type { QuietHours } from '../../../src/protocol/notification.ts'

/** An end before the start is on the next day. The start is quiet, the end is not. A zone the browser does not know is never quiet. */
export const isQuiet = (quiet_hours: QuietHours | null, now_ms: number): boolean => {
  if (quiet_hours === null) return false
  const { start, end, time_zone } = quiet_hours
  const time = timeIn(time_zone, now_ms)
  if (time === undefined) return false
  return start < end ? start <= time && time < end : start <= time || time < end
}

const timeIn = (time_zone: string, now_ms: number): string | undefined => {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: time_zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(now_ms)
  } catch {
    return undefined
  }
}
