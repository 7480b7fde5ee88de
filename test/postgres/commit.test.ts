/** The commit call: each item a transaction of its own, many of them in one round trip. */
import { setTimeout as pause } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../support/database.ts'
import {
  addRoom,
  addUser,
  commit,
  message,
  messageRows,
  messages,
  oneTo,
  roomRow,
} from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
})
afterAll(() => database.drop())

/** Makes the item's insert wait until the client ends its transaction. */
const holdBack = async (room_id: string, message_id: string): Promise<PoolClient> => {
  const blocker = await database.pool.connect()
  await blocker.query('BEGIN')
  await blocker.query(
    `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
      client_message_id, content, message_type, created_at)
     VALUES ($1, $2, -1, -1, 'x', 'x', 'x', 'text', now())`,
    [message_id, room_id],
  )
  return blocker
}

const waitForCount = async (room_id: string, count: number): Promise<void> => {
  while ((await messageRows(database.pool, room_id)).length < count) await pause(5)
}

const waitForLock = async (pid: number): Promise<void> => {
  for (;;) {
    const { rows } = await database.pool.query(
      'SELECT wait_event_type FROM pg_stat_activity WHERE pid = $1',
      [pid],
    )
    if (rows[0]?.wait_event_type === 'Lock') return
    await pause(5)
  }
}

test('[SEQ-2] a call without items writes nothing', async () => {
  const room_id = await addRoom(database.pool, {})
  const before = await roomRow(database.pool, room_id)
  expect(await commit(database.pool, { room_id, items: [] })).toMatchObject({
    results: [],
    changes: [],
  })
  expect(await roomRow(database.pool, room_id)).toEqual(before)
})

describe('numbers', () => {
  test('[SEQ-1] messages are 1, 2, 3 … and revisions go on from what the room already had', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    const { results, changes } = await commit(database.pool, { room_id, items: messages(3) })
    expect(results).toMatchObject([
      { status: 'committed', sequence_number: 1, revision: 3, sender_display_name: 'Ann Lin' },
      { status: 'committed', sequence_number: 2, revision: 4 },
      { status: 'committed', sequence_number: 3, revision: 5 },
    ])
    expect(changes).toEqual([])
    expect(await roomRow(database.pool, room_id)).toMatchObject({
      last_sequence: 3,
      last_revision: 5,
    })
  })

  test('[SEQ-1] a room that does not exist answers room_gone for every item', async () => {
    const { results } = await commit(database.pool, { room_id: uuidv7(), items: messages(2) })
    expect(results).toEqual([{ status: 'room_gone' }, { status: 'room_gone' }])
  })

  test('[MSG-6] a sender without a user row is called by the id', async () => {
    const room_id = await addRoom(database.pool, { stranger: 'editor' })
    const items = [message({ actor_id: 'stranger' })]
    const { results } = await commit(database.pool, { room_id, items })
    expect(results).toMatchObject([{ sender_display_name: 'stranger' }])
  })

  test('[MSG-10] mentions of people who are not members are left out, each id once', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    const items = [message({ mentions: ['ben', 'ben', 'nobody'] }), message()]
    const { results } = await commit(database.pool, { room_id, items })
    expect(results).toMatchObject([{ mentions: ['ben'] }, { mentions: [] }])
  })

  test('[MSG-12] emoji, CJK and RTL come back byte for byte', async () => {
    const room_id = await addRoom(database.pool)
    const content = '輸送帶 🔥👩🏽‍🏭 שלום\t\\u0000 "quoted"\n'
    await commit(database.pool, { room_id, items: [message({ content })] })
    expect(await messageRows(database.pool, room_id)).toMatchObject([{ content }])
  })
})

