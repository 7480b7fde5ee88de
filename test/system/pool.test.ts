/**
 * The pool under a crowd (DB-1…4): every query is answered, and there are never more connections
 * than the settings say, counted by Postgres itself and by the gateways.
 */
import type { Pool } from 'pg'
import { afterEach, expect, test } from 'vitest'
import { readPoolSettings, shardOf, shareOf } from '../../src/database/pool-settings.ts'
import { Readiness } from '../../src/protocol/health.ts'
import { MessagePage } from '../../src/protocol/message.ts'
import { pause } from '../../tools/dev/child-process.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { within } from '../support/wait.ts'

const queriesEach = 10
const atATime = 100

let deployment: Deployment | undefined
afterEach(() => deployment?.stop())

test.each([
  { size: 20, overflow: 30, rooms: 20, people: 50 },
  // Far fewer connections than callers: they queue, and none of them fails.
  { size: 3, overflow: 2, rooms: 4, people: 50 },
])(
  '[DB-2] [DB-3] [DB-4] $rooms × $people connections × 10 queries, 100 at a time, on $size + $overflow',
  async ({ size, overflow, rooms, people }) => {
    const started = await start({ DB_POOL_SIZE: `${size}`, DB_MAX_OVERFLOW: `${overflow}` })
    const gatherings: Gathering[] = []
    for (let room = 0; room < rooms; room += 1)
      gatherings.push(await Gathering.open({ ...started, people }))
    const readers = gatherings.flatMap(({ room_id, people: all }) =>
      all.map(({ token }) => ({ token, room_id })),
    )
    await Promise.all(gatherings.map((gathering) => gathering.clients[0]?.say('第一則訊息')))

    const sampler = sample(started)
    const reads = readers.flatMap((reader) => Array.from({ length: queriesEach }, () => reader))
    const answers = await eachOf(reads, (reader) => readPage(started.url, reader))
    const seen = await sampler.stop()

    expect(answers).toHaveLength(rooms * people * queriesEach)
    expect(answers.filter((answer) => answer !== 'ok')).toEqual([])
    expect(seen.samples).toBeGreaterThan(10)
    expect(seen.connections, 'as Postgres counts').toBeLessThanOrEqual(size + overflow)
    expect(seen.connections).toBeGreaterThanOrEqual(keptFor({ size, overflow }, gatherings))
    expect(seen.open, 'as the gateways count').toBeLessThanOrEqual(size + overflow)
    const { total } = await poolFigures(started.url)
    expect(total).toMatchObject({ timeouts: 0, rejected: 0, waiting: 0 })
    for (const gathering of gatherings) await gathering.judge()
  },
)

test('[DB-1] sockets of idle rooms hold no connection', async () => {
  const started = await start({})
  const gatherings: Gathering[] = []
  for (let room = 0; room < 60; room += 1)
    gatherings.push(await Gathering.open({ ...started, people: 1 }))
  await Promise.all(gatherings.map(({ clients }) => clients[0]?.say('還在嗎？')))
  expect(await connectionsTo(started.pool)).toBeGreaterThanOrEqual(20)

  // Those opened on top of the pool's size close after some seconds; the others stay, unused.
  expect(await within(10_000, async () => (await connectionsTo(started.pool)) === 20)).toBe(true)
  expect(await connectionsTo(started.pool, "state <> 'idle'")).toBe(0)
  expect(await poolFigures(started.url)).toMatchObject({ total: { open: 20, overflow: 0 } })
  for (const gathering of gatherings) await gathering.judge()
})

/** What the gateways that serve these rooms open at first use: chance decides which those are. */
function keptFor(
  { size, overflow }: { size: number; overflow: number },
  gatherings: readonly Gathering[],
): number {
  const settings = readPoolSettings({ DB_POOL_SIZE: `${size}`, DB_MAX_OVERFLOW: `${overflow}` })
  const shards = new Set(gatherings.map(({ room_id }) => shardOf(settings, room_id)))
  return [...shards].reduce((kept, shard) => kept + shareOf(settings, shard).min, 0)
}

async function start(vars: Record<string, string>): Promise<Deployment> {
  deployment = await startDeployment({ vars })
  return deployment
}

/** Keeps `atATime` of them under way. */
async function eachOf<Item, Answer>(
  items: readonly Item[],
  act: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const queue = items.values()
  const answers: Answer[] = []
  const lane = async () => {
    for (const item of queue) answers.push(await act(item))
  }
  await Promise.all(Array.from({ length: atATime }, lane))
  return answers
}

/** "ok", or what went wrong. */
async function readPage(
  url: string,
  { room_id, token }: { room_id: string; token: string },
): Promise<string> {
  const response = await fetch(`${url}/api/rooms/${room_id}/messages?limit=10`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const body: unknown = await response.json()
  if (response.status !== 200) return `${response.status} ${JSON.stringify(body)}`
  return MessagePage.parse(body).messages.length === 1 ? 'ok' : 'not the one message'
}

type Seen = {
  samples: number
  /** The most that Postgres had at any moment. */
  connections: number
  /** The most that the gateways had. */
  open: number
}

function sample({ url, pool }: Deployment): { stop(): Promise<Seen> } {
  const seen: Seen = { samples: 0, connections: 0, open: 0 }
  const over = new AbortController()
  const sampling = (async () => {
    while (!over.signal.aborted) {
      const [connections, { total }] = await Promise.all([connectionsTo(pool), poolFigures(url)])
      seen.samples += 1
      seen.connections = Math.max(seen.connections, connections)
      seen.open = Math.max(seen.open, total?.open ?? 0)
      await pause(50)
    }
  })()
  return {
    async stop() {
      over.abort()
      await sampling
      return seen
    },
  }
}

async function poolFigures(url: string): Promise<Readiness['pool']> {
  const response = await fetch(`${url}/health/ready`)
  return Readiness.parse(await response.json()).pool
}

/** The Worker's connections as Postgres sees them. */
async function connectionsTo(pool: Pool, condition = 'true'): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'muster' AND ${condition}`,
  )
  return rows[0]?.count ?? 0
}
