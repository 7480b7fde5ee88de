/** The gateways in front of the database: shares of one pool, and what they do when it breaks. */
import { runInDurableObject } from 'cloudflare:test'
import type { Client } from '@neondatabase/serverless'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { askDatabase } from '../../../src/durable/ask-database.ts'
import { gatewayStub } from '../../../src/durable/stubs.ts'
import { openRoom, readPage, signIn, type Caller } from '../http-client.ts'
import { allFigures, bindings, timesRun } from '../support/bindings.ts'
import { join, sequencesOf } from '../support/socket.ts'
import { inSession } from '../support/sql.ts'

const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let ann: Caller
beforeAll(async () => {
  ann = await signIn('ann')
})

const roomWithSocket = async () => {
  const { room_id } = await openRoom(ann)
  return { room_id, socket: await join(ann, room_id) }
}

describe('limits', () => {
  test('[DB-2] [DB-3] 100 at a time over all shards: all succeed, and the shares add up to the settings', async () => {
    const owner = await signIn()
    await openRoom(owner)
    const mine = { user_id: owner.user_id, limit: 10 }
    const keys = oneTo(3_000).values()
    let succeeded = 0
    const lane = async () => {
      for (const key of keys) {
        const read = await askDatabase(bindings, `key-${key}`, 'listRooms', mine)
        if (read.ok && read.value.length === 1) succeeded += 1
      }
    }
    await Promise.all(oneTo(100).map(lane))
    expect(succeeded).toBe(3_000)

    const pools = (await allFigures()).map(({ pool }) => {
      if (!pool) throw new Error('a shard was never used')
      return pool
    })
    const sum = (figure: 'min' | 'max') => pools.reduce((total, pool) => total + pool[figure], 0)
    expect({ shards: pools.length, min: sum('min'), max: sum('max') }).toEqual({
      ...{ shards: 2, min: 20, max: 50 },
    })
    for (const pool of pools) {
      expect(pool.peak_in_use).toBeLessThanOrEqual(pool.max)
      expect(pool.open).toBeGreaterThanOrEqual(pool.min)
      expect(pool).toMatchObject({ waiting: 0, timeouts: 0, rejected: 0, broken: 0 })
    }
    // One that is still being opened, to be kept, counts as in use.
    await vi.waitFor(async () => {
      for (const { pool } of await allFigures()) expect(pool).toMatchObject({ in_use: 0 })
    })
  }, 60_000)

  test('[DB-7] statements are counted by name', async () => {
    const before = await timesRun('ping')
    await askDatabase(bindings, ann.user_id, 'ping', undefined)
    expect(await timesRun('ping')).toBe(before + 1)
  })

  test('[DB-1] an ended pool opens again at the next use', async () => {
    const stub = gatewayStub(bindings, ann.user_id)
    // What DB_IDLE_SLEEP does when nothing has been asked for a while.
    await runInDurableObject(stub, (gateway) => gateway.alarm())
    expect((await stub.figures()).pool).toBeNull()
    const answer = await askDatabase(bindings, ann.user_id, 'ping', undefined)
    expect(answer).toMatchObject({ ok: true })
    expect((await stub.figures()).pool).not.toBeNull()
  })
})

/** The session that waits for this one to end its transaction. */
const blockedBy = async (client: Client): Promise<number> => {
  for (;;) {
    const { rows } = await client.query(
      'SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    )
    if (rows[0]) return Number(rows[0].pid)
    await pause(10)
  }
}

/** As an update of the platform would: the instance and all its connections are gone at once. */
const resetGateway = (room_id: string): Promise<void> =>
  runInDurableObject(gatewayStub(bindings, room_id), (_, state) =>
    state.abort('reset by the test'),
  ).catch(() => {})

describe('when something breaks', () => {
  test('[SEQ-4] [DB-4] a commit whose connection dies is sent again, acked and told once', async () => {
    const { room_id, socket } = await roomWithSocket()
    await inSession(async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT FROM incident_rooms WHERE room_id = $1 FOR UPDATE', [room_id])
      socket.say('one')
      await client.query('SELECT pg_terminate_backend($1)', [await blockedBy(client)])
      await blockedBy(client)
      await client.query('ROLLBACK')
    })
    socket.say('two')
    await socket.next('message', (frame) => frame.message.content === 'two')
    expect(sequencesOf(socket)).toEqual([1, 2])
    expect(socket.frames.filter((frame) => frame.type === 'ack')).toHaveLength(2)
    expect(socket.frames.map((frame) => frame.type)).not.toContain('error')
  })

  test('[DB-4] messages queue while the room’s row is held, and all are written when it is free', async () => {
    const { room_id, socket } = await roomWithSocket()
    await inSession(async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT FROM incident_rooms WHERE room_id = $1 FOR UPDATE', [room_id])
      for (const number of oneTo(150)) socket.say(String(number))
      await pause(1_000)
      expect(sequencesOf(socket)).toEqual([])
      await client.query('ROLLBACK')
    })
    await socket.next('message', (frame) => frame.message.content === '150')
    expect(sequencesOf(socket)).toEqual(oneTo(150))
  })

  test('[SEQ-4] [DB-4] gateways reset in mid-traffic: every message is written, acked and told once', async () => {
    const { room_id, socket } = await roomWithSocket()
    for (const number of oneTo(200)) {
      socket.say(String(number), `c-${number}`)
      if (number % 80 === 0) await resetGateway(room_id)
      if (number % 5 === 0) await pause(2)
    }
    await socket.next('message', (frame) => frame.message.content === '200')
    expect(sequencesOf(socket)).toEqual(oneTo(200))
    const acks = socket.frames.flatMap((frame) =>
      frame.type === 'ack' ? [frame.client_message_id] : [],
    )
    expect(new Set(acks).size).toBe(200)
    expect(acks).toHaveLength(200)
    const { messages } = await readPage(ann, room_id, '?limit=200')
    expect(messages.map((message) => message.sequence_number).toReversed()).toEqual(oneTo(200))
  })
})
