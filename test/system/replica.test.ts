/**
 * The whole Worker with a read replica that lags: which reads go there, and which never do (DB-6).
 * Everybody has another name on the replica, so that a page tells where it was read.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { DatabaseFigures } from '../../src/protocol/database-figures.ts'
import type { MessagePage } from '../../src/protocol/message.ts'
import { startBridge, type Bridge } from '../../tools/dev/bridge.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { mirror } from '../support/mirror.ts'
import { createRoomOf, type Person } from '../support/people.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

const onReplica = 'seen on the replica'

let worker: TestWorker
let copy: Database
let link: FaultProxy
let bridge: Bridge
beforeAll(async () => {
  copy = await createDatabase()
  const { host, port } = new URL(copy.url)
  link = await FaultProxy.start(Number(port))
  bridge = await startBridge({ allow: [host, `127.0.0.1:${link.port}`] })
  const url = new URL(copy.url)
  url.port = String(link.port)
  worker = await startTestWorker({
    vars: {
      DATABASE_READ_URL: url.href,
      DATABASE_PROXY: `127.0.0.1:${bridge.port}`,
      DB_POOL_SIZE: '4',
      DB_MAX_OVERFLOW: '4',
      DB_GATEWAY_SHARDS: '2',
    },
  })
})
afterAll(async () => {
  await worker.stop()
  await bridge.stop()
  await link.stop()
  await copy.drop()
})

let room_id: string
let [owner, member]: [Person, Person] = [nobody(), nobody()]
beforeEach(async () => {
  const room = await createRoomOf(worker.database.pool, 2)
  const [first = nobody(), second = nobody()] = room.people
  room_id = room.room_id
  owner = first
  member = second
  await worker.database.pool.query('UPDATE tr_users SET is_admin = true WHERE user_id = $1', [
    owner.user_id,
  ])
  for (const content of ['one', 'two', 'three', 'four']) await say(content)
  await follow()
})

function nobody(): Person {
  return { user_id: '', token: '' }
}

async function call(person: Person, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${worker.served.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
  })
}

async function say(content: string): Promise<void> {
  const body = JSON.stringify({ content })
  const response = await call(owner, `/api/rooms/${room_id}/messages`, { method: 'POST', body })
  expect(response.status).toBe(201)
}

/** The replica catches up. */
async function follow(): Promise<void> {
  await mirror(worker.database.pool, copy.pool)
  await copy.pool.query('UPDATE tr_users SET display_name = $1', [onReplica])
}

/** Which database answered, and what. */
async function read(query: string, person = member) {
  const response = await call(person, `/api/rooms/${room_id}/messages${query}`)
  if (response.status !== 200) return { status: response.status }
  const { messages } = (await response.json()) as MessagePage
  const names = new Set(messages.map((message) => message.sender_display_name))
  return {
    from: names.has(onReplica) ? 'replica' : 'primary',
    contents: messages.map((message) => message.content),
  }
}

async function figures(): Promise<DatabaseFigures> {
  const response = await call(owner, '/api/admin/database')
  expect(response.status).toBe(200)
  return DatabaseFigures.parse(await response.json())
}

const far = '?before_sequence=4&limit=2'

test('[DB-6] far history is read from the replica; what is new, and who is in the room, never', async () => {
  expect(await read(far)).toEqual({ from: 'replica', contents: ['three', 'two'] })
  expect(await read('?around=2&limit=3')).toMatchObject({ from: 'replica' })
  expect(await read('?limit=2')).toEqual({ from: 'primary', contents: ['four', 'three'] })
  expect(await read('?after_sequence=2')).toMatchObject({ from: 'primary' })
  for (const path of ['', '/members']) {
    const response = await call(member, `/api/rooms/${room_id}${path}`)
    expect(response.status).toBe(200)
    expect(await response.text()).not.toContain(onReplica)
  }
  const { shards, statements } = await figures()
  const replicas = shards.flatMap(({ replica }) => replica ?? [])
  expect(replicas).toHaveLength(2)
  expect(replicas.reduce((sum, { answered }) => sum + answered, 0)).toBeGreaterThanOrEqual(2)
  const named = (database: string) =>
    statements.filter((one) => one.database === database).map(({ statement }) => statement)
  expect(named('replica').toSorted()).toEqual(['readMessagePage', 'readStandpoint'])
  expect(named('primary')).toContain('commit-room')
})

test('[DB-6] no page is older than what was told before: a replica that is behind is not heard', async () => {
  await say('five')
  expect(await read(far)).toMatchObject({ from: 'primary', contents: ['three', 'two'] })
  expect(await read('?before_sequence=6&limit=1')).toEqual({ from: 'primary', contents: ['five'] })
  await follow()
  expect(await read('?before_sequence=6&limit=1')).toEqual({ from: 'replica', contents: ['five'] })
})

test('[SEC-2] [DB-6] who was removed sees nothing from that second on, though the replica still has them', async () => {
  expect(await read(far)).toMatchObject({ from: 'replica' })
  const removed = await call(owner, `/api/rooms/${room_id}/members/${member.user_id}`, {
    method: 'DELETE',
  })
  expect(removed.status).toBe(204)
  const still = await copy.pool.query(
    'SELECT FROM room_members WHERE room_id = $1 AND user_id = $2',
    [room_id, member.user_id],
  )
  expect(still.rowCount).toBe(1)
  expect(await read(far)).toEqual({ status: 403 })
  await follow()
  expect(await read(far)).toEqual({ status: 403 })
  expect(await read(far, owner)).toMatchObject({ from: 'replica' })
})

test('[DB-6] a replica that is down is not missed, is not waited for, and is used again when it is back', async () => {
  link.refuse(true)
  link.cutAll()
  for (let time = 0; time < 20; time += 1)
    expect(await read(far)).toEqual({ from: 'primary', contents: ['three', 'two'] })
  const { shards } = await figures()
  const resting = shards.flatMap(({ replica }) => (replica?.is_resting ? [replica] : []))
  expect(resting).toHaveLength(1)
  expect(resting[0]?.skipped).toBeGreaterThan(0)
  expect((await fetch(`${worker.served.url}/health/ready`)).status).toBe(200)

  link.refuse(false)
  await expect
    .poll(() => read(far), { timeout: 60_000, interval: 250 })
    .toEqual({ from: 'replica', contents: ['three', 'two'] })
  expect((await figures()).shards.map(({ replica }) => replica?.is_resting)).toEqual([false, false])
})
