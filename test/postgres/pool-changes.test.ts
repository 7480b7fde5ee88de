/** The pool's limits change while it works (OPS-4): counted by Postgres itself and by the pool. */
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Client } from '../../src/database/client.ts'
import { ConnectionPool, type Used } from '../../src/database/pool.ts'
import type { PoolSettings } from '../../src/database/pool-settings.ts'
import { startBridge, type Bridge } from '../../tools/dev/bridge.ts'
import { chanceOf } from '../support/chance.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { oneTo } from './builders.ts'

/** Far enough away that closing a connection takes its time, too. */
const delayMs = 30

vi.setConfig({ testTimeout: 60_000 })

let database: Database
let bridge: Bridge
beforeAll(async () => {
  database = await createDatabase()
  bridge = await startBridge({ allow: [new URL(database.url).host], delayMs })
})
afterAll(async () => {
  await database.drop()
  await bridge.stop()
})

let pool: ConnectionPool | undefined
afterEach(async () => {
  await pool?.end()
  pool = undefined
  await untilOpen(0)
})

type Limits = { min: number; max: number; timeout_ms?: number; recycle_s?: number }

const limitsOf = ({ min, max, ...others }: Limits) => {
  const settings: PoolSettings = {
    ...{ size: min, overflow: max - min, timeout_ms: 30_000, recycle_s: 1_800 },
    ...{ shards: 1, idle_sleep_ms: 0 },
    ...others,
  }
  return { settings, share: { min, max } }
}

const openPool = (limits: Limits, port = bridge.port): ConnectionPool => {
  pool = new ConnectionPool({
    url: database.url,
    proxy: `127.0.0.1:${port}`,
    ...limitsOf(limits),
  })
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

const polled = { timeout: 20_000, interval: 20 }

const untilOpen = (count: number) => expect.poll(open, polled).toBe(count)

const sleep = (ms: number) => (client: Client) =>
  client.query({ text: `SELECT pg_sleep(${ms / 1_000})` })

/** Counts until it is told to stop: the most that there were at any moment. */
const sampled = () => {
  const over = new AbortController()
  let most = 0
  let samples = 0
  const sampling = (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most, await open())
      samples += 1
    }
  })()
  return async () => {
    over.abort()
    await sampling
    return { most, samples }
  }
}

