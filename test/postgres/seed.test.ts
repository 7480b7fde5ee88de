/** The demo data: complete, sound, and written once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPeople, seed } from '../../tools/seed.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { violationsOf } from '../support/history.ts'
import { readRoomRows } from '../support/history/rows.ts'

let database: Database
const now = Date.now()

beforeAll(async () => {
  database = await createDatabase()
  await seed(database.url, now)
})
afterAll(() => database.drop())

test('[RUN-1] six people, one of them admin, and three rooms', async () => {
  const people = await database.pool.query(
    'SELECT user_id, display_name, is_admin FROM tr_users ORDER BY created_at',
  )
  expect(people.rows).toEqual(
    demoPeople.map(({ user_id, display_name, is_admin }) => ({ user_id, display_name, is_admin })),
  )
  expect(people.rows.filter((person) => person.is_admin)).toHaveLength(1)
  const rooms = await database.pool.query(
    'SELECT status, severity, title FROM incident_rooms ORDER BY last_activity_at',
  )
  expect(rooms.rows).toMatchObject([
    { status: 'resolved' },
    { status: 'active', severity: 'medium', title: expect.stringMatching(/monitoring/i) },
    { status: 'active', severity: 'critical' },
  ])
})

test('[SEQ-1] [SEC-4] every room is numbered and chained like one that people wrote', async () => {
  for (const room_id of await roomIds()) {
    const rows = await readRoomRows(database.pool, room_id)
    expect(violationsOf([], rows)).toEqual([])
  }
})

test('one room has 600 messages of every kind there is', async () => {
  const { rows } = await database.pool.query(
    `SELECT room_id,
        count(*) FILTER (WHERE data IS NULL OR data ->> 'event' = 'status_changed')::int AS messages,
        count(*) FILTER (WHERE reply_to IS NOT NULL)::int AS replies,
        count(*) FILTER (WHERE mentions <> '{}')::int AS mentions,
        count(*) FILTER (WHERE data ->> 'event' = 'status_changed')::int AS status_changes,
        max(length(content)) AS longest
      FROM messages GROUP BY room_id ORDER BY messages DESC LIMIT 1`,
  )
  expect(rows).toMatchObject([{ messages: 600, status_changes: 3 }])
  expect(rows[0].replies).toBeGreaterThan(100)
  expect(rows[0].mentions).toBeGreaterThan(10)
  expect(rows[0].longest).toBeGreaterThan(1_000)
  const kinds = await database.pool.query(
    'SELECT DISTINCT kind FROM room_revisions WHERE room_id = $1 ORDER BY kind',
    [rows[0].room_id],
  )
  expect(kinds.rows.map(({ kind }) => kind)).toEqual([
    'member_added',
    'member_removed',
    'member_role_changed',
    'message',
    'room_created',
    'room_updated',
  ])
})

test('it happened in the past, in order, and ends about now', async () => {
  const { rows } = await database.pool.query(
    `SELECT min(at) < max(at) - interval '30 hours' AS is_long, max(at) AS last,
        bool_and(at > previous) AS is_ordered
      FROM (SELECT at, lag(at) OVER (PARTITION BY room_id ORDER BY revision) AS previous
        FROM room_revisions) AS told`,
  )
  expect(rows).toMatchObject([{ is_long: true, is_ordered: true }])
  expect(now - rows[0].last.getTime()).toBeGreaterThan(0)
  expect(now - rows[0].last.getTime()).toBeLessThan(5 * 60_000)
  const late = await database.pool.query(
    `SELECT FROM messages m JOIN room_revisions r USING (room_id, revision)
      WHERE m.created_at <> r.at`,
  )
  expect(late.rowCount).toBe(0)
})

test('a second run changes nothing', async () => {
  const before = await everything()
  await seed(database.url)
  expect(await everything()).toEqual(before)
})

test('two runs at once write once', async () => {
  const other = await createDatabase()
  try {
    await Promise.all([seed(other.url), seed(other.url)])
    const { rows } = await other.pool.query('SELECT count(*)::int AS count FROM incident_rooms')
    expect(rows).toEqual([{ count: 3 }])
  } finally {
    await other.drop()
  }
})

async function roomIds(): Promise<string[]> {
  const { rows } = await database.pool.query<{ room_id: string }>(
    'SELECT room_id FROM incident_rooms',
  )
  return rows.map(({ room_id }) => room_id)
}

async function everything(): Promise<unknown> {
  const { rows } = await database.pool.query(
    `SELECT (SELECT json_agg(u ORDER BY user_id) FROM tr_users u) AS people,
      (SELECT json_agg(r ORDER BY room_id) FROM incident_rooms r) AS rooms,
      (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM room_revisions) AS revisions`,
  )
  return rows
}
