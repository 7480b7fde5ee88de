/** Which alert one should see first, and which of the history one asked for. Pure. */
import type { Alert } from '../../../src/protocol/alerts.ts'

/** Critical before warning, unseen before acknowledged, the latest before what is known for long. */
export const worstFirst = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted(
    (a, b) =>
      rankOf(b) - rankOf(a) ||
      Number(a.acknowledged_at !== null) - Number(b.acknowledged_at !== null) ||
      b.since.localeCompare(a.since),
  )

const rankOf = ({ severity }: Alert): number => (severity === 'critical' ? 1 : 0)

export type HistoryFilter = {
  readonly state: 'all' | Alert['state']
  /** Empty: any. */
  readonly rule: string
}

export const matching = (alerts: readonly Alert[], filter: HistoryFilter): readonly Alert[] =>
  alerts.filter(
    (alert) =>
      (filter.state === 'all' || alert.state === filter.state) &&
      (filter.rule === '' || alert.rule === filter.rule),
  )
