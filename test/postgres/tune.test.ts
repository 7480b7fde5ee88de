/** `npm run tune` on a real database, by the driver that Muster uses (DB-2). */
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf, tune } from '../../tools/tune/tune.ts'
import { createDatabase, type Database } from '../support/database.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const options = { seconds: 0.5, max: 2, senders: 8, keep: false, yes: true }

const counts = async (): Promise<unknown> => {
  const tables = ['tr_users', 'incident_rooms', 'room_members', 'messages', 'room_revisions']
  const { rows } = await database.pool.query(
    `SELECT ${tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join()}`,
  )
  return rows[0]
}

test('[DB-2] it writes with each size, finds a knee, says so, and leaves nothing behind', async () => {
  const before = await counts()
  const said: string[] = []
  const tuned = await tune(database.url, options, (line) => said.push(line))
  expect(tuned.points.map(({ size }) => size)).toEqual([1, 2])
  expect(tuned.hot.map(({ size }) => size)).toEqual([1, 2])
  for (const point of [...tuned.points, ...tuned.hot]) {
    expect(point.per_second).toBeGreaterThan(0)
    expect(point.failed).toBe(0)
  }
  expect(linesOf(tuned).join('\n')).toMatch(/← knee[\s\S]*DB_POOL_SIZE=[12]\n/)
  expect(said[0]).toMatch(/Postgres \d+.*connections/)
  expect(await counts()).toEqual(before)
  const sessions = await database.pool.query(
    `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name IN ('muster', 'muster-tune')`,
  )
  expect(sessions.rowCount).toBe(0)
})

test('[DB-2] kept, the rooms are whole: what was counted is there', async () => {
  const rooms = { ...options, keep: true, max: 1 }
  const tuned = await tune(database.url, rooms, () => {})
  const { rows } = await database.pool.query<{ rooms: number; written: number; told: number }>(`
    SELECT count(*)::int AS rooms, sum(last_sequence)::int AS written,
      (SELECT count(*)::int FROM messages) AS told FROM incident_rooms`)
  expect(rows[0]?.rooms).toBe(8)
  expect(rows[0]?.told).toBe(rows[0]?.written)
  const counted = [...tuned.points, ...tuned.hot].reduce(
    (sum, { per_second }) => sum + per_second * options.seconds,
    0,
  )
  expect(rows[0]?.written).toBeGreaterThanOrEqual(counted)
})

test('[DB-2] it does not load a database that a Muster uses', async () => {
  const other = new Client({ connectionString: database.url, application_name: 'muster' })
  await other.connect()
  const refused = tune(database.url, { ...options, yes: false }, () => {})
  await expect(refused).rejects.toThrow('a Muster is connected')
  await other.end()
})

test('[DB-2] it says so where there are no tables yet', async () => {
  const server = new URL(database.url)
  server.pathname = '/postgres'
  await expect(tune(server.href, options, () => {})).rejects.toThrow('npm run migrate')
})
