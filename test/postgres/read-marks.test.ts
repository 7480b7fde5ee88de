/** Read marks in Postgres (INBOX-2): forward only, whoever moves them at once; and the counts. */
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  listReadMarks,
  moveReadMarks,
  readInboxes,
  readInboxParts,
} from '../../src/database/inbox.ts'
import { listRooms, readRoom } from '../../src/database/rooms.ts'
import { READ_MARKS_MAX_COUNT, UNREAD_MAX_COUNT } from '../../src/protocol/limits.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, messages, oneTo } from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  await addUser(database.pool, { user_id: 'root', is_admin: true })
})
afterAll(() => database.drop())

const move = async (room_id: string, user_id: string, sequence: number) => {
  const args = { room_id, user_ids: [user_id], sequences: [sequence] }
  const [moved] = await moveReadMarks(database.pool, args)
  return moved
}

const markOf = async (room_id: string, user_id: string): Promise<number> => {
  const { rows } = await database.pool.query(
    'SELECT read_sequence::int FROM room_members WHERE room_id = $1 AND user_id = $2',
    [room_id, user_id],
  )
  return rows[0].read_sequence
}

const setMark = (room_id: string, user_id: string, sequence: number) =>
  database.pool.query(
    'UPDATE room_members SET read_sequence = $3 WHERE room_id = $1 AND user_id = $2',
    [room_id, user_id, sequence],
  )

const lastSequence = async (room_id: string): Promise<number> => {
  const { rows } = await database.pool.query(
    'SELECT last_sequence::int FROM incident_rooms WHERE room_id = $1',
    [room_id],
  )
  return rows[0].last_sequence
}

/** A room in which ann said ten things, of which bob has read none. */
const roomOfTen = async (): Promise<{ room_id: string; first: number }> => {
  const room_id = await addRoom(database.pool, { bob: 'editor', eve: 'viewer' })
  const first = (await lastSequence(room_id)) + 1
  await commit(database.pool, { room_id, items: messages(10) })
  await setMark(room_id, 'bob', first - 1)
  return { room_id, first }
}

describe('moving a mark', () => {
  test('[INBOX-2] forward, and what came after is counted', async () => {
    const { room_id, first } = await roomOfTen()
    expect(await move(room_id, 'bob', first + 3)).toEqual({
      ...{ user_id: 'bob', read_sequence: first + 3, unread_count: 6, mention_count: 0 },
      revision: expect.any(Number),
    })
    expect(await markOf(room_id, 'bob')).toBe(first + 3)
  })

  test('[INBOX-2] never back, and never beyond the last message', async () => {
    const { room_id, first } = await roomOfTen()
    await move(room_id, 'bob', first + 5)
    expect(await move(room_id, 'bob', first)).toMatchObject({ read_sequence: first + 5 })
    expect(await move(room_id, 'bob', 1_000_000)).toMatchObject({
      ...{ read_sequence: first + 9, unread_count: 0 },
    })
    expect(await markOf(room_id, 'bob')).toBe(first + 9)
  })

  test('[INBOX-2] the same person twice in one call: the furthest counts', async () => {
    const { room_id, first } = await roomOfTen()
    const args = { room_id, user_ids: ['bob', 'bob', 'eve'], sequences: [first + 4, first, first] }
    expect(await moveReadMarks(database.pool, args)).toMatchObject([
      { user_id: 'bob', read_sequence: first + 4 },
      { user_id: 'eve' },
    ])
  })

  test('[INBOX-2] [SEC-2] who is no member has no mark, and no such room has none', async () => {
    const { room_id } = await roomOfTen()
    expect(await move(room_id, 'stranger', 1)).toBeUndefined()
    expect(await move(room_id, 'root', 1)).toBeUndefined()
    expect(await move('00000000-0000-7000-8000-000000000000', 'bob', 1)).toBeUndefined()
  })

  test('[INBOX-2] many at once, in batches of everybody: the furthest stays, nothing deadlocks', async () => {
    const { room_id, first } = await roomOfTen()
    const people = ['ann', 'bob', 'eve']
    const calls = oneTo(60).map((count) => {
      const order = count % 2 === 0 ? people : people.toReversed()
      const sequences = order.map(() => first + (count % 9))
      return moveReadMarks(database.pool, { room_id, user_ids: order, sequences })
    })
    const told = await Promise.all(calls)
    for (const user_id of people) {
      const seen = told.flat().filter((moved) => moved.user_id === user_id)
      expect(Math.max(...seen.map(({ read_sequence }) => read_sequence))).toBe(first + 8)
      expect(await markOf(room_id, user_id)).toBe(first + 8)
    }
  })

  test('[INBOX-2] a mark that is moved while its room is written waits for nobody', async () => {
    const { room_id, first } = await roomOfTen()
    const writing = Promise.all(
      oneTo(20).map(() => commit(database.pool, { room_id, items: messages(5) })),
    )
    const moved = await Promise.all(oneTo(20).map((count) => move(room_id, 'bob', first + count)))
    await writing
    expect(moved.every((one) => one !== undefined)).toBe(true)
    // What counts on a mark holds for the revision it names.
    const now = await move(room_id, 'bob', 0)
    const unread = (await lastSequence(room_id)) - (now?.read_sequence ?? 0)
    expect(now?.unread_count).toBe(unread)
  })
})

const mention = (user_id: string) => message({ mentions: [user_id] })

