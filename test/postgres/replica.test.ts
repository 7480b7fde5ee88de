/**
 * The replica behind the primary: two real databases, of which the second learns only what a test
 * gives it. What the replica may answer, and when it is left alone (DB-6).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../src/database/client.ts'
import type { PoolSettings, PoolShare } from '../../src/database/pool-settings.ts'
import { Replica } from '../../src/database/replica.ts'
import { Source } from '../../src/database/source.ts'
import { readStandpoint, type Viewer } from '../../src/database/standpoint.ts'
import { Statements } from '../../src/database/statements.ts'
import { startBridge, type Bridge } from '../../tools/dev/bridge.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { mirror } from '../support/mirror.ts'
import { addRoom, addUser, commit, message, oneTo } from './builders.ts'

let primary: Database
let copy: Database
let proxy: FaultProxy
let bridge: Bridge
let room_id: string
beforeAll(async () => {
  primary = await createDatabase()
  copy = await createDatabase()
  proxy = await FaultProxy.start(Number(new URL(copy.url).port))
  bridge = await startBridge({ allow: [`127.0.0.1:${proxy.port}`] })
  for (const user_id of ['ann', 'ben', 'cas']) await addUser(primary.pool, { user_id })
})
afterAll(async () => {
  await bridge.stop()
  await proxy.stop()
  await copy.drop()
  await primary.drop()
})

const clock = { now: 0 }
let source: Source
let replica: Replica

const open = (share: PoolShare) => {
  const url = new URL(copy.url)
  url.port = String(proxy.port)
  const settings: PoolSettings = {
    ...{ size: 1, overflow: 1, timeout_ms: 10_000, recycle_s: 1_800, shards: 1, idle_sleep_ms: 0 },
  }
  source = new Source(
    { url: url.href, proxy: `127.0.0.1:${bridge.port}`, settings, share },
    new Statements({ database: 'replica', slow_ms: 60_000 }),
  )
  replica = new Replica(source, () => clock.now)
}

beforeEach(async () => {
  room_id = await addRoom(primary.pool, { ben: 'viewer' })
  await mirror(primary.pool, copy.pool)
  clock.now = 1_000_000
  open({ min: 1, max: 2 })
})
afterEach(async () => {
  proxy.stall(false)
  proxy.refuse(false)
  await source.end()
})

const where = async (client: Client) => {
  const { rows } = await client.query({ text: 'SELECT current_database() AS name' })
  return rows[0]?.['name']
}

const missing = (client: Client) => client.query({ text: 'SELECT FROM not_migrated_yet' })

const endless = async (client: Client) => {
  await client.query({ text: 'SET statement_timeout = 50' })
  await client.query({ text: 'SELECT pg_sleep(5)' })
}

const lost = async (client: Client) => {
  proxy.cutAll()
  return where(client)
}

/** As the gateway asks: the primary first, then the replica. Undefined: the primary has to answer. */
const ask = async (
  viewer: Partial<Viewer> = {},
  read: (client: Client) => Promise<unknown> = where,
) => {
  if (!replica.mayAnswer()) return undefined
  const asked = { user_id: 'ben', room_id, ...viewer }
  const needed = await readStandpoint(primary.pool, asked)
  return replica.answer({ name: 'where', viewer: asked, needed, read })
}

const answered = () => ({ kind: 'done', value: new URL(copy.url).pathname.slice(1) })

const remove = (user_id: string) =>
  commit(primary.pool, {
    room_id,
    items: [
      {
        kind: 'member_removed',
        message_id: crypto.randomUUID(),
        change_id: crypto.randomUUID(),
        actor_id: 'ann',
        user_id,
      },
    ],
  })

describe('where a person stands', () => {
  test('[DB-6] to one room: their role and how far it has come, also for who is no member', async () => {
    const seen = { room_id, revision: 2 }
    const read = (user_id: string) => readStandpoint(primary.pool, { user_id, room_id })
    expect(await read('ben')).toEqual({ is_admin: false, rooms: [{ ...seen, role: 'viewer' }] })
    expect(await read('cas')).toEqual({ is_admin: false, rooms: [{ ...seen, role: null }] })
    const nowhere = { user_id: 'ben', room_id: crypto.randomUUID() }
    expect(await readStandpoint(primary.pool, nowhere)).toEqual({ is_admin: false, rooms: [] })
  })

  test('[DB-6] to all their rooms, by id, and to none of the others', async () => {
    await addUser(primary.pool, { user_id: 'dee', is_admin: true })
    const rooms = [await addRoom(primary.pool, { dee: 'editor' }), await addRoom(primary.pool, {})]
    rooms.push(await addRoom(primary.pool, { dee: 'viewer' }))
    const mine = await readStandpoint(primary.pool, { user_id: 'dee', room_id: null })
    expect(mine).toEqual({
      is_admin: true,
      rooms: [
        { room_id: rooms[0], role: 'editor', revision: 2 },
        { room_id: rooms[2], role: 'viewer', revision: 2 },
      ],
    })
  })
})

