/**
 * A sample: what happened in an interval of some seconds, and how things stood at its end. Samples
 * that follow each other merge into one of a longer interval, for charts and for the last minute.
 */

/** What is counted. */
export const countNames = [
  'said',
  'burst',
  'deliveries',
  'requests',
  /** Answered with a status from 500. */
  'failed_requests',
  /** Refusals over sockets that are our fault. */
  'failed_frames',
  'rate_limited',
  'slow_statements',
  /** Callers who got no connection: the pool's time was over, or its queue was full. */
  'turned_away',
  'reporters_lost',
] as const
export type CountName = (typeof countNames)[number]

/** What is measured, in the buckets of the catalogue. */
export const durationNames = [
  'broadcast',
  'queue',
  'commit',
  'pool_wait',
  'statement',
  'accept',
] as const
export type DurationName = (typeof durationNames)[number]

/** How things stand. */
export const gaugeNames = [
  'room_sockets',
  'inbox_sockets',
  'rooms',
  'buffer_high',
  'buffer_normal',
  'buffer_low',
  'buffer_fill',
  'buffer_oldest_s',
  'circuits_open',
  'databases_away',
  'level',
  'memory_fill',
  'alerts_firing',
] as const
export type GaugeName = (typeof gaugeNames)[number]

/** Connections of one gateway. */
export type PoolGauges = {
  readonly shard: number
  readonly in_use: number
  readonly idle: number
  readonly waiting: number
  readonly overflow: number
  readonly max: number
}

/** Of an interval, or since the beginning. What is not there is zero. */
export type Totals = {
  readonly counts: Readonly<Partial<Record<CountName, number>>>
  /** Per bucket, not cumulative. */
  readonly durations: Readonly<Partial<Record<DurationName, readonly number[]>>>
}

/** What is not there is not known. */
export type Gauges = {
  readonly gauges: Readonly<Partial<Record<GaugeName, number>>>
  readonly pools: readonly PoolGauges[]
}

export type Sample = Totals &
  Gauges & {
    /** Its end, in ms since the epoch. */
    readonly at: number
    /** How long its counts took to come together; 0: they are not known. */
    readonly covered_ms: number
    /** Collectors that did not answer: their part is missing. */
    readonly silent: number
  }

export const nothing: Totals = { counts: {}, durations: {} }

export const added = (one: Totals, other: Totals): Totals => ({
  counts: addedCounts(one.counts, other.counts),
  durations: addedDurations(one.durations, other.durations),
})

/** Counts add up; of gauges the highest counts, which is what an operator looks for. */
export const merged = (samples: readonly Sample[]): Sample | undefined => {
  const last = samples.at(-1)
  if (last === undefined) return undefined
  const known = samples.filter(({ covered_ms }) => covered_ms > 0)
  return {
    at: last.at,
    covered_ms: known.reduce((sum, { covered_ms }) => sum + covered_ms, 0),
    silent: Math.max(...samples.map(({ silent }) => silent)),
    ...known.reduce<Totals>(added, nothing),
    gauges: samples.map(({ gauges }) => gauges).reduce(highestGauges),
    pools: samples.map(({ pools }) => pools).reduce(highestPools),
  }
}

const addedCounts = (one: Totals['counts'], other: Totals['counts']): Totals['counts'] => {
  const sum = { ...one }
  for (const name of countNames) {
    const more = other[name]
    if (more !== undefined) sum[name] = (sum[name] ?? 0) + more
  }
  return sum
}

const addedDurations = (
  one: Totals['durations'],
  other: Totals['durations'],
): Totals['durations'] => {
  const sum = { ...one }
  for (const name of durationNames) {
    const [mine, theirs] = [sum[name], other[name]]
    if (theirs === undefined) continue
    sum[name] = mine ? theirs.map((count, bucket) => count + (mine[bucket] ?? 0)) : theirs
  }
  return sum
}

const highestGauges = (one: Gauges['gauges'], other: Gauges['gauges']): Gauges['gauges'] => {
  const highest = { ...one }
  for (const name of gaugeNames) {
    const value = other[name]
    if (value !== undefined) highest[name] = Math.max(highest[name] ?? value, value)
  }
  return highest
}

const highestPools = (one: Gauges['pools'], other: Gauges['pools']): Gauges['pools'] => {
  const byShard = new Map(one.map((pool) => [pool.shard, pool]))
  for (const pool of other) {
    const before = byShard.get(pool.shard) ?? pool
    byShard.set(pool.shard, {
      shard: pool.shard,
      in_use: Math.max(before.in_use, pool.in_use),
      // Idle connections are what is left, so the fewest belong to the most in use.
      idle: Math.min(before.idle, pool.idle),
      waiting: Math.max(before.waiting, pool.waiting),
      overflow: Math.max(before.overflow, pool.overflow),
      max: Math.max(before.max, pool.max),
    })
  }
  return [...byShard.values()].toSorted((a, b) => a.shard - b.shard)
}