describe('counting', () => {
  test('[INBOX-2] own messages, notices and what was deleted are not unread', async () => {
    const { room_id, first } = await roomOfTen()
    await commit(database.pool, { room_id, items: messages(3, { actor_id: 'bob' }) })
    const by = { change_id: crypto.randomUUID(), message_id: crypto.randomUUID() }
    const status = { status: 'resolved' } as const
    await commit(database.pool, {
      room_id,
      items: [{ kind: 'room_updated', ...by, actor_id: 'ann', changes: status }],
    })
    await database.pool.query(
      `UPDATE messages SET deleted_at = now(), deleted_by = 'ann'
        WHERE room_id = $1 AND sequence_number = $2`,
      [room_id, first + 2],
    )
    expect(await move(room_id, 'bob', 0)).toMatchObject({ unread_count: 9, mention_count: 0 })
    expect(await move(room_id, 'ann', first - 1)).toMatchObject({ unread_count: 3 })
  })

  test('[INBOX-2] mentions after the mark are counted, others are not', async () => {
    const { room_id, first } = await roomOfTen()
    await commit(database.pool, { room_id, items: ['bob', 'eve', 'bob'].map(mention) })
    expect(await move(room_id, 'bob', 0)).toMatchObject({ mention_count: 2 })
    expect(await move(room_id, 'bob', first + 10)).toMatchObject({ mention_count: 1 })
  })

  test('[INBOX-2] who joins has read what was said before', async () => {
    const { room_id } = await roomOfTen()
    const by = { change_id: crypto.randomUUID(), message_id: crypto.randomUUID() }
    await commit(database.pool, {
      room_id,
      items: [{ kind: 'member_added', ...by, actor_id: 'ann', user_id: 'kim', role: 'editor' }],
    })
    expect(await move(room_id, 'kim', 0)).toMatchObject({ unread_count: 0 })
  })

  test('[INBOX-2] a count looks no further than its limit, by sequence number', async () => {
    const { room_id, first } = await roomOfTen()
    const count = UNREAD_MAX_COUNT + 100
    for (const _ of oneTo(count / 100))
      await commit(database.pool, { room_id, in_group: true, items: messages(100) })
    await setMark(room_id, 'bob', first + 9)
    expect(await move(room_id, 'bob', 0)).toMatchObject({ unread_count: UNREAD_MAX_COUNT })
    expect(await move(room_id, 'bob', first + 9 + 200)).toMatchObject({ unread_count: count - 200 })
  })

  test('[INBOX-2] [API-4] cards, rooms, the inbox and the mark agree', async () => {
    const { room_id, first } = await roomOfTen()
    await commit(database.pool, { room_id, items: [message({ mentions: ['bob'] })] })
    await move(room_id, 'bob', first + 1)
    const expected = { read_sequence: first + 1, unread_count: 9, mention_count: 1 }
    expect(await move(room_id, 'bob', 0)).toMatchObject(expected)
    const [card] = await listRooms(database.pool, { user_id: 'bob', limit: 1 })
    expect(card).toMatchObject({ room_id, ...expected })
    const seen = await readRoom(database.pool, { room_id, user_id: 'bob' })
    expect(seen?.room).toMatchObject(expected)
    const { rooms, parts, users } = await readInboxes(database.pool, { user_ids: ['bob', 'ann'] })
    expect(parts).toContainEqual({ room_id, user_id: 'bob', my_role: 'editor', ...expected })
    expect(rooms[0]).toMatchObject({
      ...{ room_id, title: 'Line 3 stopped', last_sequence: first + 10 },
      last_message: { sender_display_name: 'Ann Lin', message_type: 'text' },
    })
    expect(users).toEqual([{ user_id: 'ann', display_name: 'Ann Lin', is_admin: false }])
    const pairs = { room_ids: [room_id, room_id], user_ids: ['bob', 'stranger'] }
    const read = await readInboxParts(database.pool, pairs)
    expect(read.parts).toEqual([{ room_id, user_id: 'bob', my_role: 'editor', ...expected }])
  })

  test('[API-4] an admin who is no member has nothing unread', async () => {
    const { room_id } = await roomOfTen()
    const seen = await readRoom(database.pool, { room_id, user_id: 'root' })
    expect(seen?.room).toMatchObject({ my_role: null, unread_count: 0, mention_count: 0 })
  })
})

describe('the list of marks', () => {
  test('[INBOX-2] has every member, who has read furthest first', async () => {
    const { room_id, first } = await roomOfTen()
    await setMark(room_id, 'bob', first + 1)
    await setMark(room_id, 'eve', first + 4)
    const read = await listReadMarks(database.pool, { room_id, user_id: 'eve' })
    expect(read).toMatchObject({ role: 'viewer', is_admin: false })
    expect(read?.read_marks.slice(0, 2)).toEqual([
      { user_id: 'eve', read_sequence: first + 4 },
      { user_id: 'bob', read_sequence: first + 1 },
    ])
  })

  test('[INBOX-2] ends at the limit', async () => {
    const room_id = await addRoom(database.pool)
    await database.pool.query(
      `INSERT INTO room_members (room_id, user_id, role, joined_at)
        SELECT $1, 'reader-' || n, 'viewer', now() FROM generate_series(1, $2::int) AS n`,
      [room_id, READ_MARKS_MAX_COUNT + 50],
    )
    await setMark(room_id, 'reader-7', 1)
    const read = await listReadMarks(database.pool, { room_id, user_id: 'reader-3' })
    expect(read?.read_marks).toHaveLength(READ_MARKS_MAX_COUNT)
    expect(read?.read_marks.slice(0, 1)).toEqual([{ user_id: 'reader-7', read_sequence: 1 }])
  })

  test('[SEC-2] says what the viewer is, and of a room that does not exist nothing', async () => {
    const { room_id } = await roomOfTen()
    expect(await listReadMarks(database.pool, { room_id, user_id: 'root' })).toMatchObject({
      ...{ role: null, is_admin: true },
    })
    expect(await listReadMarks(database.pool, { room_id: uuidv7(), user_id: 'root' })).toBeNull()
  })
})
