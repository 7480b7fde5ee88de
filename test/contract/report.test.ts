/** A report on its way to a client over a real connection (API-6). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { createRoomOf, type Person } from '../support/people.ts'

/** Some sixty megabytes: more than all buffers between the database and the client hold. */
const total = 1_300
const content = '災'.repeat(16_000)

let deployment: Deployment
let room_id: string
let people: readonly Person[]
beforeAll(async () => {
  deployment = await startDeployment()
  const room = await createRoomOf(deployment.pool, 2)
  ;({ room_id, people } = room)
  await deployment.pool.query(
    `WITH room AS (SELECT * FROM incident_rooms WHERE room_id = $1), said AS (
      INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
          client_message_id, content, message_type, created_at)
        SELECT gen_random_uuid(), $1, last_sequence + n, last_revision + n, $2, 'client ' || n, $3, 'text',
          timestamptz '2026-11-24' + n * interval '1 second'
        FROM room, generate_series(1, $4::int) AS n)
    UPDATE incident_rooms SET last_sequence = last_sequence + $4, last_revision = last_revision + $4
      WHERE room_id = $1`,
    [room_id, people[0]?.user_id, content, total],
  )
})
afterAll(() => deployment.stop())

const reading = async (person: Person | undefined) => {
  const address = `${deployment.url}/api/rooms/${room_id}/report?transcript=true`
  const headers = { authorization: `Bearer ${person?.token}` }
  const response = await fetch(address, { headers })
  expect(response.status).toBe(200)
  return response
}

test('[API-6] sixty megabytes arrive whole', async () => {
  const report = await (await reading(people[0])).text()
  expect(report.split(content)).toHaveLength(total + 1)
  expect(report.trimEnd().split('\n').at(-1)).toContain(` ${total} of them in the transcript.`)
})

test('[API-6] [SEC-2] who is removed meanwhile is cut off, and can tell', async () => {
  const response = await reading(people[1])
  const stream = response.body?.getReader()
  await stream?.read()
  await deployment.pool.query('DELETE FROM room_members WHERE room_id = $1 AND user_id = $2', [
    room_id,
    people[1]?.user_id,
  ])
  const decoder = new TextDecoder()
  let tail = ''
  const rest = async () => {
    for (;;) {
      const chunk = await stream?.read()
      if (chunk?.done !== false) return
      tail = (tail + decoder.decode(chunk.value, { stream: true })).slice(-1_000)
    }
  }
  await expect(rest()).rejects.toThrow()
  expect(tail).not.toContain('End of the report')
})
