/** The name of a series: its metric and its labels, always all of them and in the catalogue's order. */
import { catalogue, type MetricDefinition, type MetricName } from './catalogue.ts'
import type { SeriesKey } from './snapshot.ts'

/** Values come from the code or are bounded, never what people wrote. One left out is empty. */
export type Labels = Readonly<Record<string, string | number>>

/** Where more label sets than a metric keeps end up. */
const OTHER = 'other'

export const seriesKey = (name: MetricName, given: Labels | undefined): SeriesKey =>
  keyOf(name, (label) => given?.[label] ?? '')

/** Of what comes beyond `series_max_count`. */
export const otherKey = (name: MetricName): SeriesKey => keyOf(name, () => OTHER)

const keyOf = (name: MetricName, valueOf: (label: string) => string | number): SeriesKey => {
  const { labels }: MetricDefinition = catalogue[name]
  if (labels === undefined || labels.length === 0) return name
  let key = `${name}{`
  for (const label of labels) {
    const value = valueOf(label)
    if (key.length > name.length + 1) key += ','
    key += `${label}="${typeof value === 'number' ? value : escaped(value)}"`
  }
  return `${key}}`
}

const escaped = (value: string): string =>
  special.test(value)
    ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    : value

const special = /[\\"\n]/
