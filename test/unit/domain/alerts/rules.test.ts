/** Each rule over its threshold and back, by samples as they come from a deployment. */
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../../src/domain/alerts/evaluate.ts'
import { readingOf, type RuleName } from '../../../../src/domain/alerts/rule.ts'
import { rules } from '../../../../src/domain/alerts/rules.ts'
import type { Standing } from '../../../../src/domain/alerts/standing.ts'
import { merged, type Sample } from '../../../../src/domain/watch/sample.ts'
import { noon, sample } from '../watch/builders.ts'
import { inForce, ruleOf, settings, STEP_MS } from './builders.ts'

type Part = Partial<Sample>

/** 100 observations in one bucket of the catalogue, the first of which ends at 1 ms. */
const all = (bucket: number): number[] =>
  Array.from({ length: 15 }, (_, index) => (index === bucket ? 100 : 0))

/**
 * What five seconds look like: at or above the threshold, just below it but not low, and low.
 * Percentiles of the buckets lie a hundredth below their upper bounds.
 */
const cases: Readonly<Record<RuleName, { over: Part; between?: Part; low: Part; value: number }>> =
  {
    error_rate: {
      over: { counts: { requests: 60, said: 36, failed_requests: 1, failed_frames: 4 } },
      between: { counts: { requests: 1_000, failed_requests: 45 } },
      low: { counts: { requests: 1_000, failed_requests: 39 } },
      value: 0.05,
    },
    commit_slow: {
      over: { durations: { commit: all(10) } },
      between: { durations: { commit: all(9) } },
      low: { durations: { commit: all(8) } },
      value: 2_485,
    },
    pool_waits: {
      over: { durations: { pool_wait: all(9) } },
      between: { durations: { pool_wait: all(8) } },
      low: { durations: { pool_wait: all(7) } },
      value: 995,
    },
    callers_turned_away: {
      over: { counts: { turned_away: 1 } },
      low: { counts: {} },
      value: 12,
    },
    buffer_fill: {
      over: { gauges: { buffer_fill: 0.8 } },
      between: { gauges: { buffer_fill: 0.79 } },
      low: { gauges: { buffer_fill: 0.63 } },
      value: 0.8,
    },
    queue_age: {
      over: { gauges: { buffer_oldest_s: 60 } },
      between: { gauges: { buffer_oldest_s: 48 } },
      low: { gauges: { buffer_oldest_s: 47.9 } },
      value: 60,
    },
    room_queue: {
      over: { durations: { queue: all(9) } },
      // The 990th of 1,000 lies in the bucket of 500 to 1,000 ms: 688 ms.
      between: {
        durations: { queue: all(8).map((count, index) => (index === 9 ? 16 : count * 9.84)) },
      },
      low: { durations: { queue: all(8) } },
      value: 995,
    },
    open_circuit: {
      over: { gauges: { circuits_open: 1 } },
      low: { gauges: { circuits_open: 0 } },
      value: 1,
    },
    database_away: {
      over: { gauges: { databases_away: 2 } },
      low: { gauges: { databases_away: 0 } },
      value: 2,
    },
    memory_fill: {
      over: { gauges: { memory_fill: 0.95 } },
      between: { gauges: { memory_fill: 0.89 } },
      low: { gauges: { memory_fill: 0.71 } },
      value: 0.95,
    },
    degraded: {
      over: { gauges: { level: 3 } },
      low: { gauges: { level: 2 } },
      value: 3,
    },
    slow_statements: {
      over: { counts: { slow_statements: 10 } },
      between: { counts: { slow_statements: 9 } },
      low: { counts: { slow_statements: 7 } },
      value: 2,
    },
    reporters_lost: {
      over: { counts: { reporters_lost: 1 } },
      low: { counts: {} },
      value: 12,
    },
  }

/** One rule fed by samples, looked at after each, with the last minute in sight. */
class Deployment {
  readonly #name: RuleName
  readonly #samples: Sample[] = []
  #standings: ReadonlyMap<string, Standing> = new Map()
  now = noon
  readonly events: string[] = []
  value: unknown

  constructor(name: RuleName) {
    this.#name = name
  }

  pass(part: Part, steps: number): this {
    for (let step = 0; step < steps; step += 1) {
      this.now += STEP_MS
      this.#samples.push(sample({ at: this.now, ...part }))
      this.#look()
    }
    return this
  }

