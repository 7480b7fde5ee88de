import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reading } from '../../../../src/domain/alerts/rule.ts'
import { Course, STEP_MS } from './builders.ts'

const bar = { threshold: 100, for_s: 60, clears_below: 80, clears_after_s: 60 }
const course = (over: Partial<typeof bar> = {}) => new Course({ ...bar, ...over })
const fired = (at_s: number) => ({ kind: 'fired', at_s })
const resolved = (at_s: number) => ({ kind: 'resolved', at_s })

describe('[OPS-2] an alert', () => {
  test('fires when the figure was at its threshold for so long, and not one look earlier', () => {
    expect(course().see(100, 12).standing.kind).toBe('pending')
    expect(course().see(100, 12).events).toEqual([])
    expect(course().see(100, 13).events).toEqual([fired(60)])
  })

  test('does not fire just below, however long', () => {
    expect(course().see(99.9, 500).standing).toEqual({ kind: 'ok' })
  })

  test('begins anew after one look below', () => {
    expect(course().see(500, 12).see(99.9).see(500, 12).events).toEqual([])
    expect(course().see(500, 12).see(99.9).see(500, 13).events).toEqual([fired(125)])
  })

  test('at once where it need not last', () => {
    expect(course({ for_s: 0 }).see(100).events).toEqual([fired(0)])
  })

  test('ends when the figure was low for so long, and not one look earlier', () => {
    expect(course().see(200, 13).see(79.9, 12).events).toEqual([fired(60)])
    expect(course().see(200, 13).see(79.9, 13).events).toEqual([fired(60), resolved(125)])
  })

  test('stays while the figure hovers between, and does not fire again', () => {
    const hovering = course().see(200, 13)
    for (let round = 0; round < 50; round += 1) hovering.see(99, 3).see(80, 3).see(120, 3)
    expect(hovering.see(80, 200).events).toEqual([fired(60)])
    expect(hovering.standing).toMatchObject({ kind: 'firing', worst: 200, value: 80 })
  })

  test('counts low time anew after one look that is not low', () => {
    const dipping = course().see(200, 13).see(10, 12).see(80).see(10, 12)
    expect(dipping.events).toEqual([fired(60)])
    expect(dipping.see(10).events).toHaveLength(2)
  })

  test('that ended fires again only after the whole time', () => {
    const again = course().see(200, 13).see(0, 13).see(200, 12)
    expect(again.events).toHaveLength(2)
    expect(again.see(200).events).toHaveLength(3)
  })

  test('is as good as low where nothing of the kind happens', () => {
    expect(course().see(200, 6).see('quiet').see(200, 12).events).toEqual([])
    expect(course().see(200, 13).see('quiet', 13).events).toEqual([fired(60), resolved(125)])
  })

  test('remembers since when, and the worst', () => {
    const worse = course().see(150, 5).see(900).see(120, 10)
    expect(worse.standing).toMatchObject({ kind: 'firing', worst: 900, value: 120 })
    expect(worse.standing).toMatchObject({ since: worse.now - 16 * STEP_MS })
  })

  describe('does not know', () => {
    test('and so neither fires nor ends', () => {
      expect(course().see('unknown', 500).standing).toEqual({ kind: 'ok' })
      expect(course().see(200, 12).see('unknown', 500).events).toEqual([])
      expect(course().see(200, 13).see('unknown', 500).events).toEqual([fired(60)])
      expect(course().see(200, 13).see(0, 12).see('unknown', 500).events).toEqual([fired(60)])
    })

    test('for a moment, and goes on as if it had seen it', () => {
      expect(course().see(200, 6).see('unknown', 4).see(200, 3).events).toEqual([fired(60)])
    })

    test('for long, and then counts anew what it sees, above and below', () => {
      expect(course().see(200, 12).see('unknown', 7).see(200, 12).events).toEqual([])
      expect(course().see(200, 12).see('unknown', 7).see(200, 13).events).toHaveLength(1)
      const firing = course().see(200, 13).see(0, 12).see('unknown', 7)
      expect(firing.see(0, 12).events).toHaveLength(1)
      expect(firing.see(0).events).toHaveLength(2)
    })
  })

  test('fires and ends in turn, never sooner than it may', () => {
    const reading = fc.oneof(
      fc.constantFrom<Reading>('quiet', 'unknown', 100, 80, 79, 99, 500, 0),
      fc.double({ min: 0, max: 200, noNaN: true }),
    )
    const stretches = fc.array(fc.tuple(reading, fc.integer({ min: 1, max: 30 })), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(stretches, (all) => {
        const one = course()
        for (const [value, steps] of all) one.see(value, steps)
        for (const [index, { kind, at_s }] of one.events.entries()) {
          expect(kind).toBe(index % 2 === 0 ? 'fired' : 'resolved')
          expect(at_s - (one.events[index - 1]?.at_s ?? 0)).toBeGreaterThanOrEqual(60)
        }
      }),
    )
  })
})
