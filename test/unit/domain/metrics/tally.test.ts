import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../../src/domain/metrics/catalogue.ts'
import { seriesKey, type Labels } from '../../../../src/domain/metrics/series-key.ts'
import { Tally } from '../../../../src/domain/metrics/tally.ts'

const commits = (tally: Tally, labels: Labels, by = 1) =>
  tally.add('muster_commits_total', seriesKey('muster_commits_total', labels), by)

const waits = (tally: Tally, shard: number, ...seconds: number[]) =>
  tally.observe(
    'muster_pool_wait_seconds',
    seriesKey('muster_pool_wait_seconds', { shard }),
    seconds,
  )

describe('the name of a series', () => {
  test('[OPS-1] has all labels of its metric, in the order of the catalogue', () => {
    const key = 'muster_commits_total{lane="said",outcome="committed"}'
    expect(seriesKey('muster_commits_total', { outcome: 'committed', lane: 'said' })).toBe(key)
    expect(seriesKey('muster_commits_total', { lane: 'said', more: 1 })).toBe(
      'muster_commits_total{lane="said",outcome=""}',
    )
    expect(seriesKey('muster_rooms', undefined)).toBe('muster_rooms')
  })

  test('[OPS-1] escapes what a label may hold', () => {
    expect(seriesKey('muster_sockets', { kind: 'a"b\\c\nd' })).toBe(
      'muster_sockets{kind="a\\"b\\\\c\\nd"}',
    )
  })
})

describe('a tally', () => {
  test('[OPS-1] adds up by series', () => {
    const tally = new Tally()
    commits(tally, { lane: 'said', outcome: 'committed' })
    commits(tally, { lane: 'said', outcome: 'committed' }, 4)
    commits(tally, { lane: 'burst', outcome: 'committed' })
    expect(tally.counted().counters).toEqual({
      'muster_commits_total{lane="said",outcome="committed"}': 5,
      'muster_commits_total{lane="burst",outcome="committed"}': 1,
    })
  })

  test('[OPS-1] puts a value into the first bucket whose bound it does not exceed', () => {
    const tally = new Tally()
    waits(tally, 0, 0, 0.001, 0.0011, 30, 31)
    const histogram = tally.counted().histograms['muster_pool_wait_seconds{shard="0"}']
    expect(histogram?.counts).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    expect(histogram?.sum).toBeCloseTo(61.0021)
  })

  test('[OPS-1] keeps so many series as the catalogue says and loses no count beyond', () => {
    const tally = new Tally()
    for (let code = 0; code < 1_000; code += 1) commits(tally, { lane: 'said', outcome: code })
    const { counters } = tally.counted()
    expect(Object.keys(counters)).toHaveLength(catalogue.muster_commits_total.series_max_count)
    expect(Object.values(counters).reduce((sum, value) => sum + value, 0)).toBe(1_000)
    expect(counters['muster_commits_total{lane="other",outcome="other"}']).toBe(977)
  })

  test('[OPS-1] the same of histograms', () => {
    const tally = new Tally()
    for (let shard = 0; shard < 1_000; shard += 1) waits(tally, shard, 0.2)
    const histograms = Object.values(tally.counted().histograms)
    expect(histograms).toHaveLength(catalogue.muster_pool_wait_seconds.series_max_count)
    expect(histograms.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count)).toBe(
      1_000,
    )
  })

  test('[OPS-1] is handed over once', () => {
    const tally = new Tally()
    commits(tally, { lane: 'said', outcome: 'committed' })
    waits(tally, 1, 0.1)
    const first = tally.drain()
    expect(Object.keys(first.counters)).toHaveLength(1)
    expect(Object.keys(first.histograms)).toHaveLength(1)
    expect(tally.isEmpty).toBe(true)
    expect(tally.drain()).toEqual({ counters: {}, histograms: {} })
    waits(tally, 1, 0.1)
    expect(first.histograms['muster_pool_wait_seconds{shard="1"}']?.sum).toBe(0.1)
  })

  test('[OPS-1] takes in what another counted, and passes over what no version knows any more', () => {
    const [one, other] = [new Tally(), new Tally()]
    waits(one, 0, 0.002, 40)
    waits(other, 0, 0.002)
    commits(other, { lane: 'said', outcome: 'unknown' }, 3)
    one.merge(other.counted())
    one.merge({
      counters: { muster_gone_total: 7 },
      histograms: { 'muster_pool_wait_seconds{shard="0"}': { counts: [1, 2], sum: 3 } },
    })
    const { counters, histograms } = one.counted()
    expect(counters).toEqual({ 'muster_commits_total{lane="said",outcome="unknown"}': 3 })
    expect(histograms['muster_pool_wait_seconds{shard="0"}']?.counts[1]).toBe(2)
    expect(histograms['muster_pool_wait_seconds{shard="0"}']?.counts.at(-1)).toBe(1)
  })
})
