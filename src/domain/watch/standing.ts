/**
 * From what a collector holds, several thousand series at most, to the few figures that charts and
 * alerts are made of.
 */
import { catalogue, type MetricDefinition, type MetricName } from '../metrics/catalogue.ts'
import { metricOf, type SeriesKey, type Snapshot } from '../metrics/snapshot.ts'
import { httpStatusOf } from '../../protocol/errors.ts'
import {
  durationNames,
  gaugeNames,
  type CountName,
  type DurationName,
  type GaugeName,
  type Gauges,
  type PoolGauges,
  type Totals,
} from './sample.ts'

type Labels = Readonly<Record<string, string>>

/** The counters and histograms of one collector, since its beginning. */
export const totalsOf = ({ counters, histograms }: Snapshot): Totals => {
  const counts: Partial<Record<CountName, number>> = {}
  for (const [key, value] of Object.entries(counters)) {
    for (const name of countsOf(metricOf(key), labelsOf(key)))
      counts[name] = (counts[name] ?? 0) + value
  }
  const durations: Partial<Record<DurationName, number[]>> = {}
  for (const [key, value] of Object.entries(histograms)) {
    const name = durationOf(metricOf(key))
    if (name === undefined) continue
    const sum = (durations[name] ??= value.counts.map(() => 0))
    for (const [bucket, count] of value.counts.entries()) sum[bucket] = (sum[bucket] ?? 0) + count
  }
  return { counts, durations }
}

/** How things stand, over all collectors that answered. Reporters leave out what is zero. */
export const gaugesOf = (snapshots: readonly Snapshot[]): Gauges => {
  if (snapshots.length === 0) return { gauges: {}, pools: [] }
  const all = combined(snapshots)
  const gauges: Partial<Record<GaugeName, number>> = Object.fromEntries(
    reportedNames.map((name) => [name, 0]),
  )
  const pools = new Map<number, PoolGauges>()
  for (const [key, value] of all) {
    const metric = metricOf(key)
    const labels = labelsOf(key)
    const name = gaugeOf(metric, labels)
    if (name !== undefined) {
      const before = gauges[name]
      gauges[name] = before === undefined ? value : together(metric, before, value)
    }
    const part = poolPartOf(metric, labels)
    if (part === undefined) continue
    const shard = Number(labels['shard'])
    if (Number.isInteger(shard))
      pools.set(shard, { ...(pools.get(shard) ?? emptyPool(shard)), [part]: value })
  }
  return { gauges, pools: [...pools.values()].toSorted((one, other) => one.shard - other.shard) }
}

/** Upper bounds of what is measured, in seconds; what is above all of them has a bucket more. */
export const boundsOf = (name: DurationName): readonly number[] =>
  catalogue[durationMetrics[name]].buckets

const durationMetrics = {
  broadcast: 'muster_broadcast_duration_seconds',
  queue: 'muster_message_queue_duration_seconds',
  commit: 'muster_commit_duration_seconds',
  pool_wait: 'muster_pool_wait_seconds',
  statement: 'muster_statement_duration_seconds',
  accept: 'muster_accept_duration_seconds',
} as const satisfies Record<DurationName, MetricName>

const durationOf = (metric: MetricName): DurationName | undefined =>
  durationNames.find((name) => durationMetrics[name] === metric)

const countsOf = (metric: MetricName, labels: Labels): CountName[] => {
  switch (metric) {
    case 'muster_messages_total':
      return [labels['lane'] === 'said' ? 'said' : 'burst']
    case 'muster_deliveries_total':
      return ['deliveries']
    case 'muster_http_requests_total':
      return labels['status']?.startsWith('5') ? ['requests', 'failed_requests'] : ['requests']
    case 'muster_errors_total':
      return labels['way'] !== 'http' && isOurFault(labels['code']) ? ['failed_frames'] : []
    case 'muster_rate_limited_total':
      return ['rate_limited']
    case 'muster_slow_statements_total':
      return ['slow_statements']
    case 'muster_pool_events_total':
      return turnedAway.includes(labels['event'] ?? '') ? ['turned_away'] : []
    case 'muster_reporters_lost_total':
      return ['reporters_lost']
    default:
      return []
  }
}

const turnedAway: readonly string[] = ['timeouts', 'rejected']

const isOurFault = (code = ''): boolean =>
  code in httpStatusOf && httpStatusOf[code as keyof typeof httpStatusOf] >= 500

const gaugeOf = (metric: MetricName, labels: Labels): GaugeName | undefined => {
  switch (metric) {
    case 'muster_sockets':
      return labels['kind'] === 'room' ? 'room_sockets' : 'inbox_sockets'
    case 'muster_rooms':
      return 'rooms'
    case 'muster_buffer_messages':
      return buffers[labels['priority'] as keyof typeof buffers]
    case 'muster_buffer_fill_ratio':
      return 'buffer_fill'
    case 'muster_buffer_oldest_seconds':
      return 'buffer_oldest_s'
    case 'muster_circuits_open':
      return labels['service']?.startsWith('database') ? 'databases_away' : 'circuits_open'
    case 'muster_degradation_level':
      return 'level'
    case 'muster_memory_fill_ratio':
      // A cache is full when all is well.
      return labels['part'] === 'room_recent' ? undefined : 'memory_fill'
    default:
      return undefined
  }
}

const reportedNames = gaugeNames.filter((name) => name !== 'alerts_firing')

const buffers = { high: 'buffer_high', normal: 'buffer_normal', low: 'buffer_low' } as const

const poolPartOf = (metric: MetricName, labels: Labels): keyof PoolGauges | undefined => {
  switch (metric) {
    case 'muster_pool_connections':
      if (labels['state'] === 'in_use') return 'in_use'
      return labels['state'] === 'idle' ? 'idle' : undefined
    case 'muster_pool_waiting':
      return 'waiting'
    case 'muster_pool_overflow':
      return 'overflow'
    case 'muster_pool_limit':
      return labels['bound'] === 'max' ? 'max' : undefined
    default:
      return undefined
  }
}

const emptyPool = (shard: number): PoolGauges => ({
  ...{ shard, in_use: 0, idle: 0, waiting: 0, overflow: 0, max: 0 },
})

const combined = (snapshots: readonly Snapshot[]): Map<SeriesKey, number> => {
  const all = new Map<SeriesKey, number>()
  for (const { gauges } of snapshots)
    for (const [key, value] of Object.entries(gauges)) {
      const before = all.get(key)
      all.set(key, before === undefined ? value : together(metricOf(key), before, value))
    }
  return all
}

const together = (metric: MetricName, one: number, other: number): number => {
  const definition: MetricDefinition = catalogue[metric]
  return definition.combine === 'max' ? Math.max(one, other) : one + other
}

/** Label values are ours: none has a quotation mark in it. */
const labelsOf = (key: SeriesKey): Labels =>
  Object.fromEntries([...key.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
