/** Times in payloads, which are text, to the microsecond that the tables keep. */

const pattern = /^(\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d(?::\d\d)?)$/

/** RFC 3339, as `wire_time` and `to_jsonb` write it. Undefined: it is no such time. */
export const microsecondsOf = (text: string): number | undefined => {
  const [, seconds, fraction = '', zone = ''] = pattern.exec(text) ?? []
  if (seconds === undefined) return undefined
  const milliseconds = Date.parse(`${seconds}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`)
  return Number.isNaN(milliseconds)
    ? undefined
    : milliseconds * 1_000 + Number(fraction.padEnd(6, '0'))
}

/** For people: RFC 3339 in UTC with milliseconds. */
export const instantText = (milliseconds: number): string => new Date(milliseconds).toISOString()
