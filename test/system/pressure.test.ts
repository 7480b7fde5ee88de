/**
 * Too much is asked of the database, or it is away: load is shed in the stated order, everybody is
 * told, messages go on, and all comes back by itself (LIM-2, LIM-3, OPS-1).
 */
import { afterEach, expect, test } from 'vitest'
import { sheddable } from '../../src/protocol/degradation.ts'
import { Readiness } from '../../src/protocol/health.ts'
import { pause } from '../../tools/dev/child-process.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { ListeningSocket } from '../support/listening-socket.ts'
import { startTraffic } from '../support/traffic.ts'
import { chanceOf } from '../support/chance.ts'

let deployment: Deployment
afterEach(() => deployment.stop())

/** One gateway with few connections: what a large deployment meets under a large load. */
const small = {
  DB_POOL_SIZE: '3',
  DB_MAX_OVERFLOW: '2',
  DB_GATEWAY_SHARDS: '1',
  DB_POOL_TIMEOUT: '8',
}

test('[LIM-2] the pool is exhausted by slow statements: typing, presence, read marks, search stop; messages go on', async () => {
  deployment = await startDeployment({ vars: small })
  const gathering = await Gathering.open({ ...deployment, people: 4, clients: 2 })
  const [ann, , eve, dan] = gathering.people
  if (!ann || !dan || !eve) throw new Error('four people')
  await gathering.clients[0]?.say('批號 A12-77')
  const { url } = deployment
  const { room_id } = gathering
  const listener = await ListeningSocket.open({ url, room_id, person: dan })
  const typist = await ListeningSocket.open({ url, room_id, person: eve })

  // Statements that hang as slow searches would: they wait for a lock that no message needs.
  const locker = await deployment.pool.connect()
  await locker.query('BEGIN')
  await locker.query('LOCK TABLE notices IN ACCESS EXCLUSIVE MODE')
  const holding = { isOn: true }
  const hold = async () => {
    // Whatever becomes of it: of importance is only that it waits.
    while (holding.isOn) await get('/api/me/notices', ann.token).catch(() => pause(100))
  }
  const holders = Promise.all(Array.from({ length: 30 }, hold))

  const traffic = startTraffic(gathering.clients, chanceOf('pressure'))
  await expect
    .poll(() => listener.of('degraded').at(-1)?.level, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(4)
  const levels = listener.of('degraded').map(({ level }) => level)
  expect(levels).toEqual(levels.toSorted((one, other) => one - other))
  for (const frame of listener.of('degraded')) {
    expect(frame.paused).toEqual(sheddable.slice(0, frame.level))
    expect(frame.database).toBe('reachable')
  }
  typist.send({ type: 'typing', is_typing: true })
  await pause(1_500)
  expect(listener.of('typing').filter(({ user_ids }) => user_ids.length > 0)).toEqual([])

  const search = await get(`/api/rooms/${room_id}/messages/search?q=A12`, ann.token)
  expect(search.status).toBe(503)
  expect(search.headers.get('retry-after')).not.toBeNull()
  expect(await search.json()).toMatchObject({
    code: 'unavailable',
    detail: 'search is paused while the system is under pressure',
  })
  const before = traffic.said
  await expect.poll(() => traffic.said, { timeout: 20_000 }).toBeGreaterThan(before + 50)
  const pressed = await readiness()
  expect(pressed.degradation.level).toBeGreaterThanOrEqual(4)
  expect(pressed.degradation.paused).toContain('search')
  expect(pressed.pool.total?.waiting).toBeGreaterThan(0)

  holding.isOn = false
  await locker.query('ROLLBACK')
  locker.release()
  await holders
  await traffic.stop()
  const settled = listener.of('degraded').length
  expect(settled).toBeGreaterThan(0)
  await expect.poll(() => listener.of('degraded').at(-1)?.level, { timeout: 60_000 }).toBe(0)
  const down = listener
    .of('degraded')
    .slice(settled - 1)
    .map(({ level }) => level)
  expect(down.slice(1)).toEqual(down.slice(1).map((_, index) => (down[0] ?? 0) - index - 1))
  await expect
    .poll(async () => (await readiness()).degradation, { timeout: 30_000 })
    .toEqual({ level: 0, paused: [] })
  const found = await get(`/api/rooms/${room_id}/messages/search?q=A12`, ann.token)
  expect(found.status).toBe(200)
  typist.send({ type: 'typing', is_typing: true })
  await expect.poll(() => listener.of('typing').length).toBeGreaterThan(0)
  listener.close()
  typist.close()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said + 1)
})

test('[LIM-3] the database is away: told at once, refused quickly, back by itself', async () => {
  deployment = await startDeployment({ vars: { DB_GATEWAY_SHARDS: '1' } })
  const gathering = await Gathering.open({ ...deployment, people: 4, clients: 3 })
  const [ann, , , dan] = gathering.people
  if (!ann || !dan) throw new Error('four people')
  const { url } = deployment
  const { room_id } = gathering
  const listener = await ListeningSocket.open({ url, room_id, person: dan })
  const traffic = startTraffic(gathering.clients, chanceOf('away'))
  await expect.poll(() => traffic.said, { timeout: 10_000 }).toBeGreaterThan(20)
  // Past its greeting, in which changes are held back.
  await expect.poll(() => listener.of('message').length, { timeout: 10_000 }).toBeGreaterThan(0)

  deployment.proxy.refuse(true)
  deployment.proxy.cutAll()
  await expect
    .poll(() => listener.of('degraded').at(-1)?.database, { timeout: 10_000 })
    .toBe('away')
  const away = await readiness()
  expect(away).toMatchObject({ status: 'not_ready', database: 'unreachable' })
  expect(away.circuits).toContainEqual(
    expect.objectContaining({ service: 'database-0', state: expect.stringMatching(/open/) }),
  )
  const late = await ListeningSocket.open({ url, room_id, person: ann })
  await expect.poll(() => late.of('degraded').at(-1)?.database).toBe('away')
  const read = await get(`/api/rooms/${room_id}/messages`, ann.token)
  expect(read.status).toBe(503)
  expect(read.headers.get('retry-after')).not.toBeNull()
  const acked = listener.of('message').length
  await pause(6_000)
  expect(listener.of('message')).toHaveLength(acked)

  deployment.proxy.refuse(false)
  await expect
    .poll(() => listener.of('degraded').at(-1)?.database, { timeout: 10_000 })
    .toBe('reachable')
  await expect.poll(() => listener.of('message').length).toBeGreaterThan(acked)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  const back = await readiness()
  expect(back).toMatchObject({ status: 'ready', database: 'reachable' })
  expect(back.circuits.find(({ service }) => service === 'database-0')?.state).toBe('closed')
  expect(back.buffers.length).toBeGreaterThan(0)
  listener.close()
  late.close()
})

function get(path: string, token: string): Promise<Response> {
  return fetch(`${deployment.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
}

async function readiness(): Promise<Readiness> {
  const response = await fetch(`${deployment.url}/health/ready`)
  return Readiness.parse(await response.json())
}
