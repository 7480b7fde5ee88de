/** Many senders at once in one room: everything is numbered, and everybody hears all of it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { DirectWriter } from '../support/direct-writer.ts'
import { Gathering } from '../support/gathering.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

test('[SEQ-5] 20 users × 100 messages: 1…2,000, heard by all in order', async () => {
  const gathering = await Gathering.open({ ...deployment, people: 20 })
  await everybodySays(gathering, 100)
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(2_000)
})

test('[SEQ-5] 200 senders × 50 into one room: 1…10,000, heard by all in order', async () => {
  const gathering = await Gathering.open({ ...deployment, people: 200 })
  await everybodySays(gathering, 50)
  const rows = await gathering.judge({ timeout_ms: 60_000 })
  expect(rows.last_sequence).toBe(10_000)
})

test('[SEQ-5] [DB-3] 50 sockets send at the same instant: all succeed', async () => {
  const gathering = await Gathering.open({ ...deployment, people: 50, batch: false })
  const acks = await Promise.all(gathering.clients.map((client) => client.say('now')))
  const numbers = acks.map((ack) => ack.sequence_number).toSorted((one, other) => one - other)
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(50)
})

test('[SEQ-3] [SEQ-5] writers straight into Postgres and sockets at the same time', async () => {
  const gathering = await Gathering.open({ ...deployment, people: 15, clients: 10 })
  const writers = gathering.people
    .slice(10)
    .map(({ user_id }) => new DirectWriter(deployment.pool, { ...gathering, user_id }))
  for (const { history } of writers) gathering.include(history)
  await Promise.all([everybodySays(gathering, 60), ...writers.map((writer) => writeAll(writer))])
  // The actor learns of the last direct writes with its own next commit.
  await gathering.clients[0]?.say('that was all')
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(10 * 60 + 5 * 40 * 3 + 1)
})

test('[MSG-3] one person sends the same messages from three sockets at once: each is one', async () => {
  const gathering = await Gathering.open({ ...deployment, people: 2 })
  const [person] = gathering.people
  if (person === undefined) throw new Error('nobody came')
  const sockets = [gathering.join(person), gathering.join(person), gathering.join(person)]
  await Promise.all(sockets.map((socket) => socket.joined))
  const ids = Array.from({ length: 100 }, (_, index) => `double-click ${index}`)
  await Promise.all(sockets.flatMap((socket) => ids.map((id) => socket.say(`text of ${id}`, id))))
  const rows = await gathering.judge()
  expect(rows.last_sequence).toBe(100)
})

async function everybodySays(gathering: Gathering, count: number): Promise<void> {
  await Promise.all(
    gathering.clients.flatMap((client) =>
      Array.from({ length: count }, (_, index) => client.say(`message ${index} 機台 3 停線`)),
    ),
  )
}

/** Forty calls of three messages each. */
async function writeAll(writer: DirectWriter): Promise<void> {
  for (let call = 0; call < 40; call += 1)
    await writer.write([1, 2, 3].map((index) => `direct ${call}.${index}`))
}
