/**
 * Two live instances of one room, each with sockets of its own and sure to be the only one: what
 * the platform avoids but for a moment, here for seconds (SEQ-3, R4).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { chanceOf } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { startTraffic } from '../support/traffic.ts'

const peopleOfEach = 5

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

test('[SEQ-3] two instances write at once: one at a time owns the room, and all agree', async () => {
  const chance = chanceOf('two instances')
  const twin = await deployment.startTwin()
  const { url, pool } = deployment
  const gathering = await Gathering.open({
    ...{ url, pool, chance },
    people: peopleOfEach * 2,
    clients: peopleOfEach,
  })
  for (const person of gathering.people.slice(peopleOfEach)) gathering.join(person, 0, twin.url)
  await Promise.all(gathering.clients.map((client) => client.joined))

  const traffic = startTraffic(gathering.clients, chance)
  await pause(4_000)
  await traffic.stop()
  await expect
    .poll(() => gathering.clients.filter((client) => client.unanswered > 0).length, {
      timeout: 20_000,
    })
    .toBe(0)
  // The platform ends instances that are no longer the room; who was connected comes again.
  await twin.restart()
  await deployment.restartWorker()

  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  expect(traffic.said).toBeGreaterThan(100)
  // Both were owners, and each was told that it no longer was: sockets had to come again for it.
  for (const side of [
    gathering.clients.slice(0, peopleOfEach),
    gathering.clients.slice(peopleOfEach),
  ])
    expect(Math.max(...side.map((client) => client.connections))).toBeGreaterThan(2)
})
