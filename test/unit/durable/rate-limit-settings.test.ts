/** The variables of the rate limits: taken, or named where they are bad. */
import { describe, expect, test } from 'vitest'
import { readRateLimits } from '../../../src/durable/rate-limit-settings.ts'
import { SettingsError } from '../../../src/lib/variables.ts'

describe('[LIM-1] RATE_LIMIT_…', () => {
  test('lets a burst of 10,000 one-way messages pass where nothing else is said', () => {
    const { window_ms, limits } = readRateLimits({})
    expect(window_ms).toBe(60_000)
    expect(limits).toEqual({ basic: 15_000, premium: 60_000, enterprise: 300_000 })
  })

  test('is taken from the environment, the window in seconds', () => {
    const limits = { basic: 10, premium: 60_000, enterprise: 300_000 }
    const read = readRateLimits({ RATE_LIMIT_WINDOW: '5', RATE_LIMIT_BASIC: '10' })
    expect(read).toEqual({ window_ms: 5_000, limits })
  })

  test.each([
    ['RATE_LIMIT_WINDOW', '0'],
    ['RATE_LIMIT_WINDOW', '3601'],
    ['RATE_LIMIT_BASIC', '0'],
    ['RATE_LIMIT_PREMIUM', '1.5'],
    ['RATE_LIMIT_ENTERPRISE', 'many'],
  ])('%s may not be %s', (name, value) => {
    const read = () => readRateLimits({ [name]: value })
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(name)
  })
})
