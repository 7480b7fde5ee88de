/**
 * Something dies in mid-traffic and comes back: what was acked is there, everybody hears
 * everything once, and nobody had to do anything (DB-4, LIM-3, R1, R5).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { chanceOf } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment({ ownPostgres: true })
})
afterAll(() => deployment.stop())

test('[DB-4] Postgres is stopped as by a power failure and started again', async () => {
  const { gathering, traffic } = await talking('Postgres restarts')
  for (let time = 0; time < 3; time += 1) {
    await pause(1_500)
    await deployment.restartPostgres()
  }
  await pause(1_500)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  expect(traffic.said).toBeGreaterThan(300)
})

test('[CONN-5] [WEB-11] workerd is killed and started again; clients resume', async () => {
  const { gathering, traffic } = await talking('workerd is killed')
  for (let time = 0; time < 3; time += 1) {
    await pause(1_500)
    await deployment.restartWorker()
  }
  await pause(1_500)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  expect(traffic.said).toBeGreaterThan(300)
  for (const client of gathering.clients) expect(client.connections).toBe(4)
})

test('[CONN-5] [SEQ-4] links of clients and of the database are cut, over and over', async () => {
  const { gathering, traffic, chance } = await talking('links are cut')
  let cutLinks = 0
  for (let time = 0; time < 40; time += 1) {
    await pause(50 + chance.below(100))
    if (time % 8 === 0) cutLinks += deployment.proxy.cutAll()
    else gathering.clients[chance.below(gathering.clients.length)]?.drop()
  }
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  expect(cutLinks).toBeGreaterThan(5)
  const connections = gathering.clients.reduce((sum, client) => sum + client.connections, 0)
  expect(connections - gathering.clients.length).toBeGreaterThan(20)
})

test('[LIM-3] [DB-4] the database is away for some seconds: clear refusals, back by itself', async () => {
  const { gathering, traffic } = await talking('the database is away')
  await pause(1_000)
  deployment.proxy.refuse(true)
  deployment.proxy.cutAll()
  await pause(200)
  const ackedBefore = acksIn(gathering)
  await pause(9_000)
  expect(acksIn(gathering), 'acks without a database').toBe(ackedBefore)
  const refusals = framesIn(gathering).filter((frame) => frame.type === 'error')
  expect(refusals.length).toBeGreaterThan(gathering.clients.length)
  for (const refusal of refusals)
    expect(refusal).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('database'),
      ref: expect.any(String),
      retry_after_ms: expect.any(Number),
    })
  const ready = await fetch(`${deployment.url}/health/ready`)
  expect(ready.status).toBe(503)

  deployment.proxy.refuse(false)
  await expect.poll(() => acksIn(gathering), { timeout: 10_000 }).toBeGreaterThan(ackedBefore)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  for (const client of gathering.clients) expect(client.connections, 'sockets stayed').toBe(1)
})

test('[SEQ-4] [DB-4] the database says nothing for longer than anybody waits', async () => {
  const { gathering, traffic } = await talking('the database is a black hole')
  await pause(500)
  deployment.proxy.stall(true)
  await pause(14_000)
  // Calls that were given up long ago now reach Postgres, together with their repetitions.
  deployment.proxy.stall(false)
  await pause(1_000)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
})

async function talking(name: string) {
  const chance = chanceOf(name)
  const gathering = await Gathering.open({ ...deployment, people: 10, chance })
  const traffic: Traffic = startTraffic(gathering.clients, chance)
  return { gathering, traffic, chance }
}

function framesIn(gathering: Gathering) {
  return gathering.clients.flatMap(({ history }) =>
    history.events.flatMap((event) => (event.type === 'received' ? [event.frame] : [])),
  )
}

function acksIn(gathering: Gathering): number {
  return framesIn(gathering).filter((frame) => frame.type === 'ack').length
}
