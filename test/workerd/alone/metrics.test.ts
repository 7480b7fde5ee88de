/** What is counted reaches the collectors, exactly, whatever is put away in between (OPS-1). */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { merged } from '../../../src/domain/metrics/merge.ts'
import type { Snapshot } from '../../../src/domain/metrics/snapshot.ts'
import type { Report } from '../../../src/domain/metrics/report.ts'
import { collectorStubs } from '../../../src/durable/stubs.ts'
import { catalogue } from '../../../src/domain/metrics/catalogue.ts'
import { parsePrometheus, sampleOf } from '../../support/prometheus.ts'
import { makeAdmin, openRoom, send, signIn } from '../http-client.ts'
import { bindings } from '../support/bindings.ts'
import { connect, connectInbox, join } from '../support/socket.ts'

const collected = async (): Promise<Snapshot> =>
  merged(
    await Promise.all(
      collectorStubs(bindings).map(async (stub) => (await stub.collected()).snapshot),
    ),
  )

const SAID = 'muster_messages_total{lane="said"}'

const saidSoFar = async (): Promise<number> => (await collected()).counters[SAID] ?? 0

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Reports come about every four seconds. */
const eventually = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  for (let count = 0; count < 60; count += 1) {
    if (await isSo()) return true
    await pause(250)
  }
  return false
}

const read = (token?: string, method = 'GET') =>
  send('/metrics', { method, ...(token && { headers: { authorization: `Bearer ${token}` } }) })

const readText = async () => (await read(bindings.METRICS_TOKEN)).text()

const total = (samples: readonly { readonly value: number }[]) =>
  samples.reduce((all, { value }) => all + value, 0)

