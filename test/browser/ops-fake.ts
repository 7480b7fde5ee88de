/**
 * Answers of the operations endpoints as a server would give them, for what a test cannot bring a
 * real one to within its time: alerts of every kind, hours of figures, failures.
 */
import type { Page } from 'playwright-core'
import type { Alert, AlertList, AlertRule } from '../../src/protocol/alerts.ts'
import type { OperationsNow, SeriesName, SeriesRange } from '../../src/protocol/operations.ts'

export type OpsFake = {
  /** Undefined: they fail. */
  now: OperationsNow | undefined
  alerts: AlertList
  history: Alert[]
  /** Of every series request, in order. */
  readonly asked: URLSearchParams[]
  /** Ids that were acknowledged. */
  readonly acknowledged: string[]
}

export const aRule = (rule: string, overrides: Partial<AlertRule> = {}): AlertRule => ({
  rule,
  severity: 'warning',
  title: `The server says ${rule}`,
  todo: 'The server says what to do.',
  link: `https://docs.example/operations#alert-${rule}`,
  unit: 'ms',
  threshold: 500,
  for_s: 30,
  clears_below: 400,
  clears_after_s: 60,
  ...overrides,
})

/** The same for all, or they would be in the order of the milliseconds in which they were made. */
const began_at = new Date(Date.now() - 4 * 60_000).toISOString()

export const anAlert = (rule: string, overrides: Partial<Alert> = {}): Alert => ({
  ...aRule(rule),
  alert_id: `id-of-${rule}`,
  state: 'firing',
  since: began_at,
  resolved_at: null,
  value: 812,
  worst: 1_450,
  acknowledged_at: null,
  acknowledged_by: null,
  ...overrides,
})

const pool = (overrides: Record<string, number>) => ({
  min: 5,
  max: 8,
  open: 8,
  in_use: 8,
  idle: 0,
  waiting: 21,
  overflow: 3,
  opened: 40,
  recycled: 3,
  broken: 0,
  waits: 4_210,
  timeouts: 38,
  rejected: 2,
  peak_in_use: 8,
  ...overrides,
})

export const someNow = (overrides: Partial<OperationsNow> = {}): OperationsNow => ({
  at: new Date().toISOString(),
  sampled_at: new Date(Date.now() - 3_000).toISOString(),
  environment: 'staging',
  configuration_version: 14,
  readiness: {
    status: 'ready',
    reasons: [],
    database: 'reachable',
    pool: {
      total: null,
      shards: [
        { shard: 0, pool: pool({}) },
        { shard: 1, pool: pool({ waiting: 19 }) },
        { shard: 2, pool: null },
      ],
    },
    circuits: [
      {
        service: 'database-0',
        state: 'closed',
        since: null,
        next_trial_at: null,
        failed: 0,
        sent: 18_211,
      },
      {
        service: 'webhook:mes.fab12.example.com',
        state: 'open',
        since: new Date(Date.now() - 200_000).toISOString(),
        next_trial_at: new Date(Date.now() + 12_000).toISOString(),
        failed: 31,
        sent: 412,
      },
    ],
    buffers: [],
    degradation: { level: 2, paused: ['typing', 'presence'] },
  },
  database: {
    slow_ms: 500,
    shards: [],
    statements: [
      {
        statement: 'commit_messages',
        database: 'primary',
        count: 48_211,
        failed: 0,
        slow: 3,
        total_ms: 684_596,
        mean_ms: 14.2,
        max_ms: 1_610,
      },
      {
        statement: 'search_messages',
        database: 'replica',
        count: 311,
        failed: 1,
        slow: 7,
        total_ms: 59_090,
        mean_ms: 190,
        max_ms: 2_210,
      },
    ],
  },
  hot_rooms: [],
  alerts: [],
  ...overrides,
})

/** A pool that is too small for the last third of the range, and a gap before that. */
const lines: Partial<Record<SeriesName, { quiet: number; busy: number }>> = {
  said: { quiet: 40, busy: 31 },
  burst: { quiet: 3, busy: 2 },
  broadcast_p99: { quiet: 40, busy: 1_700 },
  queue_p99: { quiet: 9, busy: 460 },
  commit_p99: { quiet: 21, busy: 1_180 },
  pool_wait_p99: { quiet: 1, busy: 1_150 },
  statement_p99: { quiet: 14, busy: 19 },
  room_sockets: { quiet: 480, busy: 481 },
  inbox_sockets: { quiet: 120, busy: 121 },
  rooms: { quiet: 64, busy: 65 },
  level: { quiet: 0, busy: 2 },
  errors: { quiet: 0, busy: 3 },
}

export const someSeries = (range_s: number, until_ms: number): SeriesRange => {
  const step_ms = Math.max(5_000, Math.ceil(range_s / 360 / 5) * 5_000)
  const count = (range_s * 1_000) / step_ms
  const last = Math.ceil(until_ms / step_ms) * step_ms
  const at = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * step_ms)
  const [gap, busy] = [count * 0.5, count * 0.6]
  const valuesOf = (quiet: number, then: number) =>
    at.map((_, index) => (index < gap ? quiet : index < busy ? null : then))
  return {
    step_ms,
    at,
    series: [
      ...Object.entries(lines).map(([name, line]) => ({
        name: name as SeriesName,
        shard: null,
        values: valuesOf(line.quiet, line.busy),
      })),
      ...[0, 1].flatMap((shard) => [
        { name: 'pool_in_use' as const, shard, values: valuesOf(2 + shard, 8) },
        { name: 'pool_waiting' as const, shard, values: valuesOf(0, 20 + shard) },
        { name: 'pool_max' as const, shard, values: valuesOf(8, 8) },
      ]),
    ],
  }
}

/** Speaks for the server from now on, as the result is changed. */
export const fakeOps = async (page: Page): Promise<OpsFake> => {
  const fake: OpsFake = {
    now: someNow(),
    alerts: { firing: [], rules: [] },
    history: [],
    asked: [],
    acknowledged: [],
  }
  await page.route('**/api/admin/**', async (route) => {
    const url = new URL(route.request().url())
    if (url.pathname.startsWith('/api/admin/config')) return route.fallback()
    if (url.pathname.endsWith('/series')) fake.asked.push(url.searchParams)
    if (fake.now === undefined)
      return route.fulfill({ status: 503, json: { code: 'unavailable', detail: '' } })
    if (url.pathname.endsWith('/operations')) return route.fulfill({ json: fake.now })
    if (url.pathname.endsWith('/series')) {
      const until_ms = Number(url.searchParams.get('until') ?? Date.now())
      const range_s = Number(url.searchParams.get('range_s'))
      return route.fulfill({ json: someSeries(range_s, until_ms) })
    }
    if (url.pathname.endsWith('/alerts')) return route.fulfill({ json: fake.alerts })
    if (url.pathname.endsWith('/history')) return route.fulfill({ json: { alerts: fake.history } })
    const [, alert_id] = /alerts\/([^/]+)\/acknowledge$/u.exec(url.pathname) ?? []
    if (alert_id === undefined) return route.fallback()
    fake.acknowledged.push(alert_id)
    const alert = [...(fake.now?.alerts ?? []), ...fake.alerts.firing].find(
      (one) => one.alert_id === alert_id,
    )
    return route.fulfill({
      json: {
        ...alert,
        acknowledged_at: new Date().toISOString(),
        acknowledged_by: 'alice@muster.test',
      },
    })
  })
  return fake
}
