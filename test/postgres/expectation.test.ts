/** What the commit call does with a caller that is behind, ahead, or no longer the room's owner. */
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

describe('the expected revision', () => {
  test('[SEQ-3] a caller that knows where the room stands hears of nothing else', async () => {
    const room_id = await addRoom(database.pool)
    const { results, changes } = await commit(database.pool, {
      room_id,
      expected_revision: 1,
      items: messages(3),
    })
    expect(results).toMatchObject([{ revision: 2 }, { revision: 3 }, { revision: 4 }])
    expect(changes).toEqual([])
  })

  test('[SEQ-3] a caller that is behind gets what it missed, and its item the confirmed number', async () => {
    const room_id = await addRoom(database.pool)
    const missed = messages(2)
    await commit(database.pool, { room_id, items: missed })
    const { results, changes } = await commit(database.pool, {
      room_id,
      expected_revision: 1,
      items: [message(), message()],
    })
    expect(changes).toMatchObject([
      { type: 'message', revision: 2, message: { message_id: missed[0]?.change_id } },
      { type: 'message', revision: 3, message: { message_id: missed[1]?.change_id } },
    ])
    expect(results).toMatchObject([
      { status: 'committed', sequence_number: 3, revision: 4 },
      { status: 'committed', sequence_number: 4, revision: 5 },
    ])
  })

  test('[SEQ-3] [SEQ-4] its own commit of unknown outcome is among what it missed, the repeat a duplicate', async () => {
    const room_id = await addRoom(database.pool)
    const items = messages(2)
    await commit(database.pool, { room_id, expected_revision: 1, items: items.slice(0, 1) })
    const { results, changes } = await commit(database.pool, {
      room_id,
      expected_revision: 1,
      items,
    })
    expect(changes).toMatchObject([{ revision: 2, message: { message_id: items[0]?.change_id } }])
    expect(results).toMatchObject([
      { status: 'duplicate', revision: 2 },
      { status: 'committed', revision: 3 },
    ])
  })

  test('[SEQ-3] a refused item tells the caller what it missed all the same', async () => {
    const room_id = await addRoom(database.pool)
    await commit(database.pool, { room_id, items: messages(1) })
    const { results, changes } = await commit(database.pool, {
      room_id,
      expected_revision: 1,
      items: [message({ content: '\u0000' }), message()],
    })
    expect(changes).toMatchObject([{ revision: 2 }])
    expect(results).toMatchObject([{ status: 'refused' }, { status: 'committed', revision: 3 }])
  })

  test('[SEQ-3] with 500 missed changes it is told them, with 501 it is told to read first', async () => {
    const room_id = await addRoom(database.pool)
    await commit(database.pool, { room_id, items: messages(501), in_group: true })
    const far = await commit(database.pool, { room_id, expected_revision: 1, items: messages(2) })
    expect(far).toMatchObject({
      results: [{ status: 'conflict' }, { status: 'conflict' }],
      changes: [],
    })
    expect(await roomRow(database.pool, room_id)).toMatchObject({ last_sequence: 501 })

    const near = await commit(database.pool, { room_id, expected_revision: 2, items: messages(1) })
    expect(near.changes.map((change) => change.revision)).toEqual(oneTo(502).slice(2))
    expect(near.results).toMatchObject([{ sequence_number: 502, revision: 503 }])
  })

  test('[SEQ-3] a caller that is ahead of the database writes nothing', async () => {
    const room_id = await addRoom(database.pool)
    const ahead = await commit(database.pool, { room_id, expected_revision: 2, items: messages(2) })
    expect(ahead.results).toEqual([{ status: 'conflict' }, { status: 'conflict' }])
    expect(await messageRows(database.pool, room_id)).toEqual([])
  })
})

describe('the owner', () => {
  test('[SEQ-3] an instance that claims the room fences the one before it', async () => {
    const room_id = await addRoom(database.pool)
    const old = { room_id, owner: 'old', expected_revision: 1 }
    await commit(database.pool, { ...old, claim: true, items: messages(1) })
    await commit(database.pool, {
      room_id,
      owner: 'new',
      claim: true,
      expected_revision: 2,
      items: messages(1),
    })
    const { results } = await commit(database.pool, {
      ...old,
      expected_revision: 3,
      items: messages(2),
    })
    expect(results).toEqual([{ status: 'superseded' }, { status: 'superseded' }])
    expect(await roomRow(database.pool, room_id)).toMatchObject({
      last_sequence: 2,
      owner_instance: 'new',
    })
  })

  test('[SEQ-3] an instance that never claimed is superseded; writers that are no actor never are', async () => {
    const room_id = await addRoom(database.pool)
    const unclaimed = await commit(database.pool, { room_id, owner: 'me', items: messages(1) })
    expect(unclaimed.results).toEqual([{ status: 'superseded' }])
    await commit(database.pool, { room_id, owner: 'other', claim: true, items: messages(1) })
    const free = await commit(database.pool, { room_id, items: messages(1) })
    expect(free.results).toMatchObject([{ status: 'committed', sequence_number: 2 }])
    expect(await roomRow(database.pool, room_id)).toMatchObject({ owner_instance: 'other' })
  })

  for (const in_group of [false, true])
    test(`[SEQ-3] a claim holds even if the database refuses the value that came with it${in_group ? ' (group)' : ''}`, async () => {
      const room_id = await addRoom(database.pool)
      const mine = { room_id, owner: 'me', in_group }
      const items = [message({ content: '\u0000' })]
      const first = await commit(database.pool, { ...mine, claim: true, items })
      expect(first.results).toMatchObject([{ status: 'refused' }])
      const next = await commit(database.pool, { ...mine, items: [message()] })
      expect(next.results).toMatchObject([{ status: 'committed' }])
    })

  test('[SEQ-3] a newer instance that takes over in the middle of a call is not pushed aside again', async () => {
    const room_id = await addRoom(database.pool)
    // The third item waits for this transaction, and so gives the newer instance its time.
    const blocker = await database.pool.connect()
    const held = uuidv7()
    await blocker.query('BEGIN')
    await blocker.query(
      `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, message_type, created_at)
       VALUES ($1, $2, -1, -1, 'x', 'x', 'x', 'text', now())`,
      [held, uuidv7()],
    )
    const old = commit(database.pool, {
      room_id,
      owner: 'old',
      claim: true,
      items: [message(), message({ change_id: held }), ...messages(20)],
    })
    await expect
      .poll(() => roomRow(database.pool, room_id))
      .toMatchObject({
        owner_instance: 'old',
        last_sequence: 1,
      })
    const newer = commit(database.pool, { room_id, owner: 'new', claim: true, items: messages(1) })
    // An id taken elsewhere: the item fails in the database, not by our own judgement.
    await blocker.query('COMMIT')
    blocker.release()
    const results = (await old).results.map((result) => result.status)
    await newer
    const { owner_instance, last_sequence } = await roomRow(database.pool, room_id)
    expect(owner_instance).toBe('new')
    expect(last_sequence).toBe(results.filter((status) => status === 'committed').length + 1)
    if (results.includes('superseded'))
      expect(results.slice(results.indexOf('superseded'))).not.toContain('committed')
  })
})
