/** What `npm run tune` says. */
import { connectionsLeft, warningsFor, type Advice } from './advice.ts'
import type { Facts } from './facts.ts'
import type { Point } from './point.ts'

export const aboutDatabase = (facts: Facts): string[] => [
  `${facts.host}, Postgres ${facts.version}: ${facts.max_connections} connections, of which ` +
    `${facts.reserved_connections} are reserved and ${facts.other_connections} in use by others; ` +
    `${connectionsLeft(facts)} are left.`,
  ...warningsFor(facts).map((warning) => `Warning: ${warning}`),
]

export const tableOf = (points: readonly Point[], knee: Point | undefined): string[] => {
  const rows = points
    .toSorted((one, other) => one.size - other.size)
    .map((point) => [
      String(point.size),
      Math.round(point.per_second).toLocaleString('en-US'),
      ...[point.p50_ms, point.p99_ms, point.wait_p99_ms].map(milliseconds),
      point.failed.toLocaleString('en-US'),
      point === knee ? '← knee' : '',
    ])
  const heads = ['pool', 'messages/s', 'p50 ms', 'p99 ms', 'wait p99 ms', 'failed', '']
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [heads, ...rows].map(
    (row) =>
    row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ').trimEnd(), // prettier-ignore
  )
}

export const adviceLines = ({ why, ...settings }: Advice): string[] => [
  ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  '',
  ...why,
]

const milliseconds = (ms: number): string => (Number.isNaN(ms) ? '–' : ms.toFixed(ms < 10 ? 1 : 0))
