/** Quiet hours by the clock on the wall: across midnight, and on days that are not 24 hours long. */
import { describe, expect, test } from 'vitest'
import { isQuiet } from '../../../../src/domain/push/quiet-hours.ts'

const taipei = { start: '22:00', end: '07:00', time_zone: 'Asia/Taipei' }
const at = (time: string): number => Date.parse(time)

test('[WEB-5] whoever has none is never quiet', () => {
  expect(isQuiet(null, at('2026-11-22T15:00:00Z'))).toBe(false)
})

describe('[WEB-5] across midnight in Taipei', () => {
  test.each([
    ['2026-11-22T13:59:59Z', false],
    ['2026-11-22T14:00:00Z', true],
    ['2026-11-22T16:30:00Z', true],
    ['2026-11-22T22:59:59Z', true],
    ['2026-11-22T23:00:00Z', false],
    ['2026-11-23T04:00:00Z', false],
  ])('%s: %s', (time, expected) => expect(isQuiet(taipei, at(time))).toBe(expected))
})

describe('[WEB-5] within a day', () => {
  const noon = { start: '12:00', end: '13:30', time_zone: 'UTC' }
  test.each([
    ['2026-11-22T11:59:00Z', false],
    ['2026-11-22T12:00:00Z', true],
    ['2026-11-22T13:29:59Z', true],
    ['2026-11-22T13:30:00Z', false],
  ])('%s: %s', (time, expected) => expect(isQuiet(noon, at(time))).toBe(expected))
})

describe('[WEB-5] where summer time begins and ends', () => {
  const berlin = { start: '22:00', end: '07:00', time_zone: 'Europe/Berlin' }
  test.each([
    // The clock goes from 02:00 to 03:00; 07:00 is 05:00 in UTC, not 06:00.
    ['2026-03-29T04:59:00Z', true],
    ['2026-03-29T05:00:00Z', false],
    // And back from 03:00 to 02:00.
    ['2026-10-25T05:30:00Z', true],
    ['2026-10-25T06:00:00Z', false],
  ])('%s: %s', (time, expected) => expect(isQuiet(berlin, at(time))).toBe(expected))
})

test('a zone that is unknown is not quiet: rather one push too many', () => {
  expect(isQuiet({ ...taipei, time_zone: 'Mars/Base' }, at('2026-11-22T15:00:00Z'))).toBe(false)
})
