/** What was counted and measured, as reporters hand it over and as collectors keep it. */
import { catalogue, type MetricDefinition, type MetricName } from './catalogue.ts'

/** `muster_messages_total{lane="said"}`: name and labels, as Prometheus writes them. */
export type SeriesKey = string

/** `counts` per bucket, not cumulative; one more than there are bounds, for what is above all. */
export type HistogramValue = {
  readonly counts: readonly number[]
  readonly sum: number
}

/** Counters and histograms since the beginning, or of one interval; gauges as they are now. */
export type Snapshot = {
  readonly counters: Readonly<Record<SeriesKey, number>>
  readonly histograms: Readonly<Record<SeriesKey, HistogramValue>>
  readonly gauges: Readonly<Record<SeriesKey, number>>
}

export const nothingCounted: Snapshot = { counters: {}, histograms: {}, gauges: {} }

export const metricOf = (key: SeriesKey): MetricName => key.split('{', 1)[0] as MetricName

export const definitionOf = (key: SeriesKey): MetricDefinition => catalogue[metricOf(key)]

/** A room that is busier than most: for the operator, never a label (its id is not bounded). */
export type HotRoom = {
  readonly room_id: string
  readonly messages_per_s: number
  readonly queue_max_ms: number
  readonly sockets: number
}
