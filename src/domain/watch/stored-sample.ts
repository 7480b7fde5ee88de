/** A sample as it is kept: JSON in which what is zero is left out. */
import type { DurationName, GaugeName, PoolGauges, Sample, Totals } from './sample.ts'

type Stored = {
  /** covered_ms */
  readonly d: number
  /** silent; left out: 0 */
  readonly s?: number
  readonly c: Totals['counts']
  /** The number of buckets, then bucket and count of those that are not empty. */
  readonly h: Readonly<Partial<Record<DurationName, readonly number[]>>>
  readonly g: Readonly<Partial<Record<GaugeName, number>>>
  /** shard, in_use, idle, waiting, overflow, max */
  readonly p: readonly (readonly number[])[]
}

export const storedSample = (sample: Sample): string => {
  const stored: Stored = {
    d: Math.round(sample.covered_ms),
    ...(sample.silent > 0 ? { s: sample.silent } : {}),
    c: sample.counts,
    h: mapped(sample.durations, sparse),
    g: mapped(sample.gauges, (value) => Number(value.toPrecision(6))),
    p: sample.pools.map(({ shard, in_use, idle, waiting, overflow, max }) => [
      ...[shard, in_use, idle, waiting, overflow, max],
    ]),
  }
  return JSON.stringify(stored)
}

export const readSample = (at: number, text: string): Sample => {
  const { d, s = 0, c, h, g, p } = JSON.parse(text) as Stored
  return {
    at,
    covered_ms: d,
    silent: s,
    counts: c,
    durations: mapped(h, dense),
    gauges: g,
    pools: p.map(poolOf),
  }
}

const sparse = (counts: readonly number[]): number[] => [
  counts.length,
  ...counts.flatMap((count, bucket) => (count === 0 ? [] : [bucket, count])),
]

const dense = ([length = 0, ...pairs]: readonly number[]): number[] => {
  const counts = Array.from({ length }, () => 0)
  for (let place = 0; place + 1 < pairs.length; place += 2)
    counts[pairs[place] ?? 0] = pairs[place + 1] ?? 0
  return counts
}

const poolOf = ([
  shard = 0,
  in_use = 0,
  idle = 0,
  waiting = 0,
  overflow = 0,
  max = 0,
]: readonly number[]): PoolGauges => ({ shard, in_use, idle, waiting, overflow, max })

const mapped = <Name extends string, From, To>(
  record: Readonly<Partial<Record<Name, From>>>,
  map: (value: From) => To,
): Partial<Record<Name, To>> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, map(value as From)]),
  ) as Partial<Record<Name, To>>
