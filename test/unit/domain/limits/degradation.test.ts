import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  degradationDue,
  degrade,
  isPaused,
  pausedAt,
  undegraded,
  type Degradation,
  type Signal,
  type Signals,
} from '../../../../src/domain/limits/degradation.ts'
import { pressureSettings as settings } from '../../../../src/domain/limits/pressure-settings.ts'
import { sheddable } from '../../../../src/protocol/degradation.ts'

const at = (level: number): Degradation => ({ level, calm_since: undefined })

const measured = Object.keys(settings.up).filter((signal) => signal !== 'gateway_level') as Signal[]

/** From nothing to twice what level 5 takes. */
const aSignal = fc.constantFrom(...measured)
const signalsUpTo = (share: number) =>
  fc
    .record(
      Object.fromEntries(
        measured.map((signal) => [
          signal,
          fc.double({ min: 0, max: settings.up[signal][4] * share, noNaN: true }),
        ]),
      ),
      { requiredKeys: [] },
    )
    .map((signals) => signals as Signals)

const thresholdOf = (signal: Signal, level: number): number => settings.up[signal][level - 1] ?? NaN

describe('how much is left out', () => {
  test('[LIM-2] in the stated order, each level with those before it', () => {
    expect(pausedAt(0)).toEqual([])
    expect(pausedAt(3)).toEqual(['typing', 'presence', 'read_marks'])
    expect(pausedAt(5)).toEqual([...sheddable])
    expect(isPaused(3, 'read_marks')).toBe(true)
    expect(isPaused(3, 'search')).toBe(false)
  })

  test.each(measured)('[LIM-2] %s alone raises every level in turn', (signal) => {
    for (const level of [1, 2, 3, 4, 5]) {
      const value = thresholdOf(signal, level)
      expect(degrade(undegraded, { [signal]: value }, { now: 0, settings }).level).toBe(level)
      const below = degrade(undegraded, { [signal]: value * 0.999 }, { now: 0, settings })
      expect(below.level).toBe(level - 1)
    }
  })

  test('[LIM-2] thresholds grow with the level, so that the order holds', () => {
    for (const levels of Object.values(settings.up))
      expect([...levels].toSorted((one, other) => one - other)).toEqual([...new Set(levels)])
  })

  test('[LIM-2] more pressure never means less left out', () => {
    fc.assert(
      fc.property(
        ...([signalsUpTo(2), aSignal, fc.double({ min: 1, max: 3, noNaN: true })] as const),
        fc.integer({ min: 0, max: 5 }),
        (signals, signal, factor, level) => {
          const more = { ...signals, [signal]: ((signals[signal] ?? 0) + 1) * factor }
          const options = { now: 10_000, settings }
          const before = { level, calm_since: 0 }
          const one = degrade(before, signals, options)
          const other = degrade(before, more, options)
          expect(other.level).toBeGreaterThanOrEqual(one.level)
        },
      ),
    )
  })
})

describe('on the way down', () => {
  const quiet = {}

  test('[LIM-2] one level at a time, each after it has been quiet for a while', () => {
    let state = at(3)
    const levels = []
    for (let now = 0; now <= settings.stay_ms * 3; now += settings.stay_ms / 4) {
      state = degrade(state, quiet, { now, settings })
      levels.push(state.level)
    }
    expect(levels).toEqual([3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0])
  })

  test('[LIM-2] a moment of pressure in between begins the wait anew', () => {
    const held = { commit_ms: thresholdOf('commit_ms', 2) * 0.9 }
    let state = degrade(at(2), quiet, { now: 0, settings })
    state = degrade(state, held, { now: settings.stay_ms - 1, settings })
    state = degrade(state, quiet, { now: settings.stay_ms, settings })
    state = degrade(state, quiet, { now: settings.stay_ms * 2 - 1, settings })
    expect(state.level).toBe(2)
    state = degrade(state, quiet, { now: settings.stay_ms * 2, settings })
    expect(state.level).toBe(1)
  })

  test('[LIM-2] a signal that swings between the two thresholds changes nothing', () => {
    fc.assert(
      fc.property(
        aSignal,
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 10, max: 5_000 }),
        (signal, level, swings, pause_ms) => {
          const upper = thresholdOf(signal, level)
          const lower = upper * settings.down_share
          // Where the bands of two levels overlap, the lower level is left alone, too.
          let state = degrade(undegraded, { [signal]: upper }, { now: 0, settings })
          swings.forEach((share, index) => {
            const value = lower + (upper - lower) * share
            state = degrade(state, { [signal]: value }, { now: (index + 1) * pause_ms, settings })
            expect(state.level).toBe(level)
          })
        },
      ),
    )
  })

  test('[LIM-2] whatever the signals do, a level is never taken back twice within the wait', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(signalsUpTo(1.5), fc.integer({ min: 1, max: 3_000 })), { maxLength: 80 }),
        (moments) => {
          let [state, now, down_at] = [undegraded, 0, -Infinity]
          for (const [signals, pause_ms] of moments) {
            now += pause_ms
            const before = state.level
            state = degrade(state, signals, { now, settings })
            if (state.level >= before) continue
            expect(before - state.level).toBe(1)
            expect(now - down_at).toBeGreaterThanOrEqual(settings.stay_ms)
            down_at = now
          }
        },
      ),
    )
  })

  test('[LIM-2] nobody has to look again once nothing is left out', () => {
    expect(degradationDue(undegraded, { now: 5, settings })).toBeUndefined()
    let [state, now, looks] = [at(5), 0, 0]
    for (;;) {
      state = degrade(state, {}, { now, settings })
      const due = degradationDue(state, { now, settings })
      if (due === undefined) break
      expect(due).toBeGreaterThan(now)
      now = due
      looks += 1
    }
    expect(state.level).toBe(0)
    expect(looks).toBe(5)
  })
})

describe('what the gateway says', () => {
  test('[LIM-2] counts as it is, and holds its level as long as it is said', () => {
    const options = { now: 0, settings }
    expect(degrade(undegraded, { gateway_level: 4 }, options).level).toBe(4)
    expect(degrade(at(4), { gateway_level: 3 }, { ...options, now: 1 }).calm_since).toBe(1)
    expect(degrade(at(3), { gateway_level: 3 }, options)).toEqual(at(3))
  })
})
