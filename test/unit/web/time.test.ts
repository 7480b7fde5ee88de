import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { en } from '../../../web/src/i18n/en.ts'
import {
  dayOf,
  durationOf,
  formatDay,
  formatFull,
  formatTime,
  untilNextMinute,
} from '../../../web/src/time.ts'

const ms = (text: string) => Date.parse(text)
const noon = ms('2026-11-22T12:00:00+08:00')

test.each([
  ['2026-11-22T09:05:00+08:00', '09:05'],
  ['2026-11-22T00:00:00+08:00', '00:00'],
  ['2026-11-22T00:05:59+08:00', '00:05'],
  ['2026-11-21T23:59:59.999+08:00', '11/21 23:59'],
  ['2026-01-02T03:04:05+08:00', '01/02 03:04'],
  ['2026-11-23T00:00:00+08:00', '11/23 00:00'],
])('[WEB-2] %s at noon of the 22nd is %s', (at, text) => {
  expect(formatTime(ms(at), noon)).toBe(text)
})

test('[WEB-2] at midnight in Taipei "today" turns into a date', () => {
  const at = ms('2026-11-22T23:59:00+08:00')
  expect(formatTime(at, ms('2026-11-22T23:59:59.999+08:00'))).toBe('23:59')
  expect(formatTime(at, ms('2026-11-23T00:00:00.000+08:00'))).toBe('11/22 23:59')
})

test('[WEB-2] never 24:00, and the day changes at 16:00 UTC', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: ms('1980-01-01T00:00:00Z'), max: ms('2100-01-01T00:00:00Z') }),
      (at) => {
        expect(formatTime(at, at)).toMatch(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
        expect(formatTime(at, at + 86_400_000)).toMatch(/^\d\d\/\d\d \d\d:\d\d$/)
        expect(new Date(at + 8 * 3_600_000).toISOString().slice(11, 16)).toBe(formatTime(at, at))
      },
    ),
  )
  expect(dayOf(ms('2026-11-22T16:00:00Z')) - dayOf(ms('2026-11-22T15:59:59.999Z'))).toBe(1)
})

test('[WEB-2] the same in any zone of the device', () => {
  const before = process.env['TZ']
  try {
    for (const zone of ['America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Kiritimati']) {
      process.env['TZ'] = zone
      expect(formatTime(ms('2026-11-21T16:30:00Z'), noon)).toBe('00:30')
    }
  } finally {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  }
})

test('[WEB-3] day lines name the weekday, and the year when it is another', () => {
  expect(formatDay(ms('2026-11-20T12:00:00+08:00'), noon, 'en')).toBe('Fri, Nov 20')
  expect(formatDay(ms('2025-12-31T23:00:00+08:00'), noon, 'en')).toBe('Wed, Dec 31, 2025')
  expect(formatDay(ms('2026-11-20T12:00:00+08:00'), noon, 'zh-TW')).toMatch(/^11月20日.*週五/)
})

test('[WEB-2] tooltips say the zone', () => {
  expect(formatFull(noon, 'en')).toMatch(/2026.*12:00:00 GMT\+8$/)
})

test('[WEB-2] the clock ticks at the full minute', () => {
  expect(untilNextMinute(ms('2026-11-22T12:00:59.999Z'))).toBe(1)
  expect(untilNextMinute(ms('2026-11-22T12:00:00.000Z'))).toBe(60_000)
})

test.each([
  [-5_000, '0 min'],
  [59_999, '0 min'],
  [60_000, '1 min'],
  [3_600_000 * 2 + 600_000, '2 h 10 min'],
  [3_600_000 * 26, '1 d 2 h'],
])('[WEB-1] %s ms since it was opened are said as %s', (ms_since, text) => {
  expect(en.duration(durationOf(ms_since))).toBe(text)
})
