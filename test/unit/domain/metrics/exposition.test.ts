import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  catalogue,
  type MetricDefinition,
  type MetricName,
} from '../../../../src/domain/metrics/catalogue.ts'
import { exposition } from '../../../../src/domain/metrics/exposition.ts'
import { seriesKey } from '../../../../src/domain/metrics/series-key.ts'
import { nothingCounted } from '../../../../src/domain/metrics/snapshot.ts'
import { Tally } from '../../../../src/domain/metrics/tally.ts'
import { parsePrometheus, sampleOf } from '../../../support/prometheus.ts'

test('[OPS-1] every metric of the catalogue is there before anything was counted', () => {
  const families = parsePrometheus(exposition(nothingCounted))
  expect([...families.keys()]).toEqual(Object.keys(catalogue))
  for (const [name, { help, type }] of families)
    expect({ help, type }).toMatchObject({ type: catalogue[name as MetricName].type })
  expect(sampleOf(families, 'muster_rooms')).toBe(0)
  expect(sampleOf(families, 'muster_accept_duration_seconds_count')).toBe(0)
})

test('[OPS-1] buckets are cumulative, with a sum and a count', () => {
  const tally = new Tally()
  const name = 'muster_pool_wait_seconds'
  tally.observe(name, seriesKey(name, { shard: 3 }), [0.0005, 0.002, 0.002, 99])
  const families = parsePrometheus(exposition({ ...tally.counted(), gauges: {} }))
  const bucket = (le: string) => sampleOf(families, `${name}_bucket`, { shard: '3', le })
  expect(bucket('0.001')).toBe(1)
  expect(bucket('0.0025')).toBe(3)
  expect(bucket('30')).toBe(3)
  expect(bucket('+Inf')).toBe(4)
  expect(sampleOf(families, `${name}_count`, { shard: '3' })).toBe(4)
  expect(sampleOf(families, `${name}_sum`, { shard: '3' })).toBeCloseTo(99.0045)
})

test('[OPS-1] whatever labels and values hold, it can be read and says the same', () => {
  const aCounter = fc.constantFrom(
    ...(Object.keys(catalogue) as MetricName[]).filter(
      (name) => catalogue[name].type === 'counter',
    ),
  )
  const aValue = fc.oneof(fc.string(), fc.constantFrom('a"b', 'c\\d', 'e\nf', '\\n', '大', '}'))
  fc.assert(
    fc.property(
      aCounter,
      fc.array(aValue, { minLength: 2, maxLength: 2 }),
      fc.nat(),
      (name, values, by) => {
        const { labels = [] }: MetricDefinition = catalogue[name]
        const given = Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']))
        const tally = new Tally()
        tally.add(name, seriesKey(name, given), by)
        const families = parsePrometheus(exposition({ ...tally.counted(), gauges: {} }))
        expect(sampleOf(families, name, given)).toBe(by)
      },
    ),
  )
})
