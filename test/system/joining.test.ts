/** Coming into a room that does not stand still: each revision once and in order (CONN-4, CONN-5). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { chanceOf } from '../support/chance.ts'
import type { RoomClient } from '../support/client.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { DirectWriter } from '../support/direct-writer.ts'
import { Gathering } from '../support/gathering.ts'
import { startTraffic } from '../support/traffic.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

test('[CONN-4] [CONN-5] people come in mid-traffic: from the start, from the middle, from now', async () => {
  const chance = chanceOf('joining')
  const gathering = await Gathering.open({ ...deployment, people: 60, clients: 10, chance })
  const talkers = [...gathering.clients]
  const traffic = startTraffic(talkers, chance)
  for (const person of gathering.people.slice(10)) {
    await pause(chance.below(60))
    const told = talkers[0]?.revision ?? 0
    gathering.join(person, [0, null, told, chance.below(told + 1)][chance.below(4)])
  }
  await pause(500)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said)
  const replays = gathering.clients.filter((client) => framesOf(client, 'resumed').length > 0)
  expect(replays.length).toBeGreaterThan(30)
})

test('[CONN-5] a gap that is too wide brings a snapshot, and then live changes', async () => {
  const chance = chanceOf('snapshot')
  const gathering = await Gathering.open({ ...deployment, people: 8, clients: 5, chance })
  const [writer, latecomer] = gathering.people.slice(5)
  if (writer === undefined || latecomer === undefined) throw new Error('nobody came')
  const direct = new DirectWriter(deployment.pool, { ...gathering, user_id: writer.user_id })
  gathering.include(direct.history)
  for (let call = 0; call < 12; call += 1)
    await direct.write(Array.from({ length: 100 }, (_, index) => `direct ${call}.${index}`))

  const traffic = startTraffic([...gathering.clients], chance)
  await pause(500)
  const late = gathering.join(latecomer, 0)
  await pause(500)
  await traffic.stop()
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(traffic.said + 1_200)
  expect(framesOf(late, 'resumed')).toMatchObject([{ recovered: false }])
  expect(framesOf(late, 'snapshot')).toHaveLength(1)
})

function framesOf({ history }: RoomClient, type: 'resumed' | 'snapshot') {
  return history.events.flatMap((event) =>
    event.type === 'received' && event.frame.type === type ? [event.frame] : [],
  )
}
