/** The audit trail: each revision is linked to the one before by hash, and time only moves on. */
import { createHash } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, messages, oneTo, roomRow } from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
})
afterAll(() => database.drop())

type Link = { revision: number; canonical: string; previous_hash: Buffer; hash: Buffer }

const links = async (room_id: string): Promise<Link[]> => {
  const { rows } = await database.pool.query(
    `SELECT revision::int, previous_hash, hash, jsonb_build_array(room_id, revision, kind, change_id,
        actor_id, (extract(epoch FROM at) * 1000000)::bigint, payload)::text AS canonical
      FROM room_revisions WHERE room_id = $1 ORDER BY revision`,
    [room_id],
  )
  return rows
}

/** The first revision that does not follow from the one before; undefined: the chain is whole. */
const firstBreak = (chain: readonly Link[]): number | undefined => {
  let before: Uint8Array = new Uint8Array()
  for (const { revision, canonical, previous_hash, hash } of chain) {
    const expected = createHash('sha256').update(before).update(canonical, 'utf8').digest()
    if (!previous_hash.equals(before) || !hash.equals(expected)) return revision
    before = hash
  }
  return undefined
}

const busyRoom = async (): Promise<string> => {
  const room_id = await addRoom(database.pool, { ben: 'editor', vic: 'viewer' })
  await commit(database.pool, {
    room_id,
    items: [
      message({ content: '溫度過高 🔥', mentions: ['ben'] }),
      {
        kind: 'room_updated',
        change_id: uuidv7(),
        message_id: uuidv7(),
        actor_id: 'ann',
        changes: { status: 'resolved', lots: ['A12-77'] },
      },
      message({ content: '\u0000' }),
      ...messages(5),
    ],
  })
  return room_id
}

test('[SEC-4] the chain, recomputed outside the database, is whole and ends at the room’s own hash', async () => {
  const room_id = await busyRoom()
  const chain = await links(room_id)
  expect(chain.map(({ revision }) => revision)).toEqual(oneTo(11))
  expect(firstBreak(chain)).toBeUndefined()
  expect((await roomRow(database.pool, room_id)).last_hash).toEqual(chain.at(-1)?.hash)
})

test.each([
  ['payload', `payload || '{"content": "something else"}'`],
  ['actor_id', `'ben'`],
  ['at', `at + interval '1 microsecond'`],
  ['change_id', 'gen_random_uuid()'],
  ['kind', `'poem'`],
])('[SEC-4] a row whose %s was tampered with is named', async (column, value) => {
  const room_id = await busyRoom()
  await database.pool.query(
    `UPDATE room_revisions SET ${column} = ${value} WHERE room_id = $1 AND revision = 4`,
    [room_id],
  )
  expect(firstBreak(await links(room_id))).toBe(4)
})

test('[SEC-4] a row that was removed breaks the link of the next', async () => {
  const room_id = await busyRoom()
  await database.pool.query('DELETE FROM room_revisions WHERE room_id = $1 AND revision = 4', [
    room_id,
  ])
  expect(firstBreak(await links(room_id))).toBe(5)
})

test('[SEC-4] the chain holds when many write at once', async () => {
  const room_id = await addRoom(database.pool)
  await Promise.all(oneTo(20).map(() => commit(database.pool, { room_id, items: messages(5) })))
  expect(firstBreak(await links(room_id))).toBeUndefined()
})

test('[API-1] created_at orders a room as its sequence does, also within one transaction', async () => {
  const room_id = await addRoom(database.pool)
  await Promise.all(
    oneTo(10).map((number) =>
      commit(database.pool, { room_id, items: messages(10), in_group: number % 2 === 0 }),
    ),
  )
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS steps_back FROM (
      SELECT created_at - lag(created_at) OVER (ORDER BY sequence_number) AS step
        FROM messages WHERE room_id = $1) AS steps WHERE step <= interval '0'`,
    [room_id],
  )
  expect(rows).toEqual([{ steps_back: 0 }])
})

test('[API-1] a clock set back by less than a second does not turn the room back; by more it is believed', async () => {
  const { rows } = await database.pool.query(
    `SELECT next_instant(clock_timestamp() - interval '1 minute') - clock_timestamp() AS past,
      next_instant(t.near) = t.near + interval '1 microsecond' AS near_is_next,
      next_instant(clock_timestamp() + interval '1 hour') < clock_timestamp() + interval '1 second'
        AS far_is_now
     FROM (SELECT clock_timestamp() + interval '900 ms' AS near) AS t`,
  )
  expect(rows[0]).toMatchObject({ near_is_next: true, far_is_now: true })
})
