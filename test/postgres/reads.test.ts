/** What is read of rooms: pages of history, the actor's snapshot, cards, people. */
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  readMessage,
  readMessagePage,
  readRecentMessages,
  type PagePosition,
} from '../../src/database/messages.ts'
import { createRoom, listRooms, readRoom, readRoomSnapshot } from '../../src/database/rooms.ts'
import { readUser, saveUser } from '../../src/database/users.ts'
import { Member } from '../../src/protocol/member.ts'
import { Message } from '../../src/protocol/message.ts'
import { Room, RoomDetails } from '../../src/protocol/room.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, messages, oneTo } from './builders.ts'

let database: Database
let room_id: string
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  await addUser(database.pool, { user_id: 'root', display_name: 'Root', is_admin: true })
  room_id = await addRoom(database.pool, { ben: 'viewer' })
  await commit(database.pool, { room_id, items: messages(20) })
})
afterAll(() => database.drop())

const page = async (position: PagePosition, count: number, user_id = 'ann') => {
  const read = await readMessagePage(database.pool, { room_id, user_id, position, count })
  return { ...read, numbers: read?.messages.map((one) => one.sequence_number) }
}

describe('pages of messages', () => {
  test('[API-1] newest first, before and after a sequence number, around one', async () => {
    expect((await page({ kind: 'newest' }, 3)).numbers).toEqual([20, 19, 18])
    expect((await page({ kind: 'before_sequence', sequence: 18 }, 3)).numbers).toEqual([17, 16, 15])
    expect((await page({ kind: 'before_sequence', sequence: 2 }, 3)).numbers).toEqual([1])
    expect((await page({ kind: 'before_sequence', sequence: 1 }, 3)).numbers).toEqual([])
    expect((await page({ kind: 'after_sequence', sequence: 0 }, 3)).numbers).toEqual([3, 2, 1])
    expect((await page({ kind: 'after_sequence', sequence: 18 }, 3)).numbers).toEqual([20, 19])
    expect((await page({ kind: 'after_sequence', sequence: 20 }, 3)).numbers).toEqual([])
    expect((await page({ kind: 'around', sequence: 10 }, 5)).numbers).toEqual([12, 11, 10, 9, 8])
    expect((await page({ kind: 'around', sequence: 10 }, 4)).numbers).toContain(10)
    expect((await page({ kind: 'around', sequence: 1 }, 5)).numbers).toEqual([3, 2, 1])
    expect((await page({ kind: 'around', sequence: 20 }, 5)).numbers).toEqual([20, 19, 18])
    expect((await page({ kind: 'newest' }, 50)).numbers).toEqual(oneTo(20).toReversed())
  })

  test('[API-1] by time, page after page: every message once, also those of one millisecond', async () => {
    // Five messages of the same millisecond, three microseconds apart.
    await database.pool.query(
      `UPDATE messages SET created_at = date_trunc('milliseconds', (SELECT created_at FROM messages
          WHERE room_id = $1 AND sequence_number = 12)) + (sequence_number - 8) * interval '3 us'
        WHERE room_id = $1 AND sequence_number BETWEEN 8 AND 12`,
      [room_id],
    )
    await database.pool.query(
      `UPDATE messages SET created_at = created_at - interval '1 minute'
        WHERE room_id = $1 AND sequence_number < 8`,
      [room_id],
    )
    for (const count of [1, 2, 3, 7]) {
      const seen = []
      let position: PagePosition = { kind: 'newest' }
      for (;;) {
        const { messages: found = [], instants = [] } = await page(position, count)
        if (found.length === 0) break
        seen.push(...found.map((one) => one.sequence_number))
        position = { kind: 'before', at: instants.at(-1) ?? '' }
      }
      expect(seen).toEqual(oneTo(20).toReversed())
    }
  })

  test('[API-1] [SEC-2] the same read says what the viewer is to the room', async () => {
    expect(await page({ kind: 'newest' }, 1)).toMatchObject({ role: 'owner', is_admin: false })
    expect(await page({ kind: 'newest' }, 1, 'ben')).toMatchObject({
      role: 'viewer',
      is_admin: false,
    })
    expect(await page({ kind: 'newest' }, 1, 'eve')).toMatchObject({ role: null, is_admin: false })
    expect(await page({ kind: 'newest' }, 1, 'root')).toMatchObject({ role: null, is_admin: true })
    const nowhere = {
      room_id: uuidv7(),
      user_id: 'ann',
      position: { kind: 'newest' },
      count: 1,
    } as const
    expect(await readMessagePage(database.pool, nowhere)).toBeNull()
    const empty = { ...nowhere, room_id: await addRoom(database.pool) }
    expect(await readMessagePage(database.pool, empty)).toMatchObject({
      messages: [],
      instants: [],
    })
  })

  test('[MSG-5] a message obeys the schema wherever it is read', async () => {
    const item = message({ content: '好', mentions: ['ben'] })
    const elsewhere = await addRoom(database.pool, { ben: 'editor' })
    await commit(database.pool, { room_id: elsewhere, items: [item] })
    const place = { message_id: item.change_id, user_id: 'ben' }
    const read = await readMessage(database.pool, { ...place, room_id: elsewhere })
    const one = read?.message
    expect(Message.parse(one)).toEqual(one)
    expect(one).toMatchObject({
      sender_display_name: 'Ann Lin',
      mentions: ['ben'],
      edited_at: null,
    })
    const recent = await readRecentMessages(database.pool, {
      room_id: elsewhere,
      upto_revision: 3,
      limit: 5,
    })
    expect(recent).toEqual([one])
    expect((await readMessage(database.pool, { ...place, room_id }))?.message).toBeNull()
  })

  test('[CONN-5] the newest as of a revision, for a snapshot', async () => {
    const read = await readRecentMessages(database.pool, { room_id, upto_revision: 12, limit: 3 })
    expect(read.map((one) => one.revision)).toEqual([12, 11, 10])
  })
})

