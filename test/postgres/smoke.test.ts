import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../support/database.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

test('RUN-2: each test file has a migrated Postgres 18 database of its own', async () => {
  const { rows } = await database.pool.query(
    "SELECT current_database() AS name, current_setting('server_version_num')::int AS version",
  )
  expect(rows).toEqual([{ name: expect.stringMatching(/^test_/), version: expect.any(Number) }])
  expect(rows[0].version).toBeGreaterThanOrEqual(180000)
})
