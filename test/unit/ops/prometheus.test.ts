/** What ops/ ships for Prometheus and Grafana names what there is (OPS-6). */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { rules } from '../../../src/domain/alerts/rules.ts'
import type { AlertSettings } from '../../../src/domain/alerts/settings.ts'
import { numberSetting } from '../../../src/domain/configuration/read.ts'
import { catalogue } from '../../../src/domain/metrics/catalogue.ts'
import { httpStatusOf } from '../../../src/protocol/errors.ts'
import { labelsOf, problemsOf } from '../../support/promql.ts'

const read = (name: string): string =>
  readFileSync(join(resolve(import.meta.dirname, '../../../ops'), name), 'utf8')

type PrometheusRule = {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
type RulesFile = { readonly groups: readonly { readonly rules: readonly PrometheusRule[] }[] }

const shipped = (parse(read('prometheus-rules.yml')) as RulesFile).groups.flatMap(
  (group) => group.rules,
)

type GridPos = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
type Target = { readonly expr: string; readonly legendFormat: string; readonly refId: string }
type Panel = {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: GridPos
  readonly datasource?: { readonly uid: string }
  readonly targets?: readonly Target[]
}
type Dashboard = {
  readonly uid: string
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string }[]
  }
}

const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard
const charts = dashboard.panels.filter(({ type }) => type !== 'row')

/** What operators have set nothing of. */
const defaults: AlertSettings = {
  error_ratio: numberSetting({}, 'alert_error_ratio'),
  commit_p99_ms: numberSetting({}, 'alert_commit_p99_ms'),
  pool_wait_p99_ms: numberSetting({}, 'alert_pool_wait_p99_ms'),
  room_queue_p99_ms: numberSetting({}, 'alert_room_queue_p99_ms'),
  buffer_fill: numberSetting({}, 'alert_buffer_fill'),
  queue_age_s: numberSetting({}, 'alert_queue_age_s'),
  memory_fill: numberSetting({}, 'alert_memory_fill'),
  slow_statements_per_s: numberSetting({}, 'alert_slow_statements_per_s'),
  level: numberSetting({}, 'alert_level'),
  for_s: numberSetting({}, 'alert_for_s'),
  clear_share: numberSetting({}, 'alert_clear_share'),
}

describe('[OPS-6] Prometheus rules', () => {
  test('there is one for each alert of Muster, and one for when there is nothing to read', () => {
    const names = shipped.map(({ alert }) => alert)
    expect(names).toEqual([...rules.map(({ name }) => name), 'not_scraped'])
  })

  test.each(rules.map((rule) => [rule.name, rule] as const))(
    '%s has the threshold, duration and texts of the alert',
    (name, rule) => {
      const found = shipped.find(({ alert }) => alert === name)
      const threshold = rule.threshold(defaults)
      const for_s = rule.for_s?.(defaults) ?? defaults.for_s
      expect(found).toMatchObject({
        ...{ for: `${for_s}s`, keep_firing_for: `${for_s}s` },
        labels: { severity: rule.severity },
        annotations: {
          ...{ summary: rule.title, description: rule.todo },
          runbook_url: `docs/operations.md#alert-${name}`,
        },
      })
      // Prometheus counts in seconds.
      const bar = rule.unit === 'ms' ? threshold / 1_000 : threshold
      expect(Number(/>= ([\d.]+)\s*$/.exec(found?.expr ?? '')?.[1])).toBe(bar)
    },
  )

  test.each(shipped.map(({ alert, expr }) => [alert, expr]))(
    '%s names what there is',
    (_, expr) => {
      expect(problemsOf(expr)).toEqual([])
    },
  )

  test('what counts as our fault is what the code says', () => {
    const { expr = '' } = shipped.find(({ alert }) => alert === 'error_rate') ?? {}
    const named = [...expr.matchAll(/code=~"([^"]+)"/g)].map(([, codes = '']) => codes)
    const ours = Object.entries(httpStatusOf).flatMap(([code, status]) =>
      status >= 500 ? code : [],
    )
    expect(named.length).toBeGreaterThan(0)
    for (const codes of named) expect(codes.split('|').toSorted()).toEqual(ours.toSorted())
  })
})

test('[OPS-6] the scrape example reads the token from a file and loads the rules', () => {
  expect(parse(read('prometheus.yml'))).toMatchObject({
    rule_files: ['prometheus-rules.yml'],
    scrape_configs: [
      {
        ...{ job_name: 'muster', metrics_path: '/metrics' },
        authorization: { type: 'Bearer', credentials_file: 'metrics-token' },
      },
    ],
  })
  expect(read('prometheus.yml')).not.toContain('credentials:')
})

describe('[OPS-6] the Grafana dashboard', () => {
  test.each(charts.map((panel) => [panel.title, panel] as const))('%s', (_, panel) => {
    expect(panel.datasource?.uid).toBe('${datasource}')
    const targets = panel.targets ?? []
    expect(targets.length).toBeGreaterThan(0)
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
    for (const { expr, legendFormat } of targets) {
      expect(problemsOf(expr)).toEqual([])
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(labelsOf(expr), expr).toContain(label)
    }
  })

  test('its annotations name what there is', () => {
    for (const { expr } of dashboard.annotations.list) expect(problemsOf(expr)).toEqual([])
  })

  test('has a datasource to choose, and no id twice', () => {
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }])
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('no panel lies on another, and none beside the grid', () => {
    const cells = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(cells.get(`${x} ${y}`), title).toBeUndefined()
          cells.set(`${x} ${y}`, title)
        }
    }
  })

  test('shows every metric that there is', () => {
    const drawn = charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n')
    const missing = Object.keys(catalogue).filter((name) => !drawn.includes(name))
    expect(missing).toEqual([])
  })
})

describe('control: a mistake is found', () => {
  test.each([
    ['sum(rate(muster_nothing_total[1m]))', 'not in the catalogue'],
    ['sum(rate(muster_messages_total{room="1"}[1m]))', 'no label room'],
    ['sum by (room) (rate(muster_messages_total[1m]))', 'no label room'],
    ['sum(muster_messages_total)', 'use rate()'],
    ['sum(rate(muster_sockets[1m]))', 'is a gauge'],
    ['rate(muster_commit_duration_seconds[1m])', 'not in the catalogue'],
    ['sum(rate(muster_commit_duration_seconds_bucket[1m]))', 'histogram_quantile() only'],
    [
      'histogram_quantile(0.9, sum by (le) (rate(muster_messages_total[1m])))',
      'not of one histogram',
    ],
    [
      'histogram_quantile(0.9, sum by (lane) (rate(muster_commit_duration_seconds_bucket[1m])))',
      'has lost its le',
    ],
    ['sum(rate(muster_messages_total[1m])', 'is no PromQL'],
    ['muster_sockets{kind="room" > 1', 'is no PromQL'],
  ])('%s', (expression, problem) => {
    expect(problemsOf(expression).join('\n')).toContain(problem)
  })
})