describe('the actor’s snapshot', () => {
  test('[CONN-3] details, members and the last changes agree on where the room stands', async () => {
    const snapshot = await readRoomSnapshot(database.pool, { room_id, recent: 5 })
    expect(snapshot?.details).toMatchObject({
      last_sequence: 20,
      last_revision: 22,
      status: 'active',
    })
    expect(RoomDetails.parse(snapshot?.details)).toEqual(snapshot?.details)
    expect(snapshot?.recent.map((change) => change.revision)).toEqual([18, 19, 20, 21, 22])
    for (const member of snapshot?.members ?? []) expect(Member.parse(member)).toEqual(member)
    expect(snapshot?.members.map(({ user_id }) => user_id).toSorted()).toEqual(['ann', 'ben'])
  })

  test('[CONN-3] a room younger than asked gives all it has; no room is null', async () => {
    const young = await readRoomSnapshot(database.pool, {
      room_id: await addRoom(database.pool),
      recent: 200,
    })
    expect(young?.recent).toMatchObject([{ revision: 1, event: 'room_created' }])
    expect(await readRoomSnapshot(database.pool, { room_id: uuidv7(), recent: 5 })).toBeNull()
  })

  test('[CONN-3] it is one moment: while others write, the changes end where the details say', async () => {
    const busy = await addRoom(database.pool)
    const writing = Promise.all(
      oneTo(8).map(() => commit(database.pool, { room_id: busy, items: messages(25) })),
    )
    for (const _ of oneTo(20)) {
      const snapshot = await readRoomSnapshot(database.pool, { room_id: busy, recent: 10 })
      expect(snapshot?.recent.at(-1)?.revision).toBe(snapshot?.details.last_revision)
    }
    await writing
  })
})

describe('cards and people', () => {
  test('[API-4] the most recently active room first, with my role and its last words', async () => {
    await addUser(database.pool, { user_id: 'cid' })
    const [older, newer] = [
      await addRoom(database.pool, { cid: 'viewer' }),
      await addRoom(database.pool, { cid: 'editor' }),
    ]
    await commit(database.pool, { room_id: older, items: [message({ content: 'x'.repeat(300) })] })
    const rooms = await listRooms(database.pool, { user_id: 'cid', limit: 10 })
    expect(rooms.map((room) => room.room_id)).toEqual([older, newer])
    expect(rooms).toMatchObject([
      { my_role: 'viewer', member_count: 2, last_message: { preview: 'x'.repeat(120) } },
      { my_role: 'editor', last_message: null },
    ])
    for (const room of rooms) expect(Room.parse(room)).toEqual(room)
    const seen = await readRoom(database.pool, { room_id: older, user_id: 'cid' })
    expect(seen).toMatchObject({ role: 'viewer', is_admin: false, room: rooms[0] })
    expect(await readRoom(database.pool, { room_id: uuidv7(), user_id: 'cid' })).toBeNull()
  })

  test('[API-4] a room is created once, whoever sends it again', async () => {
    const details = { title: 'One', incident_type: 'other', severity: 'low' } as const
    const args = { room_id: uuidv7(), actor_id: 'ann', details }
    await Promise.all(
      [args, args, { ...args, actor_id: 'ben' }].map((one) => createRoom(database.pool, one)),
    )
    const snapshot = await readRoomSnapshot(database.pool, { room_id: args.room_id, recent: 5 })
    expect(snapshot?.members).toHaveLength(1)
    expect(snapshot?.recent).toMatchObject([{ event: 'room_created', revision: 1 }])
  })

  test('[SEC-1] a user is created with a name or the id, and renamed only on request', async () => {
    const user = { user_id: 'dee', is_admin: false }
    expect(await readUser(database.pool, { user_id: 'dee' })).toBeNull()
    const save = (display_name: string | null) =>
      saveUser(database.pool, { user_id: 'dee', display_name })
    expect(await save(null)).toEqual({ ...user, display_name: 'dee' })
    expect(await save('Dee')).toEqual({ ...user, display_name: 'Dee' })
    expect(await save(null)).toEqual({ ...user, display_name: 'Dee' })
  })
})
