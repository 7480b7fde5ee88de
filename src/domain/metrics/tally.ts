/**
 * Counters and histograms that grow, in memory. Bounded: a metric keeps so many series as the
 * catalogue says; what comes beyond is counted together, under the label `other`.
 */
import { catalogue, type MetricDefinition, type MetricName } from './catalogue.ts'
import { otherKey } from './series-key.ts'
import { definitionOf, metricOf, type HistogramValue, type SeriesKey } from './snapshot.ts'

export type Counted = {
  readonly counters: Readonly<Record<SeriesKey, number>>
  readonly histograms: Readonly<Record<SeriesKey, HistogramValue>>
}

export class Tally {
  readonly #counters = new Map<SeriesKey, number>()
  readonly #histograms = new Map<SeriesKey, { counts: number[]; sum: number }>()
  readonly #series_counts = new Map<MetricName, number>()

  get isEmpty(): boolean {
    return this.#counters.size === 0 && this.#histograms.size === 0
  }

  add(name: MetricName, key: SeriesKey, by: number): void {
    const before = this.#counters.get(key)
    if (before !== undefined) this.#counters.set(key, before + by)
    else if (this.#mayBegin(name, key)) this.#counters.set(key, by)
    else this.add(name, otherKey(name), by)
  }

  observe(name: MetricName, key: SeriesKey, seconds: readonly number[]): void {
    const histogram = this.#histogram(name, key)
    const bounds = boundsOf(name)
    for (const value of seconds) {
      const bucket = bucketOf(bounds, value)
      histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1
      histogram.sum += value
    }
  }

  /** What another tally counted. Metrics that the catalogue does not know any more are passed over. */
  merge({ counters, histograms }: Counted): void {
    for (const [key, value] of Object.entries(counters))
      if (isKnown(key)) this.add(metricOf(key), key, value)
    for (const [key, value] of Object.entries(histograms))
      if (isKnown(key)) this.#mergeHistogram(metricOf(key), key, value)
  }

  /** A copy. */
  counted(): Counted {
    return {
      counters: Object.fromEntries(this.#counters),
      histograms: Object.fromEntries(
        [...this.#histograms].map(([key, { counts, sum }]) => [key, { counts: [...counts], sum }]),
      ),
    }
  }

  /** All of it, once: it begins anew. */
  drain(): Counted {
    const counted = {
      counters: Object.fromEntries(this.#counters),
      histograms: Object.fromEntries(this.#histograms),
    }
    this.#counters.clear()
    this.#histograms.clear()
    this.#series_counts.clear()
    return counted
  }

  #mergeHistogram(name: MetricName, key: SeriesKey, value: HistogramValue): void {
    const histogram = this.#histogram(name, key)
    // From a version with other buckets: nobody can say where its values belong.
    if (value.counts.length !== histogram.counts.length) return
    for (const [bucket, count] of value.counts.entries())
      histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + count
    histogram.sum += value.sum
  }

  #histogram(name: MetricName, key: SeriesKey): { counts: number[]; sum: number } {
    const known = this.#histograms.get(key)
    if (known) return known
    if (!this.#mayBegin(name, key)) return this.#histogram(name, otherKey(name))
    const counts = Array.from({ length: boundsOf(name).length + 1 }, () => 0)
    const histogram = { counts, sum: 0 }
    this.#histograms.set(key, histogram)
    return histogram
  }

  /** The last place is for `other`. */
  #mayBegin(name: MetricName, key: SeriesKey): boolean {
    const count = this.#series_counts.get(name) ?? 0
    const { series_max_count } = catalogue[name]
    if (count >= series_max_count - 1 && key !== otherKey(name)) return false
    this.#series_counts.set(name, count + 1)
    return true
  }
}

const isKnown = (key: SeriesKey): boolean => (definitionOf(key) as unknown) !== undefined

const boundsOf = (name: MetricName): readonly number[] => {
  const { buckets = none }: MetricDefinition = catalogue[name]
  return buckets
}

const none: readonly number[] = []

/** The first bound that is not exceeded; the last bucket is for what exceeds all. */
const bucketOf = (bounds: readonly number[], value: number): number => {
  let bucket = 0
  while (bucket < bounds.length && value > (bounds[bucket] ?? Infinity)) bucket += 1
  return bucket
}
