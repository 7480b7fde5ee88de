import { describe, expect, test } from 'vitest'
import {
  emptyLedger,
  hotRoomsOf,
  kept,
  LOST_AFTER_MS,
  restored,
  snapshotOf,
  sweep,
  take,
  type Ledger,
} from '../../../../src/domain/metrics/ledger.ts'
import { merged } from '../../../../src/domain/metrics/merge.ts'
import type { Report } from '../../../../src/domain/metrics/report.ts'

const SAID = 'muster_messages_total{lane="said"}'
const SOCKETS = 'muster_sockets{kind="room"}'
const LEVEL = 'muster_degradation_level{part="room"}'

const report = (overrides: Partial<Report> = {}): Report => ({
  ...{ reporter: 'isolate-1', number: 1, quiet: true },
  ...{ counters: {}, histograms: {}, objects: {}, rooms: [] },
  ...overrides,
})

const said = (number: number, messages: number, overrides: Partial<Report> = {}) =>
  report({ number, counters: { [SAID]: messages }, ...overrides })

const told = (number: number, objects: Report['objects'], reporter = 'isolate-1') =>
  report({ number, reporter, objects })

const spoke = (number: number, messages: Record<string, number>) =>
  report({
    number,
    rooms: Object.entries(messages).map(([room_id, count]) => ({
      ...{ room_id, messages: count, queue_max_ms: count, sockets: 2 },
    })),
  })

const lostIn = (ledger: Ledger, now: number): number | undefined =>
  snapshotOf(ledger, now).counters['muster_reporters_lost_total']

describe('what is counted', () => {
  test('[OPS-1] a report that comes again is not counted twice', () => {
    const ledger = emptyLedger()
    expect(take(ledger, said(1, 5), 0)).toBe(true)
    expect(take(ledger, said(1, 5), 1)).toBe(false)
    expect(take(ledger, said(2, 3), 2)).toBe(true)
    expect(take(ledger, said(1, 5), 3)).toBe(false)
    expect(take(ledger, said(1, 4, { reporter: 'isolate-2' }), 4)).toBe(true)
    expect(snapshotOf(ledger, 5).counters).toEqual({ [SAID]: 12, muster_reports_total: 3 })
  })

  test('[OPS-1] an isolate that falls silent in the middle is counted as lost, once', () => {
    const ledger = emptyLedger()
    take(ledger, said(1, 1, { quiet: false }), 0)
    expect(sweep(ledger, LOST_AFTER_MS - 1)).toBe(false)
    expect(sweep(ledger, LOST_AFTER_MS)).toBe(true)
    expect(sweep(ledger, LOST_AFTER_MS + 1)).toBe(false)
    expect(sweep(ledger, 10 * LOST_AFTER_MS)).toBe(false)
    expect(lostIn(ledger, LOST_AFTER_MS)).toBe(1)
  })

  test('[OPS-1] control: one that said "nothing more" is not', () => {
    const ledger = emptyLedger()
    take(ledger, said(1, 1, { quiet: false }), 0)
    take(ledger, said(2, 1, { quiet: true }), 4_000)
    expect(sweep(ledger, 1_000_000)).toBe(false)
    expect(lostIn(ledger, 1_000_000)).toBeUndefined()
  })

  test('[OPS-1] one that comes back after all is still known by its numbers', () => {
    const ledger = emptyLedger()
    take(ledger, said(7, 1, { quiet: false }), 0)
    sweep(ledger, LOST_AFTER_MS)
    expect(take(ledger, said(7, 1), LOST_AFTER_MS + 1)).toBe(false)
    expect(take(ledger, said(8, 1), LOST_AFTER_MS + 2)).toBe(true)
    expect(snapshotOf(ledger, LOST_AFTER_MS + 3).counters[SAID]).toBe(2)
  })

  test('[OPS-1] how many report now', () => {
    const ledger = emptyLedger()
    take(ledger, report(), 0)
    take(ledger, report({ reporter: 'isolate-2' }), 20_000)
    expect(snapshotOf(ledger, 20_001).gauges['muster_reporters']).toBe(2)
    expect(snapshotOf(ledger, 31_000).gauges['muster_reporters']).toBe(1)
  })
})

