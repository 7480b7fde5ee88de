import { expect, test } from 'vitest'
import type { MessagePage } from '../../../src/protocol/message.ts'
import { PAGE_MAX_COUNT } from '../../../src/protocol/limits.ts'
import { en } from '../../../web/src/i18n/en.ts'
import { zhTw } from '../../../web/src/i18n/zh-tw.ts'
import { fieldsOf, numberOf, type FieldValue } from '../../../web/src/readings/fields.ts'
import { loadPoints, POINTS_MAX_COUNT } from '../../../web/src/readings/load-points.ts'
import { readingText } from '../../../web/src/readings/reading-text.ts'
import { extremesOf, mergedPoints, seriesOf } from '../../../web/src/readings/series.ts'
import {
  SPARK_HEIGHT,
  SPARK_WIDTH,
  sparkPath,
  sparkPoints,
  sparkWindow,
} from '../../../web/src/readings/sparkline.ts'
import { aMessage, room_id } from './builders.ts'

const reading = (n: number, content: Record<string, unknown>) =>
  aMessage(n, {
    message_type: 'incident_data',
    content,
    created_at: new Date(Date.parse('2026-11-22T01:00:00.000Z') + n * 60_000).toISOString(),
  })

test('[MSG-4] fields come by name, those within others by their path', () => {
  expect(
    fieldsOf({ line: 3, oven: { zone2: 200.5, zone1: 210 }, codes: ['E1', 7], ok: true }),
  ).toEqual([
    { path: 'codes', values: ['E1', 7] },
    { path: 'line', values: [3] },
    { path: 'ok', values: [true] },
    { path: 'oven.zone1', values: [210] },
    { path: 'oven.zone2', values: [200.5] },
  ])
  expect(fieldsOf({ steps: [{ t: 1 }, { t: 2 }] }).map(({ path }) => path)).toEqual([
    'steps[1].t',
    'steps[2].t',
  ])
  expect(numberOf({ path: 'x', values: [1, 2] })).toBeUndefined()
})

test.each<[FieldValue, string, string]>([
  [1234567.25, '1,234,567.25', '1,234,567.25'],
  [0.1 + 0.2, '0.3', '0.3'],
  [true, 'yes', '是'],
  [false, 'no', '否'],
  ['2026-11-22T00:05:00Z', '08:05', '08:05'],
  ['2026-11-20T23:05:00+08:00', '11/20 23:05', '11/20 23:05'],
  ['2026-11-22', '2026-11-22', '2026-11-22'],
  ['E-1042', 'E-1042', 'E-1042'],
])('[WEB-2] the value %s is read as %s', (value, english, chinese) => {
  const now_ms = Date.parse('2026-11-22T01:00:00.000Z')
  expect(readingText(value, { t: en, language: 'en', now_ms })).toBe(english)
  expect(readingText(value, { t: zhTw, language: 'zh-TW', now_ms })).toBe(chinese)
})

test('[MSG-4] numbers of one field are a course over time; words and deleted readings are not', () => {
  const messages = [
    reading(1, { temperature: 80, line: 'A' }),
    aMessage(2),
    reading(3, { temperature: 'off' }),
    { ...reading(4, { temperature: 99 }), deleted_at: '2026-11-22T02:00:00.000Z' },
    reading(5, { temperature: 84.5 }),
  ]
  const points = seriesOf(messages).get('temperature') ?? []
  expect(points.map(({ value }) => value)).toEqual([80, 84.5])
  expect(extremesOf(points)).toEqual({ low: 80, high: 84.5, last: 84.5 })
  expect(extremesOf([])).toBeUndefined()
  expect(seriesOf(messages)).toBe(seriesOf(messages))
})

test('what was loaded and what is held make one course, each reading once', () => {
  const at = (messages: ReturnType<typeof reading>[]) => seriesOf(messages).get('x') ?? []
  const loaded = at([reading(1, { x: 1 }), reading(2, { x: 2 })])
  const held = at([reading(2, { x: 2 }), reading(3, { x: 3 })])
  expect(mergedPoints(loaded, held).map(({ value }) => value)).toEqual([1, 2, 3])
})

test('a small chart stays in its box, also of equal values and of one moment', () => {
  const same = { ...reading(1, { x: 5 }), created_at: '2026-11-22T01:00:00.000Z' }
  for (const messages of [
    [reading(1, { x: -3 }), reading(2, { x: 1e9 }), reading(9, { x: 0 })],
    [reading(1, { x: 5 }), reading(2, { x: 5 })],
    [same, { ...same, message_id: 'other' }],
  ]) {
    const points = sparkPoints(seriesOf(messages).get('x') ?? [])
    expect(sparkPath(points)).toMatch(/^M[\d. ]+(?:L[\d. ]+)+$/)
    for (const { x, y } of points) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(SPARK_WIDTH)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(SPARK_HEIGHT)
    }
  }
})

test('[LIM-4] a small chart shows the readings around its own, however many there are', () => {
  const messages = Array.from({ length: 100 }, (_, i) => reading(i + 1, { x: i + 1 }))
  const points = seriesOf(messages).get('x') ?? []
  const shown = (message_id: string | undefined) => {
    const values = sparkWindow(points, message_id).map(({ value }) => value)
    return [values[0], values.at(-1)]
  }
  expect(shown('message-50')).toEqual([20, 60])
  expect(shown('message-3')).toEqual([1, 13])
  expect(shown(undefined)).toEqual([70, 100])
})

/** Pages of a room with so many readings of `x`, newest first. */
const roomOf = (count: number) => {
  const asked: URLSearchParams[] = []
  return {
    asked,
    readings: (_room_id: string, parameters: URLSearchParams) => {
      asked.push(parameters)
      const end = Number(parameters.get('before_sequence') ?? count + 1)
      const start = Math.max(1, end - Number(parameters.get('limit')))
      const messages = Array.from({ length: end - start }, (_, i) => {
        const n = end - 1 - i
        return reading(n, { x: n })
      })
      const has_more = start > 1
      const pagination = {
        has_more,
        next_before: null,
        next_before_sequence: has_more ? start : null,
      }
      return Promise.resolve({ ok: true as const, value: { messages, pagination } as MessagePage })
    },
  }
}

test('[LIM-4] a course is read page by page, as far back as a chart can show', async () => {
  const small = await loadPoints(roomOf(PAGE_MAX_COUNT + 3), room_id, 'x')
  expect(small.points.map(({ value }) => value)).toEqual(
    Array.from({ length: PAGE_MAX_COUNT + 3 }, (_, i) => i + 1),
  )
  expect(small.has_more).toBe(false)
  const large = await loadPoints(roomOf(POINTS_MAX_COUNT + 1), room_id, 'x')
  expect(large.points).toHaveLength(POINTS_MAX_COUNT)
  expect(large.has_more).toBe(true)
})

test('what was read before a failure is kept, and the failure told', async () => {
  const room = roomOf(PAGE_MAX_COUNT + 1)
  const failure = { code: 'unreachable', detail: '' } as const
  const result = await loadPoints(
    {
      readings: (...args) =>
        room.asked.length === 0
          ? room.readings(...args)
          : Promise.resolve({ ok: false as const, failure }),
    },
    room_id,
    'x',
  )
  expect(result.points).toHaveLength(PAGE_MAX_COUNT)
  expect(result.failure).toEqual(failure)
})