  get kind(): string {
    return this.#standings.get(this.#name)?.kind ?? 'ok'
  }

  #look(): void {
    const { now } = this
    const seen = this.#samples.filter(({ at }) => at > now - 60_000)
    const [minute, latest] = [merged(seen), seen.at(-1)]
    const view = minute && latest ? { minute, latest } : undefined
    const evaluated = evaluate(rules, this.#standings, { settings, view, now })
    this.#standings = new Map(evaluated.map(({ rule, standing }) => [rule.rule, standing]))
    const mine = evaluated.find(({ rule }) => rule.rule === this.#name)
    this.value = mine?.reading
    if (mine?.event) this.events.push(mine.event.kind)
    const others = evaluated.filter(({ rule, event }) => event && rule.rule !== this.#name)
    expect(others).toEqual([])
  }
}

const stepsFor = (name: RuleName) => inForce(name).for_s / 5

test('[OPS-2] there are thirteen rules, each with what to do and where to read on', () => {
  expect(rules.map(({ name }) => name).toSorted()).toEqual(Object.keys(cases).toSorted())
  for (const { name } of rules) {
    const rule = inForce(name)
    expect(rule.link).toBe(`docs/operations.md#alert-${name}`)
    expect(rule.title).toMatch(/^[A-Z].+\.$/)
    expect(rule.todo).toMatch(/^[A-Z].+\.$/)
    expect(rule.clears_below).toBeCloseTo(rule.threshold * 0.8, 9)
  }
})

describe.each(Object.entries(cases) as [RuleName, (typeof cases)[RuleName]][])(
  '[OPS-2] %s',
  (name, { over, between, low, value }) => {
    const steps = stepsFor(name)
    /** A full minute of it is in sight from here on. */
    const ready = () => new Deployment(name).pass(low, 12)

    test('fires when it is over its threshold for so long, and ends when it is low for so long', () => {
      const deployment = ready().pass(over, 24 + steps)
      expect(deployment.events).toEqual(['fired'])
      expect(deployment.value).toBeCloseTo(value, 6)
      // What came in the last minute is in sight for a minute more, if it is counted or measured.
      deployment.pass(low, steps - 1)
      expect(deployment.kind).toBe('firing')
      deployment.pass(low, 14)
      expect(deployment.events).toEqual(['fired', 'resolved'])
      expect(deployment.kind).toBe('ok')
    })

    test('does not fire where that is too short', () => {
      const deployment = ready().pass(over, 1).pass(low, 60)
      expect(deployment.events).toEqual([])
    })

    test.runIf(between)('does not fire just below, and hovers there while it fires', () => {
      expect(ready().pass(between ?? {}, 100).events).toEqual([])
      const deployment = ready().pass(over, 24 + steps)
      for (let round = 0; round < 20; round += 1) deployment.pass(between ?? {}, 10).pass(over, 1)
      expect(deployment.pass(between ?? {}, 100).events).toEqual(['fired'])
      expect(deployment.pass(low, 14 + steps).events).toEqual(['fired', 'resolved'])
    })

    test('neither fires nor ends while nothing is known', () => {
      const blind = { covered_ms: 0, silent: 1 }
      expect(ready().pass(blind, 100).events).toEqual([])
      const deployment = ready()
        .pass(over, 24 + steps)
        .pass(blind, 200)
      expect(deployment.events).toEqual(['fired'])
      expect(deployment.value).toBe('unknown')
      expect(deployment.pass(low, 12 + steps).events).toEqual(['fired', 'resolved'])
    })

    test('does not end by what a part of the deployment says, but fires by it', () => {
      const deployment = ready().pass({ ...over, silent: 1 }, 24 + steps)
      expect(deployment.events).toEqual(['fired'])
      expect(deployment.pass({ ...low, silent: 1 }, 100).events).toEqual(['fired'])
    })
  },
)

test('[OPS-2] one failure among few answers is not an error rate', () => {
  const rule = ruleOf('error_rate')
  const minute = sample({ counts: { requests: 2, failed_requests: 1 } })
  expect(readingOf(rule, { minute, latest: minute }, 0.04)).toBe(0.05)
  const none = sample()
  expect(readingOf(rule, { minute: none, latest: none }, 0.04)).toBe(0)
})
