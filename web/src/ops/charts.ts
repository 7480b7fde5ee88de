/** The charts of the live view: which lines each has, in which unit. Pure data. */
import type { SeriesName } from '../../../src/protocol/operations.ts'
import type { Unit } from './figure-text.ts'

/** A colour token, and dashes so that lines differ without colour, too. */
export type LineLook = {
  readonly color: 1 | 2 | 3 | 4 | 5 | 6
  readonly dash?: 'dashed' | 'dotted'
}

export type ChartLine = LineLook & { readonly series: SeriesName }

export type ChartKey =
  | 'messages'
  | 'time_spent'
  | 'broadcast'
  | 'commit'
  | 'accept'
  | 'sockets'
  | 'traffic'
  | 'pool'
  | 'buffer'
  | 'oldest'
  | 'fill'
  | 'refusals'
  | 'trouble'
  | 'slow'
  | 'typical'

export type ChartDefinition = {
  readonly key: ChartKey
  readonly unit: Unit
  readonly lines: readonly ChartLine[]
  /** The scale goes at least so far. */
  readonly top: number
  /** States hold until they change; rates and latencies go over into each other. */
  readonly is_stepped?: true
  /** One gateway or all of them together. */
  readonly is_per_shard?: true
}

const median = { color: 1, dash: 'dotted' } as const
const high = { color: 5, dash: 'dashed' } as const
const highest = { color: 2 } as const

const charts: readonly ChartDefinition[] = [
  {
    key: 'messages',
    unit: 'per_s',
    top: 1,
    lines: [
      { series: 'said', color: 1 },
      { series: 'burst', color: 3, dash: 'dashed' },
    ],
  },
  {
    key: 'time_spent',
    unit: 'ms',
    top: 20,
    lines: [
      { series: 'broadcast_p99', color: 1 },
      { series: 'queue_p99', color: 2, dash: 'dashed' },
      { series: 'commit_p99', color: 4 },
      { series: 'pool_wait_p99', color: 3, dash: 'dashed' },
      { series: 'statement_p99', color: 5, dash: 'dotted' },
    ],
  },
  {
    key: 'broadcast',
    unit: 'ms',
    top: 20,
    lines: [
      { series: 'broadcast_p50', ...median },
      { series: 'broadcast_p95', ...high },
      { series: 'broadcast_p99', ...highest },
    ],
  },
  {
    key: 'commit',
    unit: 'ms',
    top: 20,
    lines: [
      { series: 'commit_p50', ...median },
      { series: 'commit_p95', ...high },
      { series: 'commit_p99', ...highest },
    ],
  },
  {
    key: 'typical',
    unit: 'ms',
    top: 20,
    lines: [
      { series: 'queue_p50', color: 2, dash: 'dashed' },
      { series: 'pool_wait_p50', color: 3, dash: 'dashed' },
      { series: 'statement_p50', color: 5, dash: 'dotted' },
    ],
  },
  {
    key: 'accept',
    unit: 'ms',
    top: 20,
    lines: [
      { series: 'accept_p50', ...median },
      { series: 'accept_p95', ...high },
      { series: 'accept_p99', ...highest },
    ],
  },
  {
    key: 'pool',
    unit: 'count',
    top: 4,
    is_per_shard: true,
    lines: [
      { series: 'pool_in_use', color: 1 },
      { series: 'pool_idle', color: 4, dash: 'dotted' },
      { series: 'pool_waiting', color: 2 },
      { series: 'pool_overflow', color: 3, dash: 'dashed' },
      { series: 'pool_max', color: 5, dash: 'dashed' },
    ],
  },
  {
    key: 'slow',
    unit: 'per_s',
    top: 1,
    lines: [{ series: 'slow_statements', color: 2 }],
  },
  {
    key: 'sockets',
    unit: 'count',
    top: 5,
    lines: [
      { series: 'room_sockets', color: 1 },
      { series: 'inbox_sockets', color: 3, dash: 'dashed' },
      { series: 'rooms', color: 5, dash: 'dotted' },
    ],
  },
  {
    key: 'traffic',
    unit: 'per_s',
    top: 1,
    lines: [
      { series: 'deliveries', color: 1 },
      { series: 'requests', color: 4, dash: 'dashed' },
    ],
  },
  {
    key: 'buffer',
    unit: 'count',
    top: 10,
    lines: [
      { series: 'buffer_high', color: 2 },
      { series: 'buffer_normal', color: 1, dash: 'dashed' },
      { series: 'buffer_low', color: 4, dash: 'dotted' },
    ],
  },
  {
    key: 'oldest',
    unit: 's',
    top: 1,
    lines: [{ series: 'buffer_oldest_s', color: 2 }],
  },
  {
    key: 'fill',
    unit: 'share',
    top: 1,
    lines: [
      { series: 'buffer_fill', color: 1 },
      { series: 'memory_fill', color: 3, dash: 'dashed' },
    ],
  },
  {
    key: 'refusals',
    unit: 'per_s',
    top: 1,
    lines: [
      { series: 'errors', color: 2 },
      { series: 'rate_limited', color: 5, dash: 'dashed' },
    ],
  },
  {
    key: 'trouble',
    unit: 'count',
    top: 5,
    is_stepped: true,
    lines: [
      { series: 'level', color: 2 },
      { series: 'circuits_open', color: 3, dash: 'dashed' },
      { series: 'alerts_firing', color: 5, dash: 'dotted' },
    ],
  },
]

export type GroupKey = 'speed' | 'database' | 'people' | 'bursts' | 'protection'

const keysByGroup = {
  speed: ['messages', 'time_spent', 'broadcast', 'commit', 'typical', 'accept'],
  database: ['pool', 'slow'],
  people: ['sockets', 'traffic'],
  bursts: ['buffer', 'oldest', 'fill'],
  protection: ['refusals', 'trouble'],
} as const satisfies Record<GroupKey, readonly ChartKey[]>

export type ChartGroup = { readonly key: GroupKey; readonly charts: readonly ChartDefinition[] }

export const chartGroups: readonly ChartGroup[] = (
  Object.entries(keysByGroup) as [GroupKey, readonly ChartKey[]][]
).map(([key, keys]) => ({
  key,
  charts: charts.filter((chart) => keys.includes(chart.key)),
}))

/** How far back one looks, in seconds. */
export const ranges_s = [300, 900, 3_600, 21_600, 86_400] as const
export type RangeSeconds = (typeof ranges_s)[number]
