/** Times and durations of a report, in any zone. */
import { expect, test } from 'vitest'
import { clockOf, durationText } from '../../../../src/domain/report/clock.ts'

test.each([
  ['Asia/Taipei', '2026-11-24T10:30:05.999Z', '2026-11-24 18:30:05 +08:00'],
  // Midnight is 00:00 of the new day, not 24:00 of the old one.
  ['Asia/Taipei', '2026-12-31T16:00:00.000Z', '2027-01-01 00:00:00 +08:00'],
  ['Asia/Taipei', '2026-12-31T15:59:59.999Z', '2026-12-31 23:59:59 +08:00'],
  // The hour that does not exist, and the two that have the same name.
  ['America/New_York', '2026-03-08T06:59:59.000Z', '2026-03-08 01:59:59 -05:00'],
  ['America/New_York', '2026-03-08T07:00:00.000Z', '2026-03-08 03:00:00 -04:00'],
  ['America/New_York', '2026-11-01T05:30:00.000Z', '2026-11-01 01:30:00 -04:00'],
  ['America/New_York', '2026-11-01T06:30:00.000Z', '2026-11-01 01:30:00 -05:00'],
  ['Asia/Kathmandu', '2026-01-01T18:15:00.000Z', '2026-01-02 00:00:00 +05:45'],
  ['UTC', '2026-01-01T00:00:00.000Z', '2026-01-01 00:00:00 +00:00'],
  ['UTC', '0099-01-01T00:00:00.500Z', '0099-01-01 00:00:00 +00:00'],
])('[API-6] in %s, %s is %s', (zone, instant, shown) => {
  expect(clockOf(zone)(instant)).toBe(shown)
})

test.each([
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.900Z', '0 s'],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:59:59.000Z', '59 min 59 s'],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T01:00:30.000Z', '1 h'],
  ['2026-01-01T00:00:00.000Z', '2026-01-03T04:05:06.000Z', '2 d 4 h 5 min'],
])('[API-6] from %s to %s: %s', (from, to, shown) => {
  expect(durationText(from, to)).toBe(shown)
})
