/**
 * Sends are slow, and an operator who knows only the ops page finds out why, changes the pool, sees
 * what that does and takes it back: each of the three causes, injected, and told apart by what the
 * page itself makes of the server's figures (OPS-3, OPS-4).
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Configuration } from '../../src/protocol/configuration.ts'
import type { DatabaseFigures } from '../../src/protocol/database-figures.ts'
import type { SeriesRange } from '../../src/protocol/operations.ts'
import { diagnosisOf, type Diagnosis } from '../../web/src/ops/diagnosis.ts'
import { pause } from '../../tools/dev/child-process.ts'
import { chanceOf } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { tokenFor, type Person } from '../support/people.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

/** Two samples: the first after a change still has some of what was before. */
const settling_ms = 10_000
const patient = { timeout: 60_000, interval: 1_000 }

let deployment: Deployment
let operator: Person
let traffic: Traffic | undefined
const gatherings: Gathering[] = []

beforeAll(async () => {
  deployment = await startDeployment({
    vars: { DB_POOL_SIZE: '1', DB_MAX_OVERFLOW: '0', DB_GATEWAY_SHARDS: '1' },
  })
  operator = await tokenFor('operator')
  await deployment.pool.query(
    `INSERT INTO tr_users (user_id, display_name, is_admin) VALUES ('operator', 'Operator', true)`,
  )
})
afterEach(async () => {
  await traffic?.stop()
  await Promise.all(gatherings.splice(0).map((gathering) => gathering.close()))
})
afterAll(() => deployment.stop())

test('[OPS-3] [OPS-4] [DB-3] the pool is too small: found, made larger while it runs, rolled back', async () => {
  // Each answer is some way away, so that one connection has much to wait for.
  deployment.proxy.delay(30)
  await talk({ rooms: 30, talkers: 1 })
  await expect.poll(() => verdictSince(Date.now() - settling_ms), patient).toBe('pool_wait')
  const small = await poolWait()

  const before = await call<Configuration>('GET', '/api/admin/config')
  expect(before.values).toMatchObject({ db_pool_size: 1, db_max_overflow: 0 })
  const changed = await call<Configuration>('PUT', '/api/admin/config', {
    values: { db_pool_size: 30 },
    expected_version: before.version,
    note: 'commits wait for the one connection',
  })
  await expect.poll(openConnections, patient).toBe(30)
  await pause(settling_ms)
  const since = Date.now()
  await expect.poll(() => verdictSince(since), patient).not.toMatch(/pool_wait|both|unknown/)
  await expect.poll(() => poolWait(since), patient).toBeLessThan(small / 4)

  const back = await call<Configuration>('POST', '/api/admin/config/rollback', {
    version: before.version,
    expected_version: changed.version,
  })
  expect(back.values).toMatchObject({ db_pool_size: 1, db_max_overflow: 0 })
  await expect.poll(openConnections, patient).toBe(1)
  await pause(settling_ms)
  const again = Date.now()
  await expect.poll(() => verdictSince(again), patient).toBe('pool_wait')
  await judged()
}, 240_000)

test('[OPS-3] the database is slow: told apart from a pool that is too small', async () => {
  await enlarge()
  deployment.proxy.delay(400)
  await talk({ rooms: 5, talkers: 1 })
  await pause(settling_ms)
  const since = Date.now()
  await expect.poll(() => verdictSince(since), patient).toBe('database')
  deployment.proxy.delay(0)
  await judged()
}, 180_000)

test('[OPS-3] one room is too hot: its messages wait, its commits do not, and it is named', async () => {
  // Calls of few, so that they are quick on any machine: what is slow is to be the room.
  await enlarge({ commit_batch_max_count: 10 })
  deployment.proxy.delay(20)
  await talk({ rooms: 1, talkers: 200 })
  await pause(settling_ms)
  const since = Date.now()
  await expect.poll(() => verdictSince(since), patient).toBe('room')
  const [hot] = gatherings
  await expect
    .poll(async () => {
      const now = await call<{ hot_rooms: { room_id: string }[] }>('GET', '/api/admin/operations')
      return now.hot_rooms[0]?.room_id
    }, patient)
    .toBe(hot?.room_id)
  await judged()
}, 180_000)

async function talk(scene: { rooms: number; talkers: number }): Promise<void> {
  const { rooms, talkers: people } = scene
  gatherings.push(
    ...(await Promise.all(
      Array.from({ length: rooms }, () => Gathering.open({ ...deployment, people })),
    )),
  )
  const clients = gatherings.flatMap((gathering) => gathering.clients)
  traffic = startTraffic(clients, chanceOf('slow sends'))
}

/** Nothing of all this lost, doubled or reordered a message. */
async function judged(): Promise<void> {
  await traffic?.stop()
  for (const gathering of gatherings.splice(0)) await gathering.judge({ timeout_ms: 60_000 })
}

async function enlarge(more: Readonly<Record<string, number>> = {}): Promise<void> {
  const { version } = await call<Configuration>('GET', '/api/admin/config')
  const values = { db_pool_size: 20, db_max_overflow: 10, ...more }
  await call('PUT', '/api/admin/config', { values, expected_version: version })
  await expect.poll(openConnections, patient).toBeGreaterThanOrEqual(20)
}

async function diagnosisSince(since: number): Promise<Diagnosis> {
  const range = await call<SeriesRange>('GET', '/api/admin/series?range_s=300')
  const first = range.at.findIndex((at) => at >= since)
  const start = first < 0 ? range.at.length : first
  return diagnosisOf({
    ...range,
    at: range.at.slice(start),
    series: range.series.map((one) => ({ ...one, values: one.values.slice(start) })),
  })
}

const verdictSince = async (since: number) => (await diagnosisSince(since)).verdict

const poolWait = async (since = Date.now() - settling_ms): Promise<number> =>
  (await diagnosisSince(since)).pool_wait_ms ?? 0

async function openConnections(): Promise<number> {
  const { shards } = await call<DatabaseFigures>('GET', '/api/admin/database')
  return shards.reduce((open, { primary }) => open + (primary?.open ?? 0), 0)
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${deployment.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${operator.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Answer
}
