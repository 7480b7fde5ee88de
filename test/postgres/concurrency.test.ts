/** Many writers at once on one room, straight into Postgres, without its actor. */
import { setTimeout as pause } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ItemResult } from '../../src/domain/room/commit.ts'
import { createDatabase, type Database } from '../support/database.ts'
import {
  addRoom,
  addUser,
  changeRows,
  commit,
  message,
  messageRows,
  messages,
  oneTo,
} from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
})
afterAll(() => database.drop())

const sequenceOf = (result: ItemResult | undefined): number =>
  result?.status === 'committed' ? result.sequence_number : Number.NaN

const ids = () => ({ change_id: uuidv7(), message_id: uuidv7() })

test('[SEQ-5] 200 writers × 5 messages over 20 connections: all succeed, 1…n, no deadlock', async () => {
  const room_id = await addRoom(database.pool)
  const outcomes = await Promise.all(
    oneTo(200).map((writer) =>
      commit(database.pool, {
        room_id,
        items: messages(5, { content: `of ${writer}` }),
        in_group: writer % 3 === 0,
      }),
    ),
  )
  const numbers = outcomes.flatMap(({ results }) => results.map(sequenceOf))
  expect(numbers.toSorted((one, other) => one - other)).toEqual(oneTo(1000))
  const rows = await messageRows(database.pool, room_id)
  expect(rows.map((row) => row.sequence_number)).toEqual(oneTo(1000))
  expect((await changeRows(database.pool, room_id)).map((row) => row.revision)).toEqual(oneTo(1001))
})

test('[SEQ-5] [SEQ-6] each call keeps its own order, whoever comes between', async () => {
  const room_id = await addRoom(database.pool)
  const outcomes = await Promise.all(
    oneTo(20).map(() => commit(database.pool, { room_id, items: messages(10) })),
  )
  for (const { results } of outcomes) {
    const numbers = results.map(sequenceOf)
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
  }
})

test('[SEQ-5] writers of several rooms with changes of members among them do not deadlock', async () => {
  const rooms = await Promise.all(oneTo(4).map(() => addRoom(database.pool, { ben: 'editor' })))
  const calls = oneTo(80).map((number) => {
    const room_id = rooms[number % rooms.length] ?? ''
    const by = { actor_id: 'ann', user_id: `person-${number}` }
    const items = [
      message(),
      { ...by, ...ids(), kind: 'member_added', role: 'editor' } as const,
      message({ actor_id: `person-${number}` }),
      { ...by, ...ids(), kind: 'member_removed' } as const,
    ]
    return commit(database.pool, { room_id, items })
  })
  for (const { results } of await Promise.all(calls))
    expect(results.map(({ status }) => status)).toEqual([
      ...['committed', 'changed', 'committed', 'changed'],
    ])
})

test('[SEQ-5] [MSG-3] the same message sent 50 times at once is written once', async () => {
  const room_id = await addRoom(database.pool)
  const item = message()
  const outcomes = await Promise.all(
    oneTo(50).map(() => commit(database.pool, { room_id, items: [item] })),
  )
  const statuses = outcomes.map(({ results }) => results[0]?.status)
  expect(statuses.filter((status) => status === 'committed')).toHaveLength(1)
  expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(49)
  expect(await messageRows(database.pool, room_id)).toHaveLength(1)
})

test('[SEQ-5] [MSG-3] a writer that bypasses the lock: the repeat waits for it and gets its result', async () => {
  const room_id = await addRoom(database.pool)
  const item = message({ content: 'said once' })
  const bypass = await database.pool.connect()
  await bypass.query('BEGIN')
  // As if it had committed at revision 2, but holding no lock and not advancing the room.
  await bypass.query(
    `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
      client_message_id, content, message_type, created_at)
     VALUES ($1, $2, 1000, 1000, $3, $4, $5, 'text', now())`,
    [item.change_id, room_id, item.actor_id, item.client_message_id, item.content],
  )
  await bypass.query(
    `INSERT INTO room_revisions VALUES ($1, 1000, 'message', $2, $2, 'ann', now(),
      jsonb_build_object('content', $3::text, 'message_type', 'text', 'data', null), '', '')`,
    [room_id, item.change_id, item.content],
  )
  const repeat = { ...item, change_id: uuidv7() }
  const call = commit(database.pool, { room_id, items: [repeat, item, message()] })
  await pause(50)
  await bypass.query('COMMIT')
  bypass.release()
  const first = { status: 'duplicate', message_id: item.change_id, sequence_number: 1000 }
  expect((await call).results).toMatchObject([
    first,
    first,
    { status: 'committed', sequence_number: 1 },
  ])
})
