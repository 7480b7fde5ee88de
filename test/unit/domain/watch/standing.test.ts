import { describe, expect, test } from 'vitest'
import { gaugesOf, totalsOf } from '../../../../src/domain/watch/standing.ts'
import { inBuckets, snapshot } from './builders.ts'

describe('[OPS-3] what a collector holds', () => {
  test('is added up over labels, each kind by its own', () => {
    const { counts, durations } = totalsOf(
      snapshot({
        counters: {
          'muster_messages_total{lane="said"}': 5,
          'muster_messages_total{lane="burst"}': 700,
          'muster_http_requests_total{method="GET",route="/api/rooms",status="2xx"}': 90,
          'muster_http_requests_total{method="GET",route="/api/rooms",status="4xx"}': 6,
          'muster_http_requests_total{method="POST",route="/api/rooms",status="5xx"}': 4,
          'muster_errors_total{way="http",code="unavailable"}': 4,
          'muster_errors_total{way="socket",code="unavailable"}': 2,
          'muster_errors_total{way="socket",code="database_busy"}': 1,
          'muster_errors_total{way="socket",code="forbidden"}': 50,
          'muster_pool_events_total{shard="0",event="timeouts"}': 2,
          'muster_pool_events_total{shard="1",event="rejected"}': 3,
          'muster_pool_events_total{shard="1",event="opened"}': 40,
          muster_deliveries_total: 1_000,
          muster_reports_total: 8,
        },
        histograms: {
          'muster_commit_duration_seconds{lane="said"}': { counts: inBuckets(1, 2), sum: 0.1 },
          'muster_commit_duration_seconds{lane="burst"}': { counts: inBuckets(2, 14), sum: 40 },
          'muster_http_request_duration_seconds{method="GET",route="/api/rooms"}': {
            ...{ counts: inBuckets(3), sum: 0.01 },
          },
        },
      }),
    )
    expect(counts).toEqual({
      ...{ said: 5, burst: 700, requests: 100, failed_requests: 4, failed_frames: 3 },
      ...{ turned_away: 5, deliveries: 1_000 },
    })
    expect(durations).toEqual({ commit: inBuckets(1, 2, 2, 14) })
  })

  test('gauges of several collectors are summed, or the worst of them counts', () => {
    const { gauges, pools } = gaugesOf([
      snapshot({
        gauges: {
          'muster_sockets{kind="room"}': 10,
          'muster_buffer_messages{shard="0",priority="high"}': 3,
          'muster_buffer_messages{shard="1",priority="high"}': 4,
          'muster_buffer_fill_ratio{shard="0"}': 0.25,
          'muster_circuits_open{service="database-0"}': 1,
          'muster_circuits_open{service="email"}': 1,
          'muster_degradation_level{part="gateway"}': 2,
          'muster_memory_fill_ratio{part="room_pending"}': 0.25,
          'muster_memory_fill_ratio{part="room_recent"}': 0.95,
          'muster_pool_connections{shard="1",state="in_use"}': 7,
          'muster_pool_connections{shard="1",state="idle"}': 2,
          'muster_pool_limit{shard="1",bound="max"}': 25,
          'muster_pool_limit{shard="1",bound="min"}': 10,
          'muster_pool_waiting{shard="1"}': 4,
        },
      }),
      snapshot({
        gauges: {
          'muster_sockets{kind="room"}': 5,
          'muster_buffer_fill_ratio{shard="1"}': 0.75,
          'muster_degradation_level{part="room"}': 1,
        },
      }),
    ])
    expect(gauges).toEqual({
      ...{ room_sockets: 15, buffer_high: 7, buffer_fill: 0.75, level: 2 },
      ...{ circuits_open: 1, databases_away: 1 },
      // Reporters leave out what is zero.
      ...{ inbox_sockets: 0, rooms: 0, buffer_normal: 0, buffer_low: 0 },
      ...{ buffer_oldest_s: 0, memory_fill: 0.25 },
    })
    expect(gaugesOf([])).toEqual({ gauges: {}, pools: [] })
    expect(pools).toEqual([{ shard: 1, in_use: 7, idle: 2, waiting: 4, overflow: 0, max: 25 }])
  })
})
