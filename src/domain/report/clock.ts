/** Times as a report shows them: on the clocks of the zone asked for, with its offset from UTC. */

export type ShowTime = (instant: string) => string

/**
 * `2026-11-24 18:30:05 +08:00`. The offset tells apart the two hours of the night in which clocks
 * are set back.
 * @throws RangeError for a zone that does not exist
 */
export const clockOf = (time_zone: string): ShowTime => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: time_zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    // With h24 or hour12 midnight would be 24:00.
    hourCycle: 'h23',
  })
  return (instant) => {
    const at = Date.parse(instant)
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, value]),
    )
    const { year = '', month, day, hour, minute, second } = parts
    const date = `${year.padStart(4, '0')}-${month}-${day}`
    const time = `${hour}:${minute}:${second}`
    const ahead_ms = Date.parse(`${date}T${time}Z`) - Math.floor(at / 1_000) * 1_000
    return `${date} ${time} ${offsetText(ahead_ms)}`
  }
}

/** Zones of old times were off by odd seconds; those are rounded away. */
const offsetText = (ahead_ms: number): string => {
  const minutes = Math.round(ahead_ms / 60_000)
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `1 d 4 h 5 min`; seconds only below an hour. */
export const durationText = (from: string, to: string): string => {
  const seconds = Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1_000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds < 3_600 ? seconds % 60 : 0, 's'],
  ] as const
  const shown = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`)
  return shown.join(' ') || '0 s'
}
