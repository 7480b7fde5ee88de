/** Incident data by its fields, as pages of history (MSG-4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMessagePage, type PagePosition } from '../../src/database/messages.ts'
import { MessageQuery } from '../../src/http/message-query.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, oneTo } from './builders.ts'

let database: Database
let room_id: string

const readings: Record<string, unknown>[] = [
  { temperature: 79.5, line: 3, state: 'ok' },
  { temperature: 80, line: '3', state: 'Warm', at: '2026-11-22T09:00:00Z' },
  { temperature: 80.0, line: 4, state: 'hot', at: '2026-11-22T17:30:00+08:00' },
  { temperature: 120, line: 4, is_open: true, oven: { zone1: 210.5, zone2: [1, 2, 'x'] } },
  { temperature: '85', line: 5, is_open: false, at: '2026-02-30T25:00:00Z' },
  { temperature: -1.5e2, 'a "b" $': 1, zones: [{ temperature: 10 }, { temperature: 90 }] },
  { 溫度: 81, state: '過熱', big: 1.5e19 },
]

beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann' })
  room_id = await addRoom(database.pool)
  const items = [
    ...readings.map((data) => message({ content: '', data, message_type: 'incident_data' })),
    message({ content: 'said in between' }),
    message({ content: '', data: { temperature: 500 }, message_type: 'incident_data' }),
  ]
  await commit(database.pool, { room_id, items })
  await database.pool.query(
    `UPDATE messages SET deleted_at = now() WHERE data = '{"temperature": 500}'`,
  )
})
afterAll(() => database.drop())

/** Numbers of the messages, oldest first. */
const numbers = async (
  fields: Record<string, string[]>,
  position: PagePosition = { kind: 'newest' },
  count = 50,
) => {
  const { data } = MessageQuery.parse({ data: fields })
  const page = await readMessagePage(database.pool, {
    ...{ room_id, user_id: 'ann', position, count, data },
  })
  return page?.messages.map((one) => one.sequence_number).toReversed()
}

describe('[MSG-4] conditions', () => {
  test.each<[Record<string, string[]>, number[]]>([
    [{ temperature: ['eq:80'] }, [2, 3]],
    [{ temperature: ['eq:80.00'] }, [2, 3]],
    [{ temperature: ['eq:8e1'] }, [2, 3]],
    [{ temperature: ['ne:80'] }, [1, 4, 5, 6]],
    [{ temperature: ['gt:80'] }, [4]],
    [{ temperature: ['gte:80'] }, [2, 3, 4]],
    [{ temperature: ['lt:80'] }, [1, 6]],
    [{ temperature: ['lte:80'] }, [1, 2, 3, 6]],
    [{ temperature: ['gt:79.5', 'lt:100'] }, [2, 3]],
    [{ temperature: ['lt:-1e2'] }, [6]],
    [{ temperature: ['eq:85'] }, [5]],
    [{ temperature: ['exists:true'] }, [1, 2, 3, 4, 5, 6]],
    [{ temperature: ['exists:false'] }, [7]],
    [{ line: ['eq:3'] }, [1, 2]],
    [{ line: ['ne:3'] }, [3, 4, 5]],
    [{ temperature: ['gte:80'], line: ['eq:4'] }, [3, 4]],
    [{ is_open: ['eq:true'] }, [4]],
    [{ is_open: ['ne:true'] }, [5]],
    [{ state: ['eq:ok'] }, [1]],
    [{ state: ['eq:OK'] }, []],
    [{ state: ['gt:hot'] }, [1, 7]],
    [{ state: ['eq:過熱'] }, [7]],
    [{ 溫度: ['gt:80'] }, [7]],
    [{ big: ['gt:1e19'] }, [7]],
    [{ at: ['eq:2026-11-22T09:00:00Z'] }, [2]],
    [{ at: ['eq:2026-11-22T17:00:00.000+08:00'] }, [2]],
    [{ at: ['gt:2026-11-22T09:00:00Z'] }, [3]],
    [{ at: ['gte:2026-01-01T00:00:00Z'] }, [2, 3]],
    [{ at: ['eq:2026-02-30T25:00:00Z'] }, [5]],
    [{ 'oven.zone1': ['gt:210'] }, [4]],
    [{ 'oven.zone1': ['gt:211'] }, []],
    [{ 'oven.zone2': ['eq:2'] }, [4]],
    [{ 'oven.zone2': ['eq:x'] }, [4]],
    [{ 'oven.zone2': ['eq:3'] }, []],
    [{ oven: ['exists:true'] }, [4]],
    [{ 'zones.temperature': ['gt:80'] }, [6]],
    [{ 'a "b" $': ['eq:1'] }, [6]],
    [{ 'x"] ? (1 == 1)': ['exists:true'] }, []],
    [{ "x' OR '1'='1": ['exists:true'] }, []],
    [{ state: ["eq:' OR true --"] }, []],
    [{ temperature: ['eq:500'] }, []],
  ])('%j', async (fields, expected) => {
    expect(await numbers(fields)).toEqual(expected)
  })
})

test('[MSG-4] [API-1] with a position and a limit, page after page', async () => {
  const fields = { temperature: ['gte:80'] }
  expect(await numbers(fields, { kind: 'newest' }, 2)).toEqual([3, 4])
  expect(await numbers(fields, { kind: 'before_sequence', sequence: 3 }, 2)).toEqual([2])
  expect(await numbers(fields, { kind: 'after_sequence', sequence: 2 }, 1)).toEqual([3])
  expect(await numbers(fields, { kind: 'before', at: '2000-01-01T00:00:00Z' })).toEqual([])
  expect(await numbers(fields, { kind: 'before', at: '2999-01-01T00:00:00Z' })).toEqual([2, 3, 4])
})

test('[MSG-4] [SEC-2] the filter tells a stranger no more than the page', async () => {
  const { data } = MessageQuery.parse({ data: { temperature: ['gte:80'] } })
  const page = await readMessagePage(database.pool, {
    ...{ room_id, user_id: 'eve', position: { kind: 'newest' }, count: 50, data },
  })
  expect(page).toMatchObject({ role: null, is_admin: false })
})

test('[MSG-4] many readings in a row are found in the order of their numbers', async () => {
  const room = await addRoom(database.pool)
  const items = oneTo(40).map((temperature) =>
    message({ content: '', data: { temperature }, message_type: 'incident_data' }),
  )
  await commit(database.pool, { room_id: room, items })
  await database.pool.query(
    `UPDATE messages SET message_type = 'incident_data' WHERE room_id = $1`,
    [room],
  )
  const { data } = MessageQuery.parse({ data: { temperature: ['lte:10'] } })
  const page = await readMessagePage(database.pool, {
    ...{ room_id: room, user_id: 'ann', position: { kind: 'newest' }, count: 3, data },
  })
  expect(page?.messages.map((one) => one.sequence_number)).toEqual([10, 9, 8])
})
