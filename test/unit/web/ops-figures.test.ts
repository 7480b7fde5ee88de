import { expect, test } from 'vitest'
import type { SeriesRange } from '../../../src/protocol/operations.ts'
import type { Alert } from '../../../src/protocol/alerts.ts'
import { ruleText } from '../../../web/src/i18n/ops-alert-texts.ts'
import { matching, worstFirst } from '../../../web/src/ops/alert-order.ts'
import { chartGroups } from '../../../web/src/ops/charts.ts'
import { ageOf, clockText } from '../../../web/src/ops/clock-text.ts'
import { figureText, ruleFigureText, type Unit } from '../../../web/src/ops/figure-text.ts'
import { safeLink } from '../../../web/src/ops/safe-link.ts'
import {
  highestOf,
  latestOf,
  lonelyOf,
  medianOf,
  shardsOf,
  valuesOf,
} from '../../../web/src/ops/series-values.ts'
import { stepTo } from '../../../web/src/ops/step-to-moment.ts'

/** As it is read, whatever kind of space joins a number and its unit. */
const read = (text: string) => text.replaceAll('\u00a0', ' ')

test.each<[number | null, Unit, string, string]>([
  [null, 'ms', '–', '–'],
  [0, 'ms', '0 ms', '0 ms'],
  [1.24, 'ms', '1.2 ms', '1.2 ms'],
  [87.6, 'ms', '88 ms', '88 ms'],
  [1_250, 'ms', '1.3 s', '1.3 s'],
  [61_000, 'ms', '61 s', '61 s'],
  [90, 's', '90 s', '90 s'],
  [600, 's', '10 min', '10 min'],
  [86_400, 's', '24 h', '24 h'],
  [0.5, 'per_s', '0.5/s', '0.5/s'],
  [1_234.5, 'per_s', '1,235/s', '1,235/s'],
  [12_340, 'count', '12.3K', '1.2萬'],
  [0.834, 'share', '83.4%', '83.4%'],
  [1_536, 'bytes', '1.5 KiB', '1.5 KiB'],
])('[OPS-3] %s as %s is read as %s', (value, unit, english, chinese) => {
  expect(read(figureText(value, unit, 'en'))).toBe(english)
  expect(read(figureText(value, unit, 'zh-TW'))).toBe(chinese)
})

test('[OPS-2] a rule’s figure has the rule’s unit, one that the page does not know as it is told', () => {
  expect(read(ruleFigureText(0.02, 'ratio', 'en'))).toBe('2%')
  expect(read(ruleFigureText(3, 'per_min', 'en'))).toBe('3/min')
  expect(read(ruleFigureText(3, 'circuits', 'en'))).toBe('3')
  expect(read(ruleFigureText(3, 'parsecs', 'en'))).toBe('3 parsecs')
  expect(ruleFigureText(null, 'parsecs', 'en')).toBe('–')
})

const range: SeriesRange = {
  step_ms: 5_000,
  at: [0, 5_000, 10_000],
  series: [
    { name: 'said', shard: null, values: [1, null, 3] },
    { name: 'pool_in_use', shard: 1, values: [4, null, 6] },
    { name: 'pool_in_use', shard: 0, values: [1, null, null] },
  ],
}

test('[OPS-3] a line of all shards is their sum; what nobody knows stays a gap', () => {
  expect(valuesOf(range, 'pool_in_use', null)).toEqual([5, null, 6])
  expect(valuesOf(range, 'pool_in_use', 1)).toEqual([4, null, 6])
  expect(valuesOf(range, 'pool_in_use', 7)).toEqual([null, null, null])
  expect(valuesOf(range, 'burst', null)).toEqual([null, null, null])
  expect(shardsOf(range)).toEqual([0, 1])
})

test('[OPS-3] what was known long ago is not now', () => {
  expect(latestOf([7, 8, null], 2)).toBe(8)
  expect(latestOf([7, null, null], 2)).toBeNull()
  expect(medianOf([9, 9, 2, null, 3, 40], 4)).toBe(3)
  expect(medianOf([9, 2, 3], 2)).toBe(2)
  expect(medianOf([9, null], 1)).toBeNull()
  expect(highestOf([null, 2, 5, 5])).toEqual({ index: 2, value: 5 })
  expect(highestOf([null])).toBeUndefined()
})

