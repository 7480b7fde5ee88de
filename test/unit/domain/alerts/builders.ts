/** A rule driven through time: one reading every five seconds. */
import { ruleInForce, type Reading, type RuleName } from '../../../../src/domain/alerts/rule.ts'
import { rules } from '../../../../src/domain/alerts/rules.ts'
import type { AlertSettings } from '../../../../src/domain/alerts/settings.ts'
import { ok, turned, type Bar, type Standing } from '../../../../src/domain/alerts/standing.ts'
import { noon } from '../watch/builders.ts'

export const settings: AlertSettings = {
  ...{ error_ratio: 0.05, commit_p99_ms: 1_000, pool_wait_p99_ms: 500, room_queue_p99_ms: 800 },
  ...{ buffer_fill: 0.8, queue_age_s: 60, memory_fill: 0.9, slow_statements_per_s: 2, level: 3 },
  ...{ for_s: 60, clear_share: 0.8 },
}

export const ruleOf = (name: RuleName) => {
  const rule = rules.find((one) => one.name === name)
  if (!rule) throw new Error(`no rule ${name}`)
  return rule
}

export const inForce = (name: RuleName) => ruleInForce(ruleOf(name), settings)

export const STEP_MS = 5_000

/** Readings one after the other; each for `steps` looks. */
export class Course {
  standing: Standing = ok
  now = noon
  readonly events: { kind: 'fired' | 'resolved'; at_s: number }[] = []
  readonly #bar: Bar

  constructor(bar: Bar) {
    this.#bar = bar
  }

  see(reading: Reading, steps = 1): this {
    for (let step = 0; step < steps; step += 1) {
      const { standing, event } = turned(this.standing, reading, this.#bar, this.now)
      this.standing = standing
      if (event) this.events.push({ kind: event.kind, at_s: (this.now - noon) / 1_000 })
      this.now += STEP_MS
    }
    return this
  }
}
