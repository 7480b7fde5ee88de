/** How the deployment does, over REST: shown to admins whole, and refused to others (OPS-3, SEC-2). */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import { gatewayStubs } from '../../../src/durable/stubs.ts'
import { failure } from '../../../src/lib/outcome.ts'
import { refusal, type Problem } from '../../../src/protocol/errors.ts'
import { AlertHistory, AlertList } from '../../../src/protocol/alerts.ts'
import type { SeriesName } from '../../../src/protocol/operations.ts'
import { OperationsNow, SeriesRange } from '../../../src/protocol/operations.ts'
import { makeAdmin, openRoom, say, signIn, unmakeAdmin, type Caller } from '../http-client.ts'
import { bindings } from '../support/bindings.ts'

const rates = ({ series }: SeriesRange, name: SeriesName): (number | null)[] =>
  series.find((one) => one.name === name)?.values ?? []

const signInAdmin = async (): Promise<Caller> => {
  const admin = await signIn('admin')
  await makeAdmin(admin.user_id)
  return admin
}

test('[OPS-3] what is said is seen, by looks that come by themselves', async () => {
  const admin = await signInAdmin()
  const { room_id } = await openRoom(admin)
  for (let count = 0; count < 5; count += 1) await say(admin, room_id, `message ${count}`)
  // Reports come every four seconds and wake who looks every five: nobody else does it here.
  const read = async (): Promise<SeriesRange> =>
    SeriesRange.parse((await admin.get('/api/admin/series?range_s=300')).body)
  const isSeen = async () => rates(await read(), 'requests').some((rate) => Number(rate) > 0)
  await vi.waitUntil(isSeen, { timeout: 60_000, interval: 500 })
  const range = await read()
  expect(range.step_ms).toBe(5_000)
  expect(range.at).toHaveLength(60)
  for (const { values } of range.series) expect(values).toHaveLength(60)
  // Before the first look nothing is known, which is not zero.
  expect(rates(range, 'said')[0]).toBeNull()

  const now = OperationsNow.parse((await admin.get('/api/admin/operations')).body)
  expect(now).toMatchObject({ environment: 'development', readiness: { status: 'ready' } })
  expect(now.sampled_at).not.toBeNull()
  expect(now.database.shards).toHaveLength(2)
  const { rules } = AlertList.parse((await admin.get('/api/admin/alerts')).body)
  expect(rules.map(({ rule }) => rule)).toContain('commit_slow')
  AlertHistory.parse((await admin.get('/api/admin/alerts/history?limit=5')).body)
}, 90_000)

test.each([
  '/api/admin/operations',
  '/api/admin/series',
  '/api/admin/alerts',
  '/api/admin/alerts/history',
])('[SEC-2] %s is for admins', async (path) => {
  const eve = await signIn('eve')
  const { status, body } = await eve.get<Problem>(path)
  expect([status, body.code]).toEqual([403, 'forbidden'])
})

test.each([
  ['range_s=59', 'range_s'],
  ['range_s=86401', 'range_s'],
  ['until=yesterday', 'until'],
])('[API-7] %s is no range', async (query, field) => {
  const admin = await signInAdmin()
  const { status, body } = await admin.get<Problem>(`/api/admin/series?${query}`)
  expect([status, body.field]).toEqual([400, field])
})

const statusFor = async (person: Caller) => (await person.get('/api/admin/alerts')).status

/** Of every gateway, as far as anybody can tell. */
const databaseIsAway = (isAway: boolean) =>
  Promise.all(
    gatewayStubs(bindings).map((gateway) =>
      runInDurableObject(gateway, (instance) => {
        const answer = failure(refusal('unavailable', 'the database cannot be reached'))
        if (isAway) Object.assign(instance, { run: () => Promise.resolve(answer) })
        else Reflect.deleteProperty(instance, 'run')
      }),
    ),
  )

test('[LIM-3] [SEC-2] while the database says nothing, whom it called an admin is let in, and nobody else', async () => {
  const [admin, eve] = [await signInAdmin(), await signIn('eve')]
  expect([await statusFor(admin), await statusFor(eve)]).toEqual([200, 403])
  await databaseIsAway(true)
  expect([await statusFor(admin), await statusFor(eve)]).toEqual([200, 503])
  await databaseIsAway(false)
  // What it says counts again, once gateways have forgotten what it said before.
  await unmakeAdmin(admin.user_id)
  await vi.waitUntil(async () => (await statusFor(admin)) === 403, { timeout: 15_000 })
  await databaseIsAway(true)
  expect(await statusFor(admin)).toBe(503)
  await databaseIsAway(false)
}, 40_000)
