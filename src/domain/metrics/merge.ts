/** What several told, as one: sums, and where the catalogue says so the worst. */
import type { Gauges } from './report.ts'
import { definitionOf, type SeriesKey, type Snapshot } from './snapshot.ts'
import { Tally } from './tally.ts'

export const combined = (told: readonly Gauges[]): Record<SeriesKey, number> => {
  const gauges = new Map<SeriesKey, number>()
  for (const each of told)
    for (const [key, value] of Object.entries(each)) {
      const before = gauges.get(key)
      gauges.set(key, before === undefined ? value : together(key, before, value))
    }
  return Object.fromEntries(gauges)
}

/** Of several collectors. */
export const merged = (snapshots: readonly Snapshot[]): Snapshot => {
  const tally = new Tally()
  for (const snapshot of snapshots) tally.merge(snapshot)
  return { ...tally.counted(), gauges: combined(snapshots.map(({ gauges }) => gauges)) }
}

/** A metric that is not in the catalogue (an older version's) is added up. */
const together = (key: SeriesKey, one: number, other: number): number => {
  const definition: { readonly combine?: string } | undefined = definitionOf(key)
  return definition?.combine === 'max' ? Math.max(one, other) : one + other
}
