import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { retrying } from '../../../src/database/retry.ts'

type Attempt = { readonly ok: boolean; readonly number: number }

/** Fails until it succeeds at the given attempt; each takes so long. */
const succeedingAt = (success: number, duration_ms = 0) => {
  const starts: number[] = []
  const attempt = async (): Promise<Attempt> => {
    starts.push(Date.now())
    const number = starts.length
    if (duration_ms > 0) await new Promise((done) => setTimeout(done, duration_ms))
    return { ok: number >= success, number }
  }
  return { starts, attempt }
}

const hasFailed = ({ ok }: Attempt): boolean => !ok

/** What comes of it in the end; the pauses take no time. */
const outcome = async (attempt: () => Promise<Attempt>): Promise<Attempt> => {
  const result = retrying(attempt, hasFailed)
  await vi.runAllTimersAsync()
  return result
}

describe('[DB-4] asking again', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is not done where the first answer is good', async () => {
    const { starts, attempt } = succeedingAt(1)
    expect(await outcome(attempt)).toEqual({ ok: true, number: 1 })
    expect(starts).toHaveLength(1)
  })

  test('ends with the first good answer', async () => {
    const { starts, attempt } = succeedingAt(3)
    expect(await outcome(attempt)).toEqual({ ok: true, number: 3 })
    expect(starts).toHaveLength(3)
  })

  test('is bounded, and the last answer is the result, bad as it is', async () => {
    const { starts, attempt } = succeedingAt(100)
    expect(await outcome(attempt)).toEqual({ ok: false, number: 4 })
    expect(starts).toHaveLength(4)
  })

  test('waits a little each time, never long', async () => {
    const { starts, attempt } = succeedingAt(100)
    await outcome(attempt)
    const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
    for (const pause of pauses) expect(pause).toBeLessThanOrEqual(500)
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(0)
  })

  test('ends early where each attempt takes long', async () => {
    const { starts, attempt } = succeedingAt(100, 3_000)
    expect(await outcome(attempt)).toEqual({ ok: false, number: 1 })
    expect(starts).toHaveLength(1)
  })

  test('passes on what is thrown, at once', async () => {
    const thrown = new Error('no such statement')
    let attempts = 0
    const result = retrying(async (): Promise<Attempt> => {
      attempts += 1
      throw thrown
    }, hasFailed)
    await expect(result).rejects.toBe(thrown)
    expect(attempts).toBe(1)
  })
})