/** Keeps `lanes` uses under way until it is told to stop; what became of each. */
const loaded = (
  used: ConnectionPool,
  lanes: number,
  work: (client: Client) => Promise<unknown>,
) => {
  const over = new AbortController()
  const kinds = new Map<string, number>()
  const lane = async () => {
    while (!over.signal.aborted) {
      const { kind }: Used<unknown> = await used.use(work)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
  }
  const running = Promise.all(oneTo(lanes).map(lane))
  return async () => {
    over.abort()
    await running
    return kinds
  }
}

test('[OPS-4] [DB-2] under load, with limits that change all the time: never too many, and nobody fails', async () => {
  const chance = chanceOf('the pool under changes')
  const used = openPool({ min: 2, max: 4 })
  const most = 8
  const stopLoad = loaded(used, 40, (client) => sleep(chance.below(20))(client))
  const stopSampling = sampled()
  const until = Date.now() + 6_000
  while (Date.now() < until) {
    const max = 1 + chance.below(most)
    used.change(limitsOf({ min: 1 + chance.below(max), max }))
    expect(used.figures().open).toBeLessThanOrEqual(most)
    // Sometimes the next follows at once, sometimes after all have noticed.
    await pause(chance.below(4) === 0 ? 300 : chance.below(20))
  }
  used.change(limitsOf({ min: 3, max: 5 }))
  await untilOpen(5)
  expect(used.figures()).toMatchObject({ min: 3, max: 5, open: 5, in_use: 5 })
  const kinds = await stopLoad()
  const seen = await stopSampling()

  expect([...kinds.keys()]).toEqual(['done'])
  expect(kinds.get('done')).toBeGreaterThan(100)
  expect(seen.samples).toBeGreaterThan(20)
  expect(seen.most, 'as Postgres counts').toBeLessThanOrEqual(most)
  const { timeouts, rejected, broken } = used.figures()
  expect({ timeouts, rejected, broken }).toEqual({ timeouts: 0, rejected: 0, broken: 0 })
  // What is above the minimum closes after its time, as always.
  await untilOpen(3)
  await expect
    .poll(() => used.figures(), polled)
    .toMatchObject({ open: 3, idle: 3, in_use: 0, waiting: 0, overflow: 0 })
})

test('[OPS-4] less: idle ones close at once, those in use when they are given back', async () => {
  const used = openPool({ min: 6, max: 8 })
  await used.use(sleep(1))
  await untilOpen(6)
  const uses = oneTo(4).map(() => used.use(sleep(1_000)))
  await expect.poll(() => used.figures().in_use, polled).toBe(4)
  used.change(limitsOf({ min: 1, max: 2 }))
  await expect.poll(() => used.figures().open, polled).toBe(4)
  const queued = oneTo(20).map(() => used.use(sleep(1)))
  expect(used.figures()).toMatchObject({ in_use: 4, waiting: 20 })
  expect((await Promise.all(uses)).map(({ kind }) => kind)).toEqual([
    'done',
    'done',
    'done',
    'done',
  ])
  expect((await Promise.all(queued)).every(({ kind }) => kind === 'done')).toBe(true)
  expect(used.figures().open).toBeLessThanOrEqual(2)
  await untilOpen(1)
})

test('[OPS-4] more: who waits is let in at once, and the new minimum is opened without a use', async () => {
  const used = openPool({ min: 1, max: 1 })
  const uses = oneTo(6).map(() => used.use(sleep(500)))
  await expect.poll(() => used.figures(), polled).toMatchObject({ in_use: 1, waiting: 5 })
  used.change(limitsOf({ min: 2, max: 6 }))
  expect(used.figures().waiting).toBe(0)
  await expect.poll(() => used.figures().in_use, polled).toBe(6)
  await Promise.all(uses)
  await untilOpen(2)
  used.change(limitsOf({ min: 4, max: 6 }))
  await untilOpen(4)
  await expect.poll(() => used.figures(), polled).toMatchObject({ in_use: 0, idle: 4, broken: 0 })
})

test('[OPS-4] a younger age holds for those that are open: idle ones go, one in use finishes first', async () => {
  const used = openPool({ min: 3, max: 3 })
  await used.use(sleep(1))
  await untilOpen(3)
  await pause(1_200)
  const use = used.use(sleep(500))
  await expect.poll(() => used.figures().in_use, polled).toBe(1)
  used.change(limitsOf({ min: 3, max: 3, recycle_s: 1 }))
  expect(await use).toMatchObject({ kind: 'done' })
  await expect.poll(() => used.figures().recycled, polled).toBeGreaterThanOrEqual(3)
  expect(used.figures().broken).toBe(0)
  used.change(limitsOf({ min: 3, max: 3 }))
  await untilOpen(3)
})

test('[OPS-4] [DB-2] one that is being closed keeps its place until Postgres has let go of it', async () => {
  const holding = await startHoldingBridge(new URL(database.url))
  const used = openPool({ min: 6, max: 6 }, holding.port)
  await used.use(sleep(1))
  await untilOpen(6)
  used.change(limitsOf({ min: 1, max: 1 }))
  await expect.poll(() => used.figures().open, polled).toBe(1)
  await expect.poll(() => holding.farewells, polled).toBe(5)
  used.change(limitsOf({ min: 6, max: 6 }))
  const uses = oneTo(12).map(() => used.use(sleep(20)))
  // The one that is left serves them, while the server still has the others.
  expect((await Promise.all(uses.slice(0, 3))).every(({ kind }) => kind === 'done')).toBe(true)
  expect(used.figures()).toMatchObject({ open: 1, opened: 6 })
  expect(await open()).toBe(6)
  holding.letGo()
  expect((await Promise.all(uses)).every(({ kind }) => kind === 'done')).toBe(true)
  await expect.poll(() => used.figures().open, polled).toBe(6)
  await used.end()
  pool = undefined
  await holding.stop()
})

/** A bridge that passes no farewell on until it is told to. */
async function startHoldingBridge({ hostname, port }: URL) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  const held: (() => void)[] = []
  const state = { isHolding: true, farewells: 0 }
  server.on('connection', (webSocket) => {
    const tcp = connect({ host: hostname, port: Number(port), noDelay: true })
    tcp.on('data', (data) => webSocket.send(data, { binary: true }, () => {}))
    tcp.on('close', () => webSocket.close())
    tcp.on('error', () => webSocket.close())
    webSocket.on('close', () => (state.isHolding ? undefined : tcp.destroy()))
    webSocket.on('message', (data: Buffer) => {
      const isFarewell = data.length === 5 && data[0] === 'X'.charCodeAt(0)
      if (isFarewell) state.farewells += 1
      if (isFarewell && state.isHolding) held.push(() => tcp.write(data))
      else if (tcp.writable) tcp.write(data)
    })
  })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get farewells() {
      return state.farewells
    },
    letGo() {
      state.isHolding = false
      for (const pass of held) pass()
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}