test('[OPS-3] a value between gaps is drawn as a dot, as no line goes there', () => {
  expect(lonelyOf([1, null, 2, 3, null, 4])).toEqual([0, 5])
  expect(lonelyOf([null, 2, null])).toEqual([1])
})

test('[OPS-3] no chart is in two groups, and none in none', () => {
  const keys = chartGroups.flatMap((group) => group.charts.map(({ key }) => key))
  expect(keys).toHaveLength(15)
  expect(new Set(keys).size).toBe(15)
})

test('[WEB-10] one walks along the time by keyboard and does not leave it', () => {
  expect(stepTo('ArrowLeft', 5, 10)).toBe(4)
  expect(stepTo('ArrowLeft', 0, 10)).toBe(0)
  expect(stepTo('PageUp', 5, 10)).toBe(9)
  expect(stepTo('Home', 5, 10)).toBe(0)
  expect(stepTo('End', 5, 10)).toBe(9)
  expect(stepTo('Tab', 5, 10)).toBeUndefined()
  expect(stepTo('End', 0, 0)).toBeUndefined()
})

test('[WEB-2] moments are Taipei’s, ages never negative', () => {
  expect(clockText(Date.parse('2026-11-22T16:00:05Z'))).toBe('00:00:05')
  expect(ageOf(3 * 60_000 + 7_900)).toEqual({ days: 0, hours: 0, minutes: 3, seconds: 7 })
  expect(ageOf(-1)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 })
})

const alert = (alert_id: string, overrides: Partial<Alert> = {}): Alert => ({
  alert_id,
  rule: 'commit_slow',
  severity: 'warning',
  title: 'Commits are slow',
  todo: 'Look at the pool.',
  link: '',
  unit: 'ms',
  threshold: 500,
  for_s: 30,
  clears_below: 400,
  clears_after_s: 60,
  state: 'firing',
  since: '2026-11-22T01:00:00.000Z',
  resolved_at: null,
  value: 700,
  worst: 900,
  acknowledged_at: null,
  acknowledged_by: null,
  ...overrides,
})

test('[OPS-2] the worst comes first, then what nobody looks at yet, then the latest', () => {
  const seen = { acknowledged_at: '2026-11-22T01:01:00.000Z', acknowledged_by: 'alice' }
  const sorted = worstFirst([
    alert('seen', seen),
    alert('old'),
    alert('critical and seen', { severity: 'critical', ...seen }),
    alert('new', { since: '2026-11-22T02:00:00.000Z' }),
  ])
  expect(sorted.map(({ alert_id }) => alert_id)).toEqual([
    'critical and seen',
    'new',
    'old',
    'seen',
  ])
})

test('[OPS-2] the history is narrowed by state and rule', () => {
  const alerts = [alert('a'), alert('b', { state: 'resolved' }), alert('c', { rule: 'queue_age' })]
  const ids = (state: 'all' | 'firing' | 'resolved', rule: string) =>
    matching(alerts, { state, rule }).map(({ alert_id }) => alert_id)
  expect(ids('all', '')).toEqual(['a', 'b', 'c'])
  expect(ids('firing', '')).toEqual(['a', 'c'])
  expect(ids('resolved', 'queue_age')).toEqual([])
  expect(ids('all', 'queue_age')).toEqual(['c'])
})

test('[OPS-2] a rule is told in both languages, one that the page does not know as the server says', () => {
  expect(ruleText(alert('a'), 'zh-TW').title).toBe('訊息寫入過慢')
  expect(ruleText(alert('a'), 'en').title).toBe('Messages take long to be stored')
  const unknown = alert('a', { rule: 'constructor' })
  expect(ruleText(unknown, 'zh-TW').title).toBe('Commits are slow')
})

test('[SEC-3] a link leads to a page, never into a script', () => {
  expect(safeLink('https://docs.example/#alert-x')).toBe('https://docs.example/#alert-x')
  expect(safeLink('/docs#alert-x')).toBe('/docs#alert-x')
  expect(safeLink('javascript:alert(1)')).toBeUndefined()
  expect(safeLink('')).toBeUndefined()
})
