/**
 * The configuration is changed and rolled back over HTTP while people talk and watch (OPS-4): each
 * change is in force, and no socket is closed, no message lost, doubled or out of order.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChangedConfiguration, Configuration } from '../../src/protocol/configuration.ts'
import { DatabaseFigures } from '../../src/protocol/database-figures.ts'
import { Readiness } from '../../src/protocol/health.ts'
import { chanceOf } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { startTraffic } from '../support/traffic.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

const soon = { timeout: 30_000, interval: 200 }
const path = '/api/admin/config'

test('[OPS-4] [DB-2] [SEQ-2] [LIM-1] changed and rolled back in the middle of traffic', async () => {
  const chance = chanceOf('configuration in traffic')
  const gatherings = await Promise.all(
    Array.from({ length: 4 }, () => Gathering.open({ ...deployment, people: 4, chance })),
  )
  const [first] = gatherings
  const [admin] = first?.people ?? []
  if (!first || !admin) throw new Error('nobody came')
  await deployment.pool.query('UPDATE tr_users SET is_admin = true WHERE user_id = $1', [
    admin.user_id,
  ])
  const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' }
  const ask = async (at: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${deployment.url}${at}`, { headers, ...init })
    const body: unknown = await response.json()
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(body)}`)
    return body
  }
  const version = async () => ((await ask(path)) as Configuration).version
  const change = async (values: Record<string, unknown>) => {
    const body = JSON.stringify({ values, expected_version: await version() })
    return ((await ask(path, { method: 'PUT', body })) as ChangedConfiguration).version
  }
  const rollBack = async (to: number) => {
    const body = JSON.stringify({ version: to, expected_version: await version() })
    await ask(`${path}/rollback`, { method: 'POST', body })
  }
  const pool = async () => {
    const { total } = Readiness.parse(
      await (await fetch(`${deployment.url}/health/ready`)).json(),
    ).pool
    return { min: total?.min, max: total?.max }
  }
  const open = async () => {
    const { rows } = await deployment.pool.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'muster'`,
    )
    return rows[0]?.open ?? 0
  }
  const committed = async (name: 'commit-room' | 'commit-burst') => {
    const { statements } = DatabaseFigures.parse(await ask('/api/admin/database'))
    return statements.find(({ statement }) => statement === name)?.count ?? 0
  }
  /** Whether calls of this kind go on while those of the other have ended. */
  const onlyBy = async (name: 'commit-room' | 'commit-burst') => {
    const other = name === 'commit-room' ? 'commit-burst' : 'commit-room'
    const before = [await committed(name), await committed(other)]
    const said = traffic.said
    await expect.poll(() => traffic.said, soon).toBeGreaterThan(said + 50)
    const after = [await committed(name), await committed(other)]
    return (after[0] ?? 0) > (before[0] ?? 0) && after[1] === before[1]
  }
  const limit = async () => {
    const response = await fetch(`${deployment.url}/api/rooms/${first.room_id}/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        content: 'over REST',
        message_type: 'text',
        client_message_id: crypto.randomUUID(),
      }),
    })
    await response.body?.cancel()
    return response.headers.get('ratelimit-limit') ?? response.headers.get('RateLimit')
  }
  const watchers = gatherings.flatMap(({ clients }) => clients)
  const connections = () =>
    watchers.reduce(
      (sum, { history }) => sum + history.events.filter(({ type }) => type === 'connected').length,
      0,
    )

  const traffic = startTraffic(watchers, chance)
  const [pool_before, limit_before] = [await pool(), await limit()]
  expect(pool_before).toEqual({ min: 20, max: 50 })

  const pool_version = await change({ db_pool_size: 4, db_max_overflow: 2 })
  await expect.poll(pool, soon).toEqual({ min: 4, max: 6 })
  await expect.poll(open, soon).toBeLessThanOrEqual(6)
  await change({ db_pool_size: 10, db_max_overflow: 0 })
  await expect.poll(pool, soon).toEqual({ min: 10, max: 10 })
  await expect.poll(open, soon).toBe(10)
  await rollBack(pool_version)
  await expect.poll(pool, soon).toEqual({ min: 4, max: 6 })
  await expect.poll(open, soon).toBeLessThanOrEqual(6)

  await change({ commit_mode: 'group' })
  await expect.poll(() => onlyBy('commit-burst'), soon).toBe(true)
  await rollBack(pool_version)
  await expect.poll(() => onlyBy('commit-room'), soon).toBe(true)

  await change({ heartbeat_interval_ms: 5_000, heartbeat_timeout_ms: 4_000 })

  await change({ rate_limit_basic: 14_000, rate_limit_window: 30 })
  await expect.poll(limit, soon).not.toBe(limit_before)
  await rollBack(0)
  await expect.poll(limit, soon).toBe(limit_before)
  await expect.poll(pool, soon).toEqual(pool_before)

  await traffic.stop()
  expect(traffic.said).toBeGreaterThan(500)
  expect(connections(), 'nobody had to come again').toBe(watchers.length)
  for (const gathering of gatherings) await gathering.judge()
}, 240_000)
