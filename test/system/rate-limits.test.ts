/** One person writes ten times what they may, over a hundred sockets; the others notice nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Pool } from 'pg'
import type { DownFrame } from '../../src/protocol/down.ts'
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../src/protocol/version.ts'
import { decodeDown } from '../../src/protocol/decode-down.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { createRoomOf, type Person } from '../support/people.ts'
import { within } from '../support/wait.ts'

const window_s = 10
const limit = 200

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment({
    vars: { RATE_LIMIT_WINDOW: String(window_s), RATE_LIMIT_BASIC: String(limit) },
  })
})
afterAll(() => deployment.stop())

test('[LIM-1] 100 sockets of one person at ten times the limit exceed it by at most 5 %, and 99 others notice nothing', async () => {
  const { pool, url } = deployment
  const rooms = await Promise.all(Array.from({ length: 5 }, () => createRoomOf(pool, 20)))
  const flooder = rooms[0]?.people[0]
  if (!flooder) throw new Error('nobody came')
  for (const { room_id } of rooms) await makeMember(pool, room_id, flooder)
  const floods = await Promise.all(
    rooms.flatMap(({ room_id }) => Array.from({ length: 20 }, () => open(url, room_id, flooder))),
  )
  const quiet = rooms.flatMap(({ room_id, people }) =>
    people.filter((person) => person !== flooder).map((person) => ({ room_id, person })),
  )
  expect(quiet).toHaveLength(99)
  const others = await Promise.all(quiet.map(({ room_id, person }) => open(url, room_id, person)))

  // Ten times the limit in each window, for two windows and a half, over all sockets alike.
  const steps = 50
  const each = (10 * limit * 2.5) / steps / floods.length
  for (let step = 0; step < steps; step += 1) {
    for (const flood of floods) for (let one = 0; one < each; one += 1) flood.say(`flood ${step}`)
    for (const [index, other] of others.entries())
      if ((index + step) % 10 === 0) other.say(`said in peace ${step}`)
    await new Promise((resolve) => setTimeout(resolve, (window_s * 2_500) / steps))
  }
  const all = [...floods, ...others]
  const isAnswered = await within(60_000, () =>
    all.every((one) => one.acks + one.errors.length === one.sent),
  )
  expect(isAnswered).toBe(true)

  expect(others.flatMap(({ errors }) => errors)).toEqual([])
  const refused = floods.flatMap(({ errors }) => errors)
  expect(refused.length).toBeGreaterThan(10 * limit)
  for (const error of refused) {
    expect(error.code).toBe('rate_limited')
    expect(error.retry_after_ms).toBeGreaterThan(0)
  }
  const written = await timesOf(pool, flooder.user_id)
  expect(written).toHaveLength(floods.reduce((sum, { acks }) => sum + acks, 0))
  // Two windows were full: what the person may write, they could.
  expect(written.length).toBeGreaterThan(1.5 * limit)
  const most = mostWithin(written, window_s * 1_000)
  console.log(`limit ${limit}: most in a window ${most}, in all ${written.length}`)
  expect(most).toBeLessThanOrEqual(limit * 1.05)
  for (const one of all) one.close()
})

type Talker = {
  sent: number
  acks: number
  readonly errors: (DownFrame & { type: 'error' })[]
  say(content: string): void
  close(): void
}

async function open(url: string, room_id: string, { token }: Person): Promise<Talker> {
  const protocols = [SUBPROTOCOL, `${BEARER_SUBPROTOCOL_PREFIX}${token}`]
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/${room_id}?batch=1`, protocols)
  const talker: Talker = {
    sent: 0,
    acks: 0,
    errors: [],
    say(content) {
      talker.sent += 1
      const client_message_id = crypto.randomUUID()
      socket.send(JSON.stringify({ type: 'message', content, client_message_id }))
    },
    close: () => socket.close(),
  }
  const joined = Promise.withResolvers<void>()
  socket.on('error', joined.reject)
  socket.on('message', (data: Buffer) => {
    for (const frame of decodeDown(data.toString())) {
      if (frame.type === 'welcome') joined.resolve()
      if (frame.type === 'ack') talker.acks += 1
      if (frame.type === 'error') talker.errors.push(frame)
      if (frame.type === 'ping') socket.send('{"type":"pong"}')
    }
  })
  await joined.promise
  return talker
}

async function makeMember(pool: Pool, room_id: string, { user_id }: Person): Promise<void> {
  await pool.query(
    `INSERT INTO room_members (room_id, user_id, role, joined_at)
     VALUES ($1, $2, 'editor', now()) ON CONFLICT DO NOTHING`,
    [room_id, user_id],
  )
}

/** When the room got them, which their ids say: a slow database does not push them together. */
async function timesOf(pool: Pool, user_id: string): Promise<number[]> {
  const { rows } = await pool.query<{ message_id: string }>(
    'SELECT message_id FROM messages WHERE sender_id = $1 ORDER BY message_id',
    [user_id],
  )
  return rows.map(({ message_id }) => parseInt(message_id.replace('-', '').slice(0, 12), 16))
}

function mostWithin(times: readonly number[], window_ms: number): number {
  let first = 0
  let most = 0
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? at) <= at - window_ms) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}