describe('one transaction per item', () => {
  test('[SEQ-2] items before the one in work are committed while the call still runs', async () => {
    const room_id = await addRoom(database.pool)
    const items = messages(4)
    const blocker = await holdBack(uuidv7(), items[2]?.change_id ?? '')
    const call = commit(database.pool, { room_id, items })
    await waitForCount(room_id, 2)
    expect(await roomRow(database.pool, room_id)).toMatchObject({
      last_sequence: 2,
      last_revision: 3,
    })

    await blocker.query('ROLLBACK')
    blocker.release()
    expect((await call).results).toHaveLength(4)
    const rows = await messageRows(database.pool, room_id)
    expect(rows.map((row) => row.sequence_number)).toEqual([1, 2, 3, 4])
    expect(new Set(rows.map((row) => row.xmin)).size).toBe(4)
  })

  test('[SEQ-2] [SEQ-4] a backend killed in the middle keeps what it committed, and the same call again completes it', async () => {
    const room_id = await addRoom(database.pool)
    const items = messages(5)
    const blocker = await holdBack(uuidv7(), items[3]?.change_id ?? '')
    const writer = await database.pool.connect()
    const { rows } = await writer.query('SELECT pg_backend_pid() AS pid')
    writer.on('error', () => {})
    const call = commit(writer, { room_id, items })
    const failed = expect(call).rejects.toThrow(/terminat/)
    await waitForCount(room_id, 3)
    await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
    await failed
    writer.release(true)
    await blocker.query('ROLLBACK')
    blocker.release()
    expect(await messageRows(database.pool, room_id)).toHaveLength(3)

    const { results } = await commit(database.pool, { room_id, items })
    expect(results.map((result) => result.status)).toEqual([
      ...['duplicate', 'duplicate', 'duplicate'],
      ...['committed', 'committed'],
    ])
    expect(results).toMatchObject(oneTo(5).map((sequence_number) => ({ sequence_number })))
  })

  test('[SEQ-2] in a group nothing is seen before all of it, and a killed backend leaves nothing', async () => {
    const room_id = await addRoom(database.pool)
    const items = messages(4)
    const blocker = await holdBack(uuidv7(), items[3]?.change_id ?? '')
    const writer = await database.pool.connect()
    const { rows } = await writer.query('SELECT pg_backend_pid() AS pid')
    writer.on('error', () => {})
    const failed = expect(commit(writer, { room_id, items, in_group: true })).rejects.toThrow()
    await waitForLock(rows[0].pid)
    expect(await messageRows(database.pool, room_id)).toEqual([])
    await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
    await failed
    writer.release(true)
    await blocker.query('ROLLBACK')
    blocker.release()
    expect(await roomRow(database.pool, room_id)).toMatchObject({
      last_sequence: 0,
      last_revision: 1,
    })

    const { results } = await commit(database.pool, { room_id, items, in_group: true })
    expect(results).toMatchObject(oneTo(4).map((sequence_number) => ({ sequence_number })))
  })
})

describe('a bad item takes no other with it', () => {
  const bad = {
    'a NUL in the text': () => message({ content: 'before\u0000after' }),
    'a NUL in the data': () => message({ data: { reading: '\u0000' } }),
    'a lone surrogate': () => message({ content: 'half \ud83d of it' }),
    'a reply to nothing': () => message({ reply_to: uuidv7() }),
    'a reply_to that is no id': () => message({ reply_to: 'the last one' }),
    'a message_id that is no id': () => ({ ...message(), change_id: 'one' }),
    'an unknown type': () => message({ message_type: 'poem' as 'text' }),
    'somebody who is no member': () => message({ actor_id: 'eve' }),
    'a viewer': () => message({ actor_id: 'vic' }),
    'an unknown kind': () => ({ ...message(), kind: 'poem' }) as never,
  }
  for (const in_group of [false, true])
    for (const [name, make] of Object.entries(bad))
      test(`[SEQ-2] [MSG-12] ${name} is refused, its neighbours get consecutive numbers${in_group ? ' (group)' : ''}`, async () => {
        const room_id = await addRoom(database.pool, { vic: 'viewer' })
        const items = [message(), make(), message(), make(), message()]
        const { results } = await commit(database.pool, { room_id, items, in_group })
        expect(results).toMatchObject([
          { status: 'committed', sequence_number: 1, revision: 3 },
          { status: 'refused' },
          { status: 'committed', sequence_number: 2, revision: 4 },
          { status: 'refused' },
          { status: 'committed', sequence_number: 3, revision: 5 },
        ])
        expect(await roomRow(database.pool, room_id)).toMatchObject({
          last_sequence: 3,
          last_revision: 5,
        })
      })

  test('[SEC-2] reply_to of a message in another room is refused as if there were none', async () => {
    const elsewhere = message()
    await commit(database.pool, { room_id: await addRoom(database.pool), items: [elsewhere] })
    const room_id = await addRoom(database.pool)
    const items = [message({ reply_to: elsewhere.change_id })]
    const { results } = await commit(database.pool, { room_id, items })
    expect(results).toMatchObject([{ status: 'refused', code: 'not_found' }])
  })

  test('[SEQ-1] a message_id of another room is refused, nothing is numbered', async () => {
    const elsewhere = message()
    await commit(database.pool, { room_id: await addRoom(database.pool), items: [elsewhere] })
    const room_id = await addRoom(database.pool)
    const items = [message({ change_id: elsewhere.change_id }), message()]
    const { results } = await commit(database.pool, { room_id, items })
    expect(results).toMatchObject([
      { status: 'refused', code: 'conflict' },
      { status: 'committed', sequence_number: 1 },
    ])
  })
})

