/** Times in payloads, to the microsecond. */
import { expect, test } from 'vitest'
import { microsecondsOf } from '../../../../src/domain/proof/instant.ts'

const second = Date.parse('2026-11-22T09:32:42Z') * 1_000

test.each([
  ['2026-11-22T09:32:42Z', second],
  ['2026-11-22T09:32:42.123Z', second + 123_000],
  ['2026-11-22T09:32:42.000001Z', second + 1],
  ['2026-11-22T17:32:42.123456+08:00', second + 123_456],
  ['2026-11-22T17:32:42.5+08', second + 500_000],
  ['2026-11-22', undefined],
  ['2026-13-22T09:32:42Z', undefined],
  ['2026-11-22 09:32:42Z', undefined],
  ['infinity', undefined],
])('[MSG-11] %s', (text, microseconds) => {
  expect(microsecondsOf(text)).toBe(microseconds)
})
