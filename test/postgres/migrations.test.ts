/** Migrations: plain files, applied once however often and by however many they are run. */
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../tools/migrate.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, commit, messageRows, messages } from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const applied = async (client: Pick<Client, 'query'>): Promise<unknown[]> =>
  (await client.query('SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id')).rows

test('[DB-5] a second run changes nothing, and what is in the rooms stays', async () => {
  const room_id = await addRoom(database.pool)
  await commit(database.pool, { room_id, items: messages(3) })
  const before = await applied(database.pool)
  await migrate(database.url)
  expect(await applied(database.pool)).toEqual(before)
  expect(await messageRows(database.pool, room_id)).toHaveLength(3)
})

test('[DB-5] runs at the same time on an empty database wait for one another', async () => {
  const name = `${new URL(database.url).pathname.slice(1)}_empty`
  await database.pool.query(`CREATE DATABASE ${name} TEMPLATE template0`)
  const url = new URL(database.url)
  url.pathname = `/${name}`
  try {
    await Promise.all([migrate(url.href), migrate(url.href), migrate(url.href)])
    const client = new Client({ connectionString: url.href })
    await client.connect()
    const rows = await applied(client)
    const room_id = await addRoom(client as never)
    await client.end()
    expect(rows).toEqual(await applied(database.pool))
    expect(room_id).toBeTypeOf('string')
  } finally {
    await database.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
  }
})

test('[DB-5] the pooled host of Neon is refused, with the reason', async () => {
  await expect(migrate('postgres://u:p@ep-cool-1-pooler.eu.neon.tech/db')).rejects.toThrow(
    /direct host/,
  )
})