describe('repeats', () => {
  test('[MSG-3] a repeat returns the first result, whatever its own message_id, and writes nothing', async () => {
    const room_id = await addRoom(database.pool)
    const first = message({ client_message_id: 'one' })
    const { results } = await commit(database.pool, { room_id, items: [first] })
    const items = [first, { ...first, change_id: uuidv7() }]
    const again = await commit(database.pool, { room_id, items })
    const [committed] = results
    if (committed?.status !== 'committed') throw new Error('the first was not committed')
    const { sequence_number, revision, created_at } = committed
    const duplicate = {
      status: 'duplicate',
      message_id: first.change_id,
      sequence_number,
      revision,
      created_at,
    }
    expect(again.results).toEqual([duplicate, duplicate])
    expect(await messageRows(database.pool, room_id)).toHaveLength(1)
    expect(await roomRow(database.pool, room_id)).toMatchObject({ last_revision: 2 })
  })

  test('[MSG-3] twice in one call is written once', async () => {
    const room_id = await addRoom(database.pool)
    const item = message()
    const { results } = await commit(database.pool, { room_id, items: [item, item] })
    expect(results).toMatchObject([{ status: 'committed' }, { status: 'duplicate' }])
  })

  test.each([
    { content: 'something else' },
    { message_type: 'incident_data' as const },
    { data: { temperature: 81 } },
  ])('[MSG-3] the same id with %o is a conflict', async (other) => {
    const room_id = await addRoom(database.pool)
    const first = message()
    await commit(database.pool, { room_id, items: [first] })
    const { results } = await commit(database.pool, { room_id, items: [{ ...first, ...other }] })
    expect(results).toMatchObject([{ status: 'refused', code: 'conflict' }])
    expect(await messageRows(database.pool, room_id)).toHaveLength(1)
  })

  test('[MSG-3] ids are per sender and room: others may use the same', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    const items = [
      message({ client_message_id: 'same' }),
      message({ client_message_id: 'same', actor_id: 'ben' }),
    ]
    const { results } = await commit(database.pool, { room_id, items })
    expect(results).toMatchObject([{ sequence_number: 1 }, { sequence_number: 2 }])
    const elsewhere = await addRoom(database.pool)
    const other = await commit(database.pool, {
      room_id: elsewhere,
      items: [message({ client_message_id: 'same' })],
    })
    expect(other.results).toMatchObject([{ status: 'committed', sequence_number: 1 }])
  })

  test('[MSG-3] what was committed stays committed for one who is removed, made a viewer, or locked out by the archive', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor', cid: 'editor' })
    const [bens, cids, anns] = [
      message({ actor_id: 'ben' }),
      message({ actor_id: 'cid' }),
      message({ actor_id: 'ann' }),
    ]
    await commit(database.pool, { room_id, items: [bens, cids, anns] })
    const by = { actor_id: 'ann' }
    await commit(database.pool, {
      room_id,
      items: [
        {
          ...by,
          kind: 'member_removed',
          change_id: uuidv7(),
          message_id: uuidv7(),
          user_id: 'ben',
        },
        {
          ...by,
          kind: 'member_role_changed',
          change_id: uuidv7(),
          message_id: uuidv7(),
          user_id: 'cid',
          role: 'viewer',
        },
        {
          ...by,
          kind: 'room_updated',
          change_id: uuidv7(),
          message_id: uuidv7(),
          changes: { status: 'archived' },
        },
      ],
    })
    const fresh = [message({ actor_id: 'ben' }), message({ actor_id: 'cid' }), message()]
    const { results } = await commit(database.pool, {
      room_id,
      items: [bens, cids, anns, ...fresh],
    })
    expect(results).toMatchObject([
      ...[1, 2, 3].map((sequence_number) => ({ status: 'duplicate', sequence_number })),
      ...fresh.map(() => ({ status: 'refused', code: 'forbidden' })),
    ])
  })
})
