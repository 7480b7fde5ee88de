/** What a rule is, and what it makes of the last minute. */
import type { AlertRule, AlertSeverity } from '../../protocol/alerts.ts'
import type { Sample } from '../watch/sample.ts'
import type { AlertSettings } from './settings.ts'

export type RuleName =
  | 'error_rate'
  | 'commit_slow'
  | 'pool_waits'
  | 'callers_turned_away'
  | 'buffer_fill'
  | 'queue_age'
  | 'room_queue'
  | 'open_circuit'
  | 'database_away'
  | 'memory_fill'
  | 'degraded'
  | 'slow_statements'
  | 'reporters_lost'

export type View = {
  /** All samples of the last minute, merged. */
  readonly minute: Sample
  readonly latest: Sample
}

export type Rule = {
  readonly name: RuleName
  readonly severity: AlertSeverity
  readonly title: string
  readonly todo: string
  readonly unit: string
  readonly threshold: (settings: AlertSettings) => number
  /** Left out: as long as all. */
  readonly for_s?: (settings: AlertSettings) => number
  /** Null where nothing of the kind happened. Asked only of a minute that is covered. */
  readonly signal: (view: View) => number | null
}

/** The rule with its thresholds as they are in force. */
export const ruleInForce = (rule: Rule, settings: AlertSettings): AlertRule => {
  const { name, severity, title, todo, unit } = rule
  const threshold = rule.threshold(settings)
  const for_s = rule.for_s?.(settings) ?? settings.for_s
  return {
    ...{ rule: name, severity, title, todo, unit, threshold, for_s },
    link: `docs/operations.md#alert-${name}`,
    clears_below: Number((threshold * settings.clear_share).toPrecision(12)),
    clears_after_s: for_s,
  }
}

/**
 * What a rule sees. `unknown`: it cannot tell, so nothing begins or ends. `quiet`: nothing of the
 * kind happened, which is as good as a low figure.
 */
export type Reading = number | 'quiet' | 'unknown'

/** @param view undefined: nothing is known of the last minute */
export const readingOf = (rule: Rule, view: View | undefined, clears_below: number): Reading => {
  if (view === undefined || view.minute.covered_ms === 0) return 'unknown'
  const value = rule.signal(view)
  // A part of the deployment was not heard: what is high is so, but what is low may not be.
  const isPart = view.minute.silent > 0
  if (isPart && (value === null || value < clears_below)) return 'unknown'
  return value ?? 'quiet'
}
