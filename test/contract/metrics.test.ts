/** What operators read at /metrics, of the built Worker, also when it was killed in between (OPS-1). */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { catalogue } from '../../src/domain/metrics/catalogue.ts'
import { createRoomOf, type RoomOfPeople } from '../support/people.ts'
import { parsePrometheus, sampleOf, type Family } from '../support/prometheus.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
let room: RoomOfPeople
beforeAll(async () => {
  worker = await startTestWorker()
  room = await createRoomOf(worker.database.pool, 2)
})
afterAll(() => worker.stop())

const read = async (): Promise<Map<string, Family>> => {
  const { METRICS_TOKEN } = inject('workerBindings')
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
  return parsePrometheus(await (await fetch(`${worker.served.url}/metrics`, { headers })).text())
}

const said = (families: ReadonlyMap<string, Family>): number =>
  sampleOf(families, 'muster_messages_total', { lane: 'said' }) ?? 0

const lost = (families: ReadonlyMap<string, Family>) =>
  sampleOf(families, 'muster_reporters_lost_total') ?? 0

const say = async (count: number): Promise<void> => {
  const [person] = room.people
  for (let index = 0; index < count; index += 1) {
    const response = await fetch(`${worker.served.url}/api/rooms/${room.room_id}/messages`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${person?.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ content: `message ${index}` }),
    })
    expect(response.status).toBe(201)
  }
}

const until = (isSo: (families: Map<string, Family>) => boolean) =>
  expect.poll(async () => isSo(await read()), { timeout: 90_000, interval: 500 }).toBe(true)

test('[OPS-1] under a little load: every metric, and 37 messages are 37', async () => {
  expect([...(await read()).keys()]).toEqual(Object.keys(catalogue))
  await say(37)
  await until((families) => said(families) >= 37)
  const families = await read()
  expect(said(families)).toBe(37)
  const labels = { method: 'POST', route: '/api/rooms/{room_id}/messages' }
  expect(sampleOf(families, 'muster_http_requests_total', { ...labels, status: '2xx' })).toBe(37)
  expect(sampleOf(families, 'muster_http_request_duration_seconds_count', labels)).toBe(37)
  expect(sampleOf(families, 'muster_broadcast_duration_seconds_count', { lane: 'said' })).toBe(37)
})

test('[OPS-1] a Worker that is killed loses no count it has told, and says that one was lost', async () => {
  const families = await read()
  expect(lost(families)).toBe(0)
  const before = said(families)
  await say(5)
  await until((now) => said(now) > before)
  const told = said(await read())
  await say(3)
  await worker.restart()
  const after = await read()
  expect(said(after)).toBeGreaterThanOrEqual(told)
  expect(said(after)).toBeLessThanOrEqual(before + 8)
  await until((now) => lost(now) === 1)
  // What comes after is counted as before.
  const since = said(await read())
  await say(4)
  await until((now) => said(now) >= since + 4)
  expect(said(await read())).toBe(since + 4)
})