describe('what it answers', () => {
  test('[DB-6] all that it has seen as the primary has', async () => {
    expect(await ask()).toEqual(answered())
    expect(await ask({ room_id: null })).toEqual(answered())
    expect(replica.figures()).toMatchObject({
      answered: 2,
      behind: 0,
      failed: 0,
      is_resting: false,
    })
    expect(source.statements.figures()).toMatchObject({
      readStandpoint: { count: 2 },
      where: { count: 2 },
    })
  })

  test('[DB-6] nothing of a room that has gone on, until it has followed', async () => {
    await commit(primary.pool, { room_id, items: [message()] })
    expect(await ask()).toBeUndefined()
    expect(await ask({ room_id: null })).toBeUndefined()
    expect(replica.figures()).toMatchObject({ answered: 0, behind: 2, is_resting: false })
    expect(source.statements.figures()['where']).toBeUndefined()
    await mirror(primary.pool, copy.pool)
    expect(await ask()).toEqual(answered())
  })

  test('[DB-6] one that follows within the moment it gets answers after all', async () => {
    await source.end()
    open({ min: 1, max: 1 })
    await commit(primary.pool, { room_id, items: [message()] })
    const viewer = { user_id: 'ben', room_id }
    const needed = await readStandpoint(primary.pool, viewer)
    const answer = replica.answer({ name: 'where', viewer, needed, read: where })
    // Who asks next gets the one connection between its two tries.
    await source.use(() => mirror(primary.pool, copy.pool))
    expect(await answer).toEqual(answered())
    expect(source.statements.figures()).toMatchObject({ readStandpoint: { count: 2 } })
    expect(replica.figures()).toMatchObject({ answered: 1, behind: 0 })
  })

  test('[SEC-2] [DB-6] nothing to who was removed a moment ago, though it still counts them in', async () => {
    expect(await ask()).toEqual(answered())
    await remove('ben')
    expect(await ask()).toBeUndefined()
    expect(await ask({ room_id: null })).toBeUndefined()
    expect(await ask({ user_id: 'ann' })).toBeUndefined()
  })

  test('[DB-6] a statement that it refuses is the primary’s to answer, and it goes on', async () => {
    expect(await ask({}, missing)).toBeUndefined()
    expect(await ask()).toEqual(answered())
    expect(replica.figures()).toMatchObject({ failed: 1, answered: 1, is_resting: false })
  })

  test('[DB-6] one that took too long is not given to the primary as well', async () => {
    expect(await ask({}, endless)).toMatchObject({ kind: 'refused', sqlstate: '57014' })
  })
})

describe('when it cannot be reached', () => {
  test('[DB-6] it rests; after that one caller tries, and when it is back all are served', async () => {
    proxy.refuse(true)
    expect(await ask()).toBeUndefined()
    expect(replica.figures()).toMatchObject({ failed: 1, is_resting: true })
    clock.now += 4_999
    expect(await Promise.all(oneTo(20).map(() => ask()))).toEqual(oneTo(20).map(() => undefined))
    expect(replica.figures()).toMatchObject({ failed: 1, skipped: 20 })

    clock.now += 1
    expect(oneTo(5).map(() => replica.mayAnswer())).toEqual([true, false, false, false, false])
    clock.now += 5_000
    proxy.refuse(false)
    expect(await ask()).toEqual(answered())
    expect(replica.figures()).toMatchObject({ failed: 1, answered: 1, is_resting: false })
    expect(await Promise.all(oneTo(5).map(() => ask()))).toEqual(oneTo(5).map(answered))
  })

  test('[DB-6] one that goes silent is given up long before the time-out of a statement', async () => {
    expect(await ask()).toEqual(answered())
    proxy.stall(true)
    expect(await ask()).toBeUndefined()
    expect(replica.figures()).toMatchObject({ failed: 1, is_resting: true })
    expect(source.statements.figures()['readStandpoint']?.max_ms).toBeLessThan(10_000)
  })

  test('[DB-6] a connection lost in the middle: the primary answers', async () => {
    expect(await ask({}, lost)).toBeUndefined()
    expect(replica.figures()).toMatchObject({ failed: 1, is_resting: true })
    clock.now += 5_000
    expect(await ask()).toEqual(answered())
  })
})
