import { expect, test } from 'vitest'
import { isQuiet } from '../../../web/src/notifications/quiet-hours.ts'

const taipei = (start: string, end: string) => ({ start, end, time_zone: 'Asia/Taipei' })
const at = (time: string) => Date.parse(`2026-11-22T${time}:00+08:00`)

test.each([
  ['22:00', '07:00', '21:59', false],
  ['22:00', '07:00', '22:00', true],
  ['22:00', '07:00', '00:30', true],
  ['22:00', '07:00', '06:59', true],
  ['22:00', '07:00', '07:00', false],
  ['12:00', '13:00', '12:30', true],
  ['12:00', '13:00', '13:00', false],
])('[WEB-5] from %s to %s, at %s: %s', (start, end, time, expected) => {
  expect(isQuiet(taipei(start, end), at(time))).toBe(expected)
})

test('[WEB-5] the hours are those of the zone, also when it changes its clocks', () => {
  const berlin = { start: '22:00', end: '07:00', time_zone: 'Europe/Berlin' }
  expect(isQuiet(berlin, Date.parse('2026-07-01T20:30:00Z'))).toBe(true)
  expect(isQuiet(berlin, Date.parse('2026-12-01T20:30:00Z'))).toBe(false)
})

test('[WEB-5] none, or a zone that the browser does not know: never quiet', () => {
  expect(isQuiet(null, at('03:00'))).toBe(false)
  expect(isQuiet({ ...taipei('22:00', '07:00'), time_zone: 'Mars/Base' }, at('03:00'))).toBe(false)
})