describe('gauges', () => {
  test('[OPS-1] are summed over objects, or the worst, as the catalogue says', () => {
    const ledger = emptyLedger()
    const objects = {
      'room:a': { [SOCKETS]: 3, [LEVEL]: 1 },
      'room:b': { [SOCKETS]: 4, [LEVEL]: 2 },
    }
    take(ledger, told(1, objects), 0)
    take(ledger, told(2, { 'room:a': { [SOCKETS]: 1 } }), 1)
    expect(snapshotOf(ledger, 2).gauges).toMatchObject({ [SOCKETS]: 5, [LEVEL]: 2 })
  })

  test('[OPS-1] an object that moved to another isolate counts once, and one with nothing not at all', () => {
    const ledger = emptyLedger()
    take(ledger, told(1, { 'room:a': { [SOCKETS]: 3 } }), 0)
    take(ledger, told(1, { 'room:a': { [SOCKETS]: 2 } }, 'isolate-2'), 1)
    expect(snapshotOf(ledger, 2).gauges[SOCKETS]).toBe(2)
    take(ledger, told(2, { 'room:a': {} }, 'isolate-2'), 3)
    expect(snapshotOf(ledger, 4).gauges[SOCKETS]).toBeUndefined()
    expect(ledger.objects.size).toBe(0)
  })

  test('[OPS-1] of a room hold for three heartbeats, of a gateway for longer', () => {
    const ledger = emptyLedger()
    const pool = { 'muster_pool_waiting{shard="0"}': 1 }
    take(ledger, told(1, { 'room:a': { [SOCKETS]: 3 }, 'gateway:0': pool }), 0)
    sweep(ledger, 99_000)
    expect(snapshotOf(ledger, 99_000).gauges).toMatchObject({ [SOCKETS]: 3, ...pool })
    sweep(ledger, 100_000)
    expect(snapshotOf(ledger, 100_000).gauges[SOCKETS]).toBeUndefined()
    expect(snapshotOf(ledger, 100_000).gauges).toMatchObject(pool)
    sweep(ledger, 900_000)
    expect(ledger.objects.size).toBe(0)
  })

  test('[OPS-1] of an isolate that was lost are not true any more', () => {
    const ledger = emptyLedger()
    take(ledger, report({ quiet: false, objects: { 'gateway:0': { [SOCKETS]: 1 } } }), 0)
    take(ledger, told(1, { 'gateway:1': { [SOCKETS]: 2 } }, 'isolate-2'), 0)
    sweep(ledger, LOST_AFTER_MS)
    expect(snapshotOf(ledger, LOST_AFTER_MS).gauges[SOCKETS]).toBe(2)
  })
})

describe('the busiest rooms', () => {
  test('[OPS-1] of the last minute, the busiest first, and not all of them', () => {
    const ledger = emptyLedger()
    take(ledger, spoke(1, { a: 60, b: 600 }), 0)
    take(ledger, spoke(2, { a: 1_200 }), 30_000)
    const a = { room_id: 'a', messages_per_s: 21, queue_max_ms: 1_200, sockets: 2 }
    expect(hotRoomsOf(ledger, 40_000)).toEqual([
      a,
      { room_id: 'b', messages_per_s: 10, queue_max_ms: 600, sockets: 2 },
    ])
    expect(hotRoomsOf(ledger, 70_000)).toEqual([{ ...a, messages_per_s: 20 }])
    expect(hotRoomsOf(ledger, 95_000)).toEqual([])
  })

  test('[OPS-1] what is remembered of them is bounded', () => {
    const ledger = emptyLedger()
    for (let number = 1; number <= 1_000; number += 1) {
      const rooms = Array.from({ length: 20 }, (_, index) => [`${number}-${index}`, number])
      take(ledger, spoke(number, Object.fromEntries(rooms) as Record<string, number>), number)
    }
    expect(ledger.rooms.length).toBeLessThanOrEqual(7_500)
    expect(hotRoomsOf(ledger, 1_000)).toHaveLength(20)
    expect(hotRoomsOf(ledger, 1_000)[0]?.room_id).toMatch(/^1000-/)
  })
})

test('[OPS-1] a ledger that was stored goes on where it was', () => {
  const ledger = emptyLedger()
  const histograms = {
    'muster_pool_wait_seconds{shard="0"}': { counts: Array.from({ length: 15 }, () => 1), sum: 2 },
  }
  take(ledger, said(1, 5, { histograms, objects: { 'room:a': { [SOCKETS]: 3 } } }), 5)
  const again = restored(JSON.parse(JSON.stringify(kept(ledger))))
  expect(again).toEqual(ledger)
  expect(take(again, said(1, 5), 6)).toBe(false)
  expect(snapshotOf(again, 7)).toEqual(snapshotOf(ledger, 7))
})

test('[OPS-1] what several collectors hold is one', () => {
  const [one, other] = [emptyLedger(), emptyLedger()]
  take(one, said(1, 5, { objects: { 'room:a': { [SOCKETS]: 3, [LEVEL]: 4 } } }), 0)
  take(other, said(1, 6, { objects: { 'room:b': { [SOCKETS]: 1, [LEVEL]: 1 } } }), 0)
  const whole = merged([snapshotOf(one, 1), snapshotOf(other, 1)])
  expect(whole.counters[SAID]).toBe(11)
  expect(whole.gauges).toMatchObject({ [SOCKETS]: 4, [LEVEL]: 4, muster_reporters: 2 })
})
