/** What the object that watches keeps of the collectors' figures, and when it looks. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SeriesName, SeriesRange } from '../../../src/protocol/operations.ts'
import { SampleStore } from '../../../src/durable/sample-store.ts'
import { sample } from '../../unit/domain/watch/builders.ts'
import type { Eviction } from '../support/bindings.ts'
import {
  evictOperations,
  Isolate,
  look,
  operations,
  pass,
  startAnew,
  stopTime,
} from '../support/reports.ts'

const series = async (range_s = 60): Promise<SeriesRange> =>
  (await operations().series({ range_ms: range_s * 1_000, until: undefined })) as SeriesRange

const line = async (name: SeriesName, range_s = 60): Promise<(number | null)[]> =>
  (await series(range_s)).series.find((one) => one.name === name)?.values ?? []

const burst = (count: number) => ({ counters: { 'muster_messages_total{lane="burst"}': count } })

const rows = (table: string): Promise<number> =>
  runInDurableObject(operations(), (_, { storage: { sql } }) =>
    Number(sql.exec<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`).one().rows),
  )

beforeEach(async () => {
  stopTime()
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  await startAnew()
})
afterEach(() => {
  vi.useRealTimers()
})

describe.each<Eviction>(['none', 'hibernate'])(
  '[OPS-3] samples (evicted in between: %s)',
  (eviction) => {
    test('are taken while reports come, and become rates, percentiles and gauges', async () => {
      const isolate = new Isolate()
      await operations().wake()
      pass(5_000)
      expect(await look()).toBe(true)
      for (const count of [10, 0, 30]) {
        pass(4_000)
        await isolate.report({
          ...burst(count),
          histograms: {
            muster_accept_duration_seconds: {
              counts: Array.from({ length: 15 }, (_, bucket) => (bucket === 5 ? count : 0)),
              sum: count * 0.03,
            },
          },
          objects: {
            'gateway:test': {
              'muster_pool_waiting{shard="7"}': count,
              'muster_pool_limit{shard="7",bound="max"}': 25,
            },
          },
        })
        await evictOperations(eviction)
        pass(1_000)
        expect(await look()).toBe(true)
      }
      expect((await line('burst')).slice(-4)).toEqual([null, 2, 0, 6])
      // 25 to 50 ms.
      expect((await line('accept_p50')).slice(-4)).toEqual([null, 37.5, null, 37.5])
      expect((await line('buffer_fill')).slice(-3)).toEqual([0, 0, 0])
      const { series: lines, at } = await series()
      const pool = lines.filter(({ shard }) => shard === 7)
      expect(pool.map(({ name, values }) => [name, values.slice(-3)])).toEqual([
        ['pool_in_use', [0, 0, 0]],
        ['pool_idle', [0, 0, 0]],
        ['pool_waiting', [10, 0, 30]],
        ['pool_overflow', [0, 0, 0]],
        ['pool_max', [25, 25, 25]],
      ])
      expect(at.at(-1)).toBe(Date.now())
    })

    test('stop when nothing is reported, begin with the next report, and the gap is null', async () => {
      const isolate = new Isolate()
      await isolate.report(burst(1))
      await operations().wake()
      pass(5_000)
      await look()
      // Five minutes, and none of them is counted as nobody's.
      let looks = 0
      do {
        pass(5_000)
        looks += 1
        if (looks % 20 === 0) await evictOperations(eviction)
      } while ((await look()) && looks < 100)
      expect(looks).toBe(61)
      pass(120_000)
      expect(await look()).toBe(false)

      await isolate.report(burst(15))
      await operations().wake()
      await evictOperations(eviction)
      pass(5_000)
      expect(await look()).toBe(true)
      const values = (await line('burst', 300)).slice(-28)
      // The last before it rested, two minutes of nothing, and all that was counted since.
      expect(values).toEqual([0, 0, ...Array.from({ length: 25 }, () => null), 3])
    })

    test('that were missed are a gap, and what was counted meanwhile belongs to no instant', async () => {
      const isolate = new Isolate()
      await operations().wake()
      pass(5_000)
      await look()
      await isolate.report(burst(1_000))
      await evictOperations(eviction)
      pass(90_000)
      await look()
      pass(5_000)
      await isolate.report(burst(5))
      await look()
      expect((await line('burst', 90)).slice(-5)).toEqual([null, null, null, null, 1])
    })
  },
)

test('[OPS-3] an hour is kept in detail and a day by minutes, no more', async () => {
  const begin = Date.now()
  await runInDurableObject(operations(), (_, { storage }) => {
    const store = new SampleStore(storage.sql)
    const keep = (at: number, covered_ms: number) =>
      store.keep(sample({ at, covered_ms, counts: { burst: covered_ms / 500 } }))
    for (let at = begin - 86_400_000 - 600_000; at < begin - 3_900_000; at += 60_000)
      keep(at, 60_000)
    for (let at = begin - 3_900_000; at <= begin; at += 5_000) keep(at, 5_000)
  })
  expect(await rows('fine_samples')).toBe(720)
  expect(await rows('coarse_samples')).toBe(1_440)
  const day = await series(86_400)
  expect([day.step_ms, day.at.length]).toEqual([300_000, 288])
  const two_hours = await series(7_200)
  expect([two_hours.step_ms, two_hours.at.length]).toEqual([60_000, 120])
  for (const range_s of [900, 7_200, 86_400])
    expect(new Set(await line('burst', range_s))).toEqual(new Set([2]))
})
