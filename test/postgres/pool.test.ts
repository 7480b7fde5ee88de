/** The pool's limits are real: counted by Postgres itself, not by the pool. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../src/database/client.ts'
import { shareOf, type PoolSettings } from '../../src/database/pool-settings.ts'
import { ConnectionPool } from '../../src/database/pool.ts'
import { startBridge, type Bridge } from '../../tools/dev/bridge.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { oneTo } from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

let pools: ConnectionPool[] = []
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  pools = []
  await untilOpen(0)
})

type PoolOverrides = {
  min?: number
  max?: number
  timeout_ms?: number
  recycle_s?: number
  proxy?: string
}

const defaults: PoolSettings = {
  ...{ size: 2, overflow: 2, timeout_ms: 10_000, recycle_s: 1_800 },
  ...{ shards: 1, idle_sleep_ms: 0 },
}

const openPool = ({
  min = 2,
  max = 4,
  proxy = database.proxy,
  ...overrides
}: PoolOverrides = {}) => {
  const settings = { ...defaults, ...overrides }
  const pool = new ConnectionPool({ url: database.url, proxy, settings, share: { min, max } })
  pools.push(pool)
  return pool
}

/** Sessions of the pool, as Postgres counts them. */
const open = async (): Promise<number> => {
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS open FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'muster'`,
  )
  return rows[0].open
}

/** The server has closed all of them, and the pool has heard of it. */
const untilNoticed = async (pool: ConnectionPool): Promise<void> => {
  await untilOpen(0)
  await expect.poll(() => pool.figures().open).toBe(0)
}

const untilOpen = async (count: number): Promise<void> => {
  const deadline = Date.now() + 10_000
  while ((await open()) !== count) {
    if (Date.now() > deadline) throw new Error(`${await open()} are open, not ${count}`)
    await pause(20)
  }
}

const sleep = (ms: number) => (client: Client) =>
  client.query({ text: `SELECT pg_sleep(${ms / 1_000})` })
const ask = (client: Client) => client.query({ text: 'SELECT pg_backend_pid() AS pid' })

const pidOf = async (pool: ConnectionPool): Promise<number> => {
  const used = await pool.use(ask)
  if (used.kind !== 'done') throw new Error(`not asked: ${used.kind}`)
  return Number(used.value.rows[0]?.['pid'])
}

const kill = (pid: number) => database.pool.query('SELECT pg_terminate_backend($1)', [pid])

describe('how many are open', () => {
  test('[DB-2] none before the first use; then at once the minimum, and they stay', async () => {
    const pool = openPool({ min: 3, max: 6 })
    await pause(50)
    expect(await open()).toBe(0)
    await pool.use(ask)
    await untilOpen(3)
    await pause(5_500)
    expect(await open()).toBe(3)
    expect(pool.figures()).toMatchObject({ open: 3, idle: 3, in_use: 0, overflow: 0, opened: 3 })
  })

  test('[DB-2] under load up to the maximum, never more; afterwards the overflow closes', async () => {
    const pool = openPool({ min: 2, max: 5 })
    let most = 0
    const uses = Promise.all(oneTo(40).map(() => pool.use(sleep(100))))
    while (pool.figures().waiting > 0) most = Math.max(most, await open())
    expect(pool.figures()).toMatchObject({ open: 5, in_use: 5, idle: 0, overflow: 3 })
    expect((await uses).every((used) => used.kind === 'done')).toBe(true)
    expect(most).toBe(5)
    expect(pool.figures()).toMatchObject({ in_use: 0, waiting: 0, peak_in_use: 5, opened: 5 })
    expect(pool.figures().waits).toBeGreaterThanOrEqual(35)
    await untilOpen(2)
    expect(pool.figures()).toMatchObject({ open: 2, overflow: 0, broken: 0, recycled: 0 })
  })

  test('[DB-1] a connection is held for one use only: a hundred uses in turn need one', async () => {
    const pool = openPool({ min: 1, max: 5 })
    const pids = new Set<number>()
    for (const _ of oneTo(100)) pids.add(await pidOf(pool))
    expect(pids.size).toBe(1)
    expect(pool.figures()).toMatchObject({ opened: 1, peak_in_use: 1 })
  })

  test('[DB-2] a connection older than the limit is replaced, and the minimum kept', async () => {
    const pool = openPool({ min: 2, max: 3, recycle_s: 1 })
    const first = await pidOf(pool)
    await untilOpen(2)
    await pause(2_200)
    expect(await pidOf(pool)).not.toBe(first)
    await untilOpen(2)
    expect(pool.figures()).toMatchObject({ recycled: 2, opened: 4, broken: 0 })
  })

  test('[DB-2] one that is in use when it grows too old finishes its work first', async () => {
    const pool = openPool({ min: 1, max: 1, recycle_s: 1 })
    expect(await pool.use(sleep(1_500))).toMatchObject({ kind: 'done' })
    await pool.use(ask)
    expect(pool.figures()).toMatchObject({ recycled: 1, opened: 2 })
  })
})

test('[DB-2] the shares of all shards add up: 100 at once never open more than the settings allow', async () => {
  const settings = { size: 5, overflow: 6, shards: 3 }
  const shards = oneTo(3).map((_, shard) => openPool(shareOf({ ...defaults, ...settings }, shard)))
  const uses = Promise.all(oneTo(100).map((number) => shards[number % 3]?.use(sleep(100))))
  let most = 0
  while (shards.some((pool) => pool.figures().waiting > 0)) most = Math.max(most, await open())
  expect((await uses).every((used) => used?.kind === 'done')).toBe(true)
  expect(most).toBe(11)
  await untilOpen(5)
})

describe('when all are busy', () => {
  test('[DB-2] [DB-4] a caller waits so long and is then told; the next is served', async () => {
    const pool = openPool({ min: 1, max: 1, timeout_ms: 500 })
    // Opening a connection has to fit into that as well; a busy machine needs more than one try.
    while ((await pool.use(ask)).kind !== 'done') await pause(50)
    const { timeouts, broken } = pool.figures()
    const over: string[] = []
    const busy = pool.use(sleep(2_000)).then(() => over.push('busy'))
    const started = Date.now()
    expect(await pool.use(ask)).toEqual({ kind: 'not_sent', code: 'database_busy' })
    expect(Date.now() - started).toBeGreaterThanOrEqual(490)
    expect(over, 'told before the other was done').toEqual([])
    await busy
    expect(await pool.use(ask)).toMatchObject({ kind: 'done' })
    expect(pool.figures()).toMatchObject({ timeouts: timeouts + 1, waiting: 0, in_use: 0, broken })
  })

  test('[DB-4] the queue is bounded: beyond it callers are turned away at once', async () => {
    const pool = openPool({ min: 1, max: 1, timeout_ms: 10_000 })
    await pool.use(ask)
    const busy = pool.use(sleep(300))
    await pause(20)
    const uses = await Promise.all(oneTo(130).map(() => pool.use(ask)))
    await busy
    expect(uses.filter((used) => used.kind === 'done')).toHaveLength(100)
    const turnedAway = { kind: 'not_sent', code: 'database_busy' }
    expect(uses.slice(100)).toEqual(Array.from({ length: 30 }, () => turnedAway))
    expect(pool.figures()).toMatchObject({ rejected: 30, timeouts: 0 })
  })

  test('[DB-3] 1,000 callers × 10 queries, 100 at a time: all are served', async () => {
    const pool = openPool({ min: 5, max: 10, timeout_ms: 10_000 })
    const callers = oneTo(1_000).values()
    let served = 0
    const lane = async () => {
      for (const _ of callers)
        for (const __ of oneTo(10)) if ((await pool.use(ask)).kind === 'done') served += 1
    }
    await Promise.all(oneTo(100).map(lane))
    expect(served).toBe(10_000)
    expect(pool.figures()).toMatchObject({ timeouts: 0, rejected: 0, broken: 0, in_use: 0 })
    expect(pool.figures().opened).toBeLessThanOrEqual(10)
  }, 60_000)
})

/** A bridge that may be stopped without stopping anybody else's. */
const bridgeAt = (port = 0): Promise<Bridge> =>
  startBridge({ port, allow: [new URL(database.url).host] })

describe('when something breaks', () => {
  test('[DB-4] an idle connection that the server closed is replaced unseen', async () => {
    const pool = openPool({ min: 1, max: 2 })
    await kill(await pidOf(pool))
    await untilNoticed(pool)
    expect(await pool.use(ask)).toMatchObject({ kind: 'done' })
    await untilOpen(1)
    expect(pool.figures()).toMatchObject({ broken: 1, open: 1, in_use: 0 })
  })

  test('[DB-2] [DB-4] after all were lost the next use opens the minimum again', async () => {
    const pool = openPool({ min: 4, max: 6 })
    await pool.use(ask)
    await untilOpen(4)
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'muster'`,
    )
    await untilNoticed(pool)
    await pause(1_000)
    await pool.use(ask)
    await untilOpen(4)
    expect(pool.figures()).toMatchObject({ open: 4, overflow: 0 })
  })

  test('[DB-4] one lost in the middle of a query means an unknown outcome, and no leak', async () => {
    const pool = openPool({ min: 1, max: 1 })
    for (const _ of oneTo(5)) {
      const pid = await pidOf(pool)
      const use = pool.use(sleep(5_000))
      await pause(30)
      await kill(pid)
      expect(await use).toMatchObject({ kind: 'unknown' })
    }
    expect(await pool.use(ask)).toMatchObject({ kind: 'done' })
    await untilOpen(1)
    expect(pool.figures()).toMatchObject({ broken: 5, open: 1, in_use: 0, waiting: 0 })
  })

  test('[DB-4] a refused statement keeps its connection, time after time', async () => {
    const pool = openPool({ min: 1, max: 1 })
    const pid = await pidOf(pool)
    for (const _ of oneTo(20)) {
      const used = await pool.use((client) => client.query({ text: 'SELECT 1 / 0' }))
      expect(used).toMatchObject({ kind: 'refused', sqlstate: '22012' })
    }
    expect(await pidOf(pool)).toBe(pid)
    expect(pool.figures()).toMatchObject({ broken: 0, opened: 1, in_use: 0 })
  })

  test('[DB-4] a statement that takes too long is ended by the server; the connection stays', async () => {
    const pool = openPool({ min: 1, max: 1 })
    const used = await pool.use(async (client) => {
      await client.query({ text: `SET statement_timeout = 100` })
      return sleep(5_000)(client)
    })
    expect(used).toMatchObject({ kind: 'refused', sqlstate: '57014' })
    expect(pool.figures()).toMatchObject({ broken: 0, open: 1, in_use: 0 })
  })

  test('[DB-4] a failure that the server did not report gives the connection up', async () => {
    const pool = openPool({ min: 1, max: 1 })
    await pool.use(ask)
    const lost = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    expect(await pool.use(() => Promise.reject(lost))).toMatchObject({ kind: 'unknown' })
    expect(await pool.use(ask)).toMatchObject({ kind: 'done' })
    expect(pool.figures()).toMatchObject({ broken: 1, opened: 2, in_use: 0 })
  })

  test('[DB-4] a database that cannot be reached is said so, without waiting; and back, it is used', async () => {
    const bridge = await bridgeAt()
    const pool = openPool({ min: 2, max: 4, proxy: `127.0.0.1:${bridge.port}` })
    await bridge.stop()
    const started = Date.now()
    const away = await Promise.all(oneTo(10).map(() => pool.use(ask)))
    expect(new Set(away.map((used) => used.kind))).toEqual(new Set(['not_sent']))
    expect(Date.now() - started).toBeLessThan(5_000)
    expect(pool.figures()).toMatchObject({ open: 0, in_use: 0, waiting: 0 })

    const again = await bridgeAt(bridge.port)
    await pause(1_000)
    expect(await pool.use(ask)).toMatchObject({ kind: 'done' })
    await untilOpen(2)
    await pool.end()
    pools = []
    await again.stop()
  })

  test('[DB-4] queries cut off in the middle are unknown; the same pool serves on', async () => {
    const bridge = await bridgeAt()
    const pool = openPool({ min: 2, max: 4, proxy: `127.0.0.1:${bridge.port}` })
    await Promise.all(oneTo(4).map(() => pool.use(sleep(500))))
    const uses = Promise.all(oneTo(8).map(() => pool.use(sleep(2_000))))
    await pause(100)
    await bridge.stop()
    const again = await bridgeAt(bridge.port)
    const kinds = (await uses).map((used) => used.kind)
    expect(kinds.slice(0, 4)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
    expect(await pool.use(ask)).toMatchObject({ kind: 'done' })
    // A minimum that could not be filled is tried again after a pause.
    const afterOne = async () => {
      await pool.use(ask)
      return pool.figures()
    }
    await expect
      .poll(afterOne, { timeout: 10_000 })
      .toMatchObject({ open: 2, in_use: 0, waiting: 0 })
    await pool.end()
    pools = []
    await again.stop()
  })
})
