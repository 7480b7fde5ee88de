/** Metrics as Prometheus reads them: its text format, version 0.0.4 (OPS-1). */
import { catalogue, type MetricDefinition, type MetricName } from './catalogue.ts'
import { metricOf, type HistogramValue, type SeriesKey, type Snapshot } from './snapshot.ts'

export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Every metric of the catalogue in its order, also where nothing was counted. */
export const exposition = (snapshot: Snapshot): string => {
  const counters = byMetric(snapshot.counters)
  const gauges = byMetric(snapshot.gauges)
  const histograms = byMetric(snapshot.histograms)
  const blocks = (Object.keys(catalogue) as MetricName[]).flatMap((name) => {
    const definition: MetricDefinition = catalogue[name]
    return [
      `# HELP ${name} ${definition.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${definition.type}`,
      ...samplesOf(name, definition, {
        values: (definition.type === 'counter' ? counters : gauges).get(name) ?? [],
        histograms: histograms.get(name) ?? [],
      }),
    ]
  })
  return `${blocks.join('\n')}\n`
}

type Samples = {
  readonly values: readonly (readonly [SeriesKey, number])[]
  readonly histograms: readonly (readonly [SeriesKey, HistogramValue])[]
}

/** One without labels is 0 before anything was counted: so its first count is an increase. */
const samplesOf = (
  name: MetricName,
  { type, labels = [], buckets = [] }: MetricDefinition,
  { values, histograms }: Samples,
): string[] => {
  const isBare = labels.length === 0
  if (type === 'histogram') {
    const empty = { counts: [], sum: 0 }
    const all = histograms.length === 0 && isBare ? [[name, empty] as const] : histograms
    return all.flatMap(([key, histogram]) => bucketsOf(key, buckets, histogram))
  }
  const all = values.length === 0 && isBare ? [[name, 0] as const] : values
  return all.map(([key, value]) => `${key} ${textOf(value)}`)
}

const bucketsOf = (
  key: SeriesKey,
  bounds: readonly number[],
  { counts, sum }: HistogramValue,
): string[] => {
  const name = metricOf(key)
  const labels = key.slice(name.length + 1, -1)
  const around = labels === '' ? '' : `{${labels}}`
  const before = labels === '' ? '' : `${labels},`
  let cumulative = 0
  const lines = [...bounds, Infinity].map((bound, bucket) => {
    cumulative += counts[bucket] ?? 0
    return `${name}_bucket{${before}le="${textOf(bound)}"} ${cumulative}`
  })
  return [...lines, `${name}_sum${around} ${textOf(sum)}`, `${name}_count${around} ${cumulative}`]
}

const byMetric = <Value>(
  values: Readonly<Record<SeriesKey, Value>>,
): ReadonlyMap<MetricName, (readonly [SeriesKey, Value])[]> =>
  Map.groupBy(Object.entries(values), ([key]) => metricOf(key))

const textOf = (value: number): string => {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}
