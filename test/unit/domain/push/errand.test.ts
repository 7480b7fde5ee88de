/** What is owed to a room's people: nothing twice, nothing forgotten, nothing for ever. */
import { describe, expect, test } from 'vitest'
import {
  afterOf,
  dueAt,
  heard,
  postponed,
  rangeOf,
  settled,
  type Attempt,
  type Errand,
} from '../../../../src/domain/push/errand.ts'
import { defaultPushLimits as limits } from '../../../../src/domain/push/settings.ts'
import { room_id } from './builders.ts'

const start = 1_000_000
const fresh = (after = 0, upto = 1) => heard(undefined, { room_id, after, upto }, start)

const attempt = (overrides: Partial<Attempt> = {}): Attempt => ({
  ...{ began_at: start, upto: 1, now: start, chance: 0.5, failed: new Map() },
  ...overrides,
})

const failing = (id = 'phone', retry_after_ms?: number): Attempt['failed'] =>
  new Map([[id, { retry_after_ms }]])

const kept = (errand: Errand | undefined): Errand => {
  if (!errand) throw new Error('nothing is owed')
  return errand
}

test('[WEB-5] what is heard is due at once, once for all who are not behind', () => {
  const errand = fresh()
  expect(dueAt(errand)).toBe(start)
  expect(rangeOf(errand, start)).toEqual({ after: 0, upto: 1 })
  expect(afterOf(errand, 'phone', start)).toBe(0)
  expect(settled(errand, attempt(), limits)).toEqual({ errand: undefined, given_up: 0 })
})

test('[WEB-5] what is heard while others are told is not lost', () => {
  const more = heard(fresh(), { room_id, after: 1, upto: 3 }, start + 10)
  const rest = kept(settled(more, attempt(), limits).errand)
  expect(rangeOf(rest, start + 10)).toEqual({ after: 1, upto: 3 })
})

test('[WEB-5] the same told twice is one', () => {
  const twice = heard(fresh(), { room_id, after: 0, upto: 1 }, start)
  expect(rangeOf(twice, start)).toEqual({ after: 0, upto: 1 })
})

describe('[LIM-3] a browser that was not reached', () => {
  const behind = kept(settled(fresh(), attempt({ failed: failing() }), limits).errand)

  test('is due later, and then hears of what it missed', () => {
    expect(dueAt(behind)).toBe(start + limits.retry_min_ms)
    expect(rangeOf(behind, start)).toBeUndefined()
    expect(afterOf(behind, 'phone', start)).toBeUndefined()
    const later = dueAt(behind)
    expect(rangeOf(behind, later)).toEqual({ after: 0, upto: 1 })
    expect(afterOf(behind, 'phone', later)).toBe(0)
    expect(afterOf(behind, 'tablet', later)).toBeUndefined()
  })

  test('is left alone while others hear of more, and then hears of all of it', () => {
    const more = heard(behind, { room_id, after: 1, upto: 2 }, start + 10)
    expect(afterOf(more, 'phone', start + 10)).toBeUndefined()
    expect(afterOf(more, 'tablet', start + 10)).toBe(1)
    const done = settled(more, attempt({ began_at: start + 10, now: start + 10, upto: 2 }), limits)
    const rest = kept(done.errand)
    const later = dueAt(rest)
    expect(later).toBe(start + limits.retry_min_ms)
    expect(rangeOf(rest, later)).toEqual({ after: 0, upto: 2 })
  })

  test('is left alone as long as its service wants', () => {
    const { errand } = settled(fresh(), attempt({ failed: failing('phone', 90_000) }), limits)
    expect(dueAt(kept(errand))).toBe(start + 90_000)
  })

  test('is asked more and more rarely, then no more', () => {
    let errand = kept(settled(fresh(), attempt({ failed: failing() }), limits).errand)
    const pauses: number[] = []
    for (let now = dueAt(errand); ; now = dueAt(errand)) {
      const tried = attempt({ began_at: now, now, failed: failing() })
      const { errand: rest, given_up } = settled(errand, tried, limits)
      if (!rest) {
        expect(given_up).toBe(1)
        break
      }
      pauses.push(dueAt(rest) - now)
      errand = rest
    }
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other))
    expect(pauses).toHaveLength(limits.attempts_max_count - 2)
  })

  test('is given up where its service wants more patience than the words are worth', () => {
    const failed = failing('phone', limits.age_max_ms + 1)
    expect(settled(fresh(), attempt({ failed }), limits)).toEqual({
      errand: undefined,
      given_up: 1,
    })
  })

  test('[LIM-4] is one of so many at most', () => {
    const few = { ...limits, behind_max_count: 2 }
    const failed = new Map(['a', 'b', 'c'].map((id) => [id, { retry_after_ms: undefined }]))
    const { errand, given_up } = settled(fresh(), attempt({ failed }), few)
    expect(Object.keys(kept(errand).behind)).toEqual(['a', 'b'])
    expect(given_up).toBe(1)
  })
})

describe('[LIM-3] while the database is away', () => {
  test('all of it is due later, more and more rarely, then no more', () => {
    let errand = fresh()
    let now = start
    for (let later = postponed(errand, now, 0.5, limits); later;) {
      expect(dueAt(later)).toBeGreaterThan(now)
      expect(rangeOf(later, now)).toBeUndefined()
      now = dueAt(later)
      expect(rangeOf(later, now)).toEqual({ after: 0, upto: 1 })
      errand = later
      later = postponed(errand, now, 0.5, limits)
    }
    expect(now - start).toBeGreaterThan(limits.age_max_ms)
  })

  test('a browser that lags behind does not have it asked the sooner', () => {
    const behind = kept(settled(fresh(), attempt({ failed: failing() }), limits).errand)
    const later = dueAt(behind)
    expect(dueAt(kept(postponed(behind, later, 0.5, limits)))).toBeGreaterThan(later)
  })
})
