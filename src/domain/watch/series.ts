/** From samples to the lines of the charts (OPS-3), each with one value per instant. */
import type { Series, SeriesName } from '../../protocol/operations.ts'
import { percentile } from './percentile.ts'
import {
  merged,
  type CountName,
  type DurationName,
  type GaugeName,
  type PoolGauges,
  type Sample,
} from './sample.ts'
import { boundsOf } from './standing.ts'

/**
 * @param samples ascending
 * @param at ends of the steps, ascending and `step_ms` apart
 */
export const seriesOf = (
  samples: readonly Sample[],
  at: readonly number[],
  step_ms: number,
): Series[] => {
  const steps = stepsOf(samples, at, step_ms)
  const shards = new Set(samples.flatMap(({ pools }) => pools.map(({ shard }) => shard)))
  const whole = Object.entries(readers).map(([name, read]) => ({
    name: name as SeriesName,
    shard: null,
    values: steps.map((step) => (step ? read(step) : null)),
  }))
  const pools = [...shards]
    .toSorted((one, other) => one - other)
    .flatMap((shard) =>
      Object.entries(poolParts).map(([name, part]) => ({
        name: name as SeriesName,
        shard,
        values: steps.map(
          (step) => step?.pools.find((pool) => pool.shard === shard)?.[part] ?? null,
        ),
      })),
    )
  return [...whole, ...pools]
}

/** Per second; null where nothing is known. */
export const rateOf = (
  { counts, covered_ms }: Sample,
  ...names: readonly CountName[]
): number | null =>
  covered_ms === 0
    ? null
    : rounded((names.reduce((sum, name) => sum + (counts[name] ?? 0), 0) * 1_000) / covered_ms)

/** Milliseconds; null where nothing was measured. */
export const percentileOf = (
  { durations }: Sample,
  name: DurationName,
  share: number,
): number | null => {
  const seconds = percentile(share, durations[name] ?? [], boundsOf(name))
  return seconds === null ? null : rounded(seconds * 1_000)
}

type Reader = (sample: Sample) => number | null

const rate =
  (...names: readonly CountName[]): Reader =>
  (sample) =>
    rateOf(sample, ...names)

const gauge =
  (name: GaugeName): Reader =>
  ({ gauges }) =>
    gauges[name] ?? null

const p =
  (name: DurationName, share: number): Reader =>
  (sample) =>
    percentileOf(sample, name, share)

const poolParts = {
  pool_in_use: 'in_use',
  pool_idle: 'idle',
  pool_waiting: 'waiting',
  pool_overflow: 'overflow',
  pool_max: 'max',
} as const satisfies Partial<Record<SeriesName, keyof PoolGauges>>

const readers: Readonly<Record<Exclude<SeriesName, keyof typeof poolParts>, Reader>> = {
  said: rate('said'),
  burst: rate('burst'),
  deliveries: rate('deliveries'),
  requests: rate('requests'),
  errors: rate('failed_requests', 'failed_frames'),
  rate_limited: rate('rate_limited'),
  slow_statements: rate('slow_statements'),
  broadcast_p50: p('broadcast', 0.5),
  broadcast_p95: p('broadcast', 0.95),
  broadcast_p99: p('broadcast', 0.99),
  queue_p50: p('queue', 0.5),
  queue_p99: p('queue', 0.99),
  commit_p50: p('commit', 0.5),
  commit_p95: p('commit', 0.95),
  commit_p99: p('commit', 0.99),
  pool_wait_p50: p('pool_wait', 0.5),
  pool_wait_p99: p('pool_wait', 0.99),
  statement_p50: p('statement', 0.5),
  statement_p99: p('statement', 0.99),
  accept_p50: p('accept', 0.5),
  accept_p95: p('accept', 0.95),
  accept_p99: p('accept', 0.99),
  room_sockets: gauge('room_sockets'),
  inbox_sockets: gauge('inbox_sockets'),
  rooms: gauge('rooms'),
  buffer_high: gauge('buffer_high'),
  buffer_normal: gauge('buffer_normal'),
  buffer_low: gauge('buffer_low'),
  buffer_fill: gauge('buffer_fill'),
  buffer_oldest_s: gauge('buffer_oldest_s'),
  circuits_open: ({ gauges: { circuits_open: outside, databases_away: inside } }) =>
    outside === undefined && inside === undefined ? null : (outside ?? 0) + (inside ?? 0),
  level: gauge('level'),
  memory_fill: gauge('memory_fill'),
  alerts_firing: gauge('alerts_firing'),
}

/**
 * One per instant. A sample that was late covers the steps before it, too: there nothing is
 * missing, only less exactly known.
 */
const stepsOf = (
  samples: readonly Sample[],
  at: readonly number[],
  step_ms: number,
): (Sample | undefined)[] => {
  let next = 0
  return at.map((end) => {
    while ((samples[next]?.at ?? Infinity) <= end - step_ms) next += 1
    const first = next
    while ((samples[next]?.at ?? Infinity) <= end) next += 1
    if (next > first) return merged(samples.slice(first, next))
    const late = samples[next]
    return late && late.at - late.covered_ms < end - step_ms / 2 ? late : undefined
  })
}

/** To a thousandth: an answer of a day is long enough. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