describe('/metrics', () => {
  test('[OPS-1] is text that Prometheus reads, with every metric, and kept by nobody', async () => {
    const response = await read(bindings.METRICS_TOKEN)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const families = parsePrometheus(await response.text())
    expect([...families.keys()]).toEqual(Object.keys(catalogue))
  })

  test('[OPS-1] [SEC-2] is for its token and for admins alone', async () => {
    const [ann, admin] = [await signIn('ann'), await signIn('admin')]
    await makeAdmin(admin.user_id)
    expect((await read(admin.token)).status).toBe(200)
    for (const [token, status] of [
      [undefined, 401],
      ['a-token-for-tests-onlY', 401],
      [`${bindings.METRICS_TOKEN}x`, 401],
      [ann.token, 403],
    ] as const) {
      const response = await read(token)
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  test('[OPS-1] [SEC-5] counts requests by their endpoint, and tells no id and no token', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const labels = { method: 'GET', route: '/api/rooms/{room_id}', status: '2xx' }
    const counted = (text: string) =>
      sampleOf(parsePrometheus(text), 'muster_http_requests_total', labels) ?? 0
    const before = counted(await readText())
    for (let count = 0; count < 5; count += 1) await ann.get(`/api/rooms/${room_id}`)
    await ann.get(`/api/rooms/${crypto.randomUUID()}/nothing/${room_id}`)
    expect(await eventually(async () => counted(await readText()) === before + 5)).toBe(true)
    const text = await readText()
    expect(text).toContain('method="GET",route="other",status="4xx"')
    expect(text).toContain('muster_errors_total{way="http",code="not_found"}')
    for (const secret of [room_id, ann.user_id, ann.token, bindings.METRICS_TOKEN ?? ''])
      expect(text).not.toContain(secret)
  })
})

describe('metrics', () => {
  test('[OPS-1] 37 messages are 37, with as many waits, and a room that is seen', async () => {
    const before = await saidSoFar()
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const socket = await join(ann, room_id)
    for (let count = 0; count < 37; count += 1) socket.say(`message ${count}`)
    for (let count = 0; count < 37; count += 1) await socket.next('ack')
    expect(await eventually(async () => (await saidSoFar()) >= before + 37)).toBe(true)
    const { counters, histograms, gauges } = await collected()
    expect(counters[SAID]).toBe(before + 37)
    for (const name of [
      'muster_broadcast_duration_seconds',
      'muster_message_queue_duration_seconds',
    ]) {
      const counts = histograms[`${name}{lane="said"}`]?.counts ?? []
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(before + 37)
    }
    const calls = histograms['muster_commit_duration_seconds{lane="said"}']?.counts ?? []
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(
      counters['muster_commits_total{lane="said",outcome="committed"}'],
    )
    expect(gauges['muster_sockets{kind="room"}']).toBeGreaterThanOrEqual(1)
    expect(gauges['muster_rooms']).toBeGreaterThanOrEqual(1)
    const hot = await Promise.all(collectorStubs(bindings).map((stub) => stub.collected()))
    expect(hot.flatMap(({ hot_rooms }) => hot_rooms)).toContainEqual(
      expect.objectContaining({ room_id, sockets: 1, messages_per_s: 37 / 60 }),
    )
  })

  test('[OPS-1] a collector that was put away goes on where it was, also after it added up', async () => {
    const [collector] = collectorStubs(bindings)
    if (!collector) throw new Error('there is no collector')
    const reporter = crypto.randomUUID()
    const report = (number: number): Report => ({
      ...{ reporter, number, quiet: true, histograms: {}, rooms: [] },
      counters: { muster_leases_total: 1 },
      objects: { [`gateway:${reporter}`]: { 'muster_pool_waiting{shard="255"}': 2 } },
    })
    const leases = async () => (await collected()).counters['muster_leases_total'] ?? 0
    const before = await leases()
    for (let number = 1; number <= 250; number += 1) await collector.take(report(number))
    for (let round = 0; round < 2; round += 1) {
      await runInDurableObject(collector, () => {})
      await evictDurableObject(collector)
      expect(await leases()).toBe(before + 250)
      await collector.take(report(250))
      expect(await leases()).toBe(before + 250)
    }
    expect((await collected()).gauges['muster_pool_waiting{shard="255"}']).toBe(2)
  })

  test('[OPS-1] [DB-7] every part tells of itself: sockets, frames, refusals, statements, pools, the buffer', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    // What went before has been told, and is no part of what follows.
    await pause(9_000)
    const before = parsePrometheus(await readText())
    const was = (name: string, labels: Record<string, string>) =>
      sampleOf(before, name, labels) ?? 0

    const inbox = await connectInbox(ann)
    const first = await join(ann, room_id)
    first.say('one')
    const { revision } = await first.next('ack')
    const second = await connect(ann, room_id, { query: `?since_revision=${revision}` })
    await second.next('resumed')
    const third = await connect(ann, room_id, { query: `?since_revision=${revision - 1}` })
    await third.next('resumed')
    second.send({ type: 'message', content: '' })
    await second.next('error')
    third.close(1000)
    await third.closed
    const recipient = { type: 'room', id: room_id }
    for (let index = 0; index < 3; index += 1)
      expect(
        (await ann.post('/api/messages/one-way', { recipient, content: `b${index}` })).status,
      ).toBe(202)
    for (let index = 0; index < 3; index += 1)
      await first.next('message', ({ message }) => message.content === `b${index}`)

    const grown: [string, Record<string, string>, number][] = [
      ['muster_sockets_opened_total', { kind: 'room' }, 3],
      ['muster_sockets_opened_total', { kind: 'inbox' }, 1],
      ['muster_sockets_closed_total', { kind: 'room', code: '1000' }, 1],
      ['muster_resumes_total', { outcome: 'current' }, 1],
      ['muster_resumes_total', { outcome: 'replay' }, 1],
      ['muster_errors_total', { way: 'room', code: 'bad_request' }, 1],
      ['muster_messages_total', { lane: 'said' }, 1],
      ['muster_messages_total', { lane: 'burst' }, 3],
      ['muster_one_way_total', { outcome: 'accepted' }, 3],
      ['muster_one_way_total', { outcome: 'committed' }, 3],
      ['muster_accept_duration_seconds_count', {}, 3],
      [
        'muster_http_requests_total',
        { method: 'POST', route: '/api/messages/one-way', status: '2xx' },
        3,
      ],
      [
        'muster_statement_duration_seconds_count',
        { statement: 'commit-room', database: 'primary' },
        1,
      ],
    ]
    const difference = async () => {
      const now = parsePrometheus(await readText())
      return grown.map(([name, labels]) => [
        name,
        labels,
        (sampleOf(now, name, labels) ?? 0) - was(name, labels),
      ])
    }
    await eventually(async () => JSON.stringify(await difference()) === JSON.stringify(grown))
    expect(await difference()).toEqual(grown)

    const now = parsePrometheus(await readText())
    expect(sampleOf(now, 'muster_sockets', { kind: 'room' })).toBe(
      was('muster_sockets', { kind: 'room' }) + 2,
    )
    expect(sampleOf(now, 'muster_sockets', { kind: 'inbox' })).toBe(
      was('muster_sockets', { kind: 'inbox' }) + 1,
    )
    const opened =
      now
        .get('muster_pool_events_total')
        ?.samples.filter(({ labels }) => labels['event'] === 'opened') ?? []
    const open = now.get('muster_pool_connections')?.samples ?? []
    expect(total(open)).toBeGreaterThan(0)
    expect(total(opened)).toBeGreaterThanOrEqual(total(open))
    expect(sampleOf(now, 'muster_pool_limit', { shard: '0', bound: 'max' })).toBeGreaterThan(0)
    inbox.close()
    first.close()
    second.close()
  })
})
