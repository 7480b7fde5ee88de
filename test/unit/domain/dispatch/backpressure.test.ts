import { describe, expect, test } from 'vitest'
import { backoffMs } from '../../../../src/domain/dispatch/backoff.ts'
import { pressedBack, type Wish } from '../../../../src/domain/dispatch/backpressure.ts'
import { emptyLedger, finished, rateAt } from '../../../../src/domain/dispatch/ledger.ts'
import { defaultDispatchSettings } from '../../../../src/domain/dispatch/settings.ts'

const settings = {
  ...defaultDispatchSettings,
  buffer_max_count: 1_000,
  buffer_max_bytes: 1_000_000,
}
const now = 1_000_000

const ledgerOf = (overrides: { count?: number; bytes?: number; rate?: number }) =>
  Object.assign(emptyLedger(now), overrides)

const wish = (overrides: Partial<Wish> = {}): Wish => ({
  ...{ level: 1, bytes: 500, sheds_low: false, now, chance: 0.5 },
  ...overrides,
})

describe('[DISP-3] who may come in', () => {
  test.each([
    [799, 0, [undefined, undefined, undefined]],
    [800, 0, [undefined, undefined, 'rate_limited']],
    [899, 0, [undefined, undefined, 'rate_limited']],
    [900, 0, [undefined, 'rate_limited', 'rate_limited']],
    [999, 0, [undefined, 'rate_limited', 'rate_limited']],
    [1_000, 0, ['unavailable', 'unavailable', 'unavailable']],
    // The same by bytes, the new one included.
    [1, 799_500, [undefined, undefined, undefined]],
    [1, 799_501, [undefined, undefined, 'rate_limited']],
    [1, 899_501, [undefined, 'rate_limited', 'rate_limited']],
    [1, 999_501, ['unavailable', 'unavailable', 'unavailable']],
  ])('%i messages, %i bytes', (count, bytes, expected) => {
    const ledger = ledgerOf({ count, bytes })
    const codes = ([0, 1, 2] as const).map(
      (level) => pressedBack(ledger, wish({ level }), settings)?.code,
    )
    expect(codes).toEqual(expected)
  })
})

test('[LIM-2] a room that leaves out low priority is spared it, also where the buffer is empty', () => {
  const codes = ([0, 1, 2] as const).map(
    (level) => pressedBack(ledgerOf({}), wish({ level, sheds_low: true }), settings)?.code,
  )
  expect(codes).toEqual([undefined, undefined, 'rate_limited'])
})

test('[DISP-3] when to come again follows how fast the buffer empties, with chance in it, bounded', () => {
  const retryAfter = (rate: number, chance: number, level: 1 | 2 = 2) =>
    pressedBack(ledgerOf({ count: 1_000, rate }), wish({ level, chance }), settings)?.retry_after_ms
  const full = (rate: number, chance = 0.5) => retryAfter(rate, chance) ?? 0
  // Full: one twentieth has to go, at 10 in a second.
  expect(full(10)).toBe(5_000)
  expect(full(100)).toBe(500)
  expect([full(10, 0), full(10, 0.999)]).toEqual([3_750, 6_248])
  expect(full(100_000)).toBe(settings.retry_after_min_ms)
  expect(full(0.001)).toBe(settings.retry_after_max_ms)
  // Nothing has left for long: neither at once nor never.
  expect(full(0)).toBe(settings.retry_after_max_ms / 4)
})

test('[DISP-3] the rate is of late, and goes down where nothing leaves', () => {
  const ledger = emptyLedger(now)
  for (let second = 1; second <= 30; second += 1) finished(ledger, 200, now + second * 1_000)
  expect(rateAt(ledger, now + 30_000)).toBeGreaterThan(190)
  expect(rateAt(ledger, now + 30_000)).toBeLessThanOrEqual(200)
  expect(rateAt(ledger, now + 35_000)).toBeLessThan(101)
})

const pauses = (chance: number) =>
  [1, 2, 3, 8, 100].map((failures) => backoffMs(failures, chance, settings))

test('[DISP-11] each pause is twice as long, up to a bound, and not the same for all', () => {
  expect(pauses(0.5)).toEqual([500, 1_000, 2_000, 60_000, 60_000])
  expect(pauses(0)).toEqual([375, 750, 1_500, 45_000, 45_000])
})
