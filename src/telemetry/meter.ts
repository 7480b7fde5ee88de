/**
 * The counters and histograms of this isolate (OPS-1). Objects count here, without a call; what has
 * come together is handed to a collector now and then (`report.ts`).
 */
import { catalogue, type MetricName } from '../domain/metrics/catalogue.ts'
import type { SeriesKey } from '../domain/metrics/snapshot.ts'

type Labels = Readonly<Record<string, string | number>>

/** Adds to a counter. Label values come from the code or are bounded, never what people wrote. */
export const count = (name: MetricName, labels?: Labels, by = 1): void => {
  const key = seriesKey(name, labels)
  counters.set(key, (counters.get(key) ?? 0) + by)
}

/** @param seconds what a histogram is to take in */
export const observe = (name: MetricName, seconds: number, labels?: Labels): void => {
  const bounds = (catalogue[name] as { buckets?: readonly number[] }).buckets ?? []
  const key = seriesKey(name, labels)
  let histogram = histograms.get(key)
  if (!histogram) {
    histogram = { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 }
    histograms.set(key, histogram)
  }
  const found = bounds.findIndex((bound) => seconds <= bound)
  const bucket = found < 0 ? bounds.length : found
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1
  histogram.sum += seconds
}

const counters = new Map<SeriesKey, number>()
const histograms = new Map<SeriesKey, { counts: number[]; sum: number }>()

const seriesKey = (name: MetricName, labels: Labels = {}): SeriesKey => {
  const entries = Object.entries(labels)
  if (entries.length === 0) return name
  return `${name}{${entries.map(([label, value]) => `${label}="${value}"`).join(',')}}`
}
