/** All rules at one moment: what each sees, where it stands, and what changed. */
import type { AlertRule } from '../../protocol/alerts.ts'
import { readingOf, ruleInForce, type Reading, type Rule, type View } from './rule.ts'
import type { AlertSettings } from './settings.ts'
import { ok, turned, type Standing, type Turn } from './standing.ts'

export type Standings = ReadonlyMap<string, Standing>

export type Evaluated = Turn & { readonly rule: AlertRule; readonly reading: Reading }

/** @param view undefined where nothing is known of the last minute */
export const evaluate = (
  rules: readonly Rule[],
  standings: Standings,
  {
    settings,
    view,
    now,
  }: {
    readonly settings: AlertSettings
    readonly view: View | undefined
    readonly now: number
  },
): Evaluated[] =>
  rules.map((rule) => {
    const inForce = ruleInForce(rule, settings)
    const reading = readingOf(rule, view, inForce.clears_below)
    return {
      rule: inForce,
      reading,
      ...turned(standings.get(rule.name) ?? ok, reading, inForce, now),
    }
  })
