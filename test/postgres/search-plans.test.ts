/** With 200,000 messages: what is found is found by an index (API-2, API-3, MSG-4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../src/database/client.ts'
import { listMentions } from '../../src/database/mentions.ts'
import { readMessagePage } from '../../src/database/messages.ts'
import { searchRoom, searchRooms, type Search } from '../../src/database/search.ts'
import { searchQueryOf } from '../../src/domain/search/query.ts'
import { termsOf } from '../../src/domain/search/terms.ts'
import { MessageQuery } from '../../src/http/message-query.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser } from './builders.ts'

const roomsCount = 20
const messagesPerRoom = 10_000

let database: Database
let rooms: string[]
/** As the migrations made it. */
let indexOfTerms: string

/** What is said over and over, with a lot of its own each time. */
const sentences = [
  '三號烤箱溫度過高，請立即停機檢查，批號',
  '壓力已經回到正常範圍，等待夜班確認，批號',
  'the pressure on the line dropped again, waiting for the valve of lot ',
  'all quiet since the pump was replaced by the night shift, next is lot ',
]

/** `P7-00042`, as the terms have it: every lot once in all rooms. */
const lotOf = (room: string, number: string) =>
  `'P' || ${room} || '-' || lpad(${number}::text, 5, '0')`

beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann' })
  rooms = []
  for (let index = 0; index < roomsCount; index += 1)
    // Ben is in a quarter of them.
    rooms.push(await addRoom(database.pool, index % 4 === 0 ? { ben: 'editor' } : {}))
  // With what a lot begins with, because a sentence may touch it.
  const terms = sentences.map((content) => termsOf([`${content}P`]))
  const { rows } = await database.pool.query(
    `SELECT indexdef FROM pg_indexes WHERE indexname = 'messages_search'`,
  )
  indexOfTerms = rows[0].indexdef
  // Building it once is quicker than filling it row by row.
  await database.pool.query('DROP INDEX messages_search')
  await database.pool.query(
    `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, data, message_type, mentions, created_at, search)
      SELECT gen_random_uuid(), room_id, n, n + 1, 'ann', 'filled ' || n, content || lot,
        CASE WHEN n % 50 = 0 THEN jsonb_build_object('temperature', n % 1000) END,
        CASE WHEN n % 50 = 0 THEN 'incident_data' ELSE 'text' END,
        CASE WHEN n % 200 = 0 THEN ARRAY['ben'] ELSE '{}'::text[] END,
        timestamptz '2026-01-01' + n * interval '1 second' + r * interval '1 ms',
        array_to_tsvector((terms.list #>> '{}')::text[] || (
          SELECT array_agg(left(substr(lower(lot), place), 8)) FROM generate_series(1, length(lot)) AS place
            WHERE substr(lot, place, 1) <> '-'))
      FROM unnest($1::uuid[]) WITH ORDINALITY AS room(room_id, r),
        generate_series(1, $2::int) AS n,
        LATERAL (SELECT ${lotOf('r', 'n')} AS lot) AS made,
        unnest($3::text[]) WITH ORDINALITY AS sentence(content, number),
        LATERAL (SELECT to_jsonb(($4::text[])[number::int]) AS list) AS terms
      WHERE sentence.number = 1 + n % 4`,
    [rooms, messagesPerRoom, sentences, terms.map((list) => `{${list.join(',')}}`)],
  )
  await database.pool.query(indexOfTerms)
  await database.pool.query('ANALYZE messages')
}, 240_000)
afterAll(() => database.drop())

const room = (): string => {
  const [first] = rooms
  if (first === undefined) throw new Error('there are no rooms')
  return first
}

const searchFor = (q: string, user_id = 'ann'): Search => {
  const query = searchQueryOf(q)
  if (!query) throw new Error(q)
  const { tsquery, exact_tsquery } = query
  const position = { before: null, after: null }
  return {
    ...{ user_id, q, tsquery, exact_tsquery, filters: {}, position },
    ...{ count: 51, window_count: 1_000 },
  }
}

/** Whether it reads them at all in one go is told by the plan, not by the clock. */
const planOf = async (work: (client: Client) => Promise<unknown>): Promise<string> => {
  const lines: string[] = []
  const explaining: Client = {
    query: async ({ text, values }) => {
      const { rows } = await database.pool.query(`EXPLAIN ${text}`, values)
      lines.push(...rows.map((row) => String(row['QUERY PLAN'])))
      return { rows: [] }
    },
  }
  await work(explaining).catch(() => undefined)
  return lines.join('\n')
}

const scansAll = /Seq Scan on messages/

test('[API-2] control: there are 200,000, and what no index knows is a scan of all', async () => {
  const { rows } = await database.pool.query('SELECT count(*)::int FROM messages')
  expect(rows[0].count).toBe(roomsCount * messagesPerRoom)
  const text = `SELECT * FROM messages WHERE content LIKE '%P7-00042%'`
  expect(await planOf((client) => client.query({ text }))).toMatch(scansAll)
})

/** In how many rooms somebody finds the lot that each of them has. */
const roomsFound = async (user_id: string): Promise<number> => {
  const { found } = await searchRooms(database.pool, searchFor('00042', user_id))
  return new Set(found.map((one) => one.message.room_id)).size
}

describe('[API-2] the index of terms', () => {
  test('lets no writer wait for a long list of pending terms', () => {
    expect(indexOfTerms).toMatch(/gin_pending_list_limit='?256'?/)
  })

  test.each(['P1-00042', '0042', 'P1-0004', '"lot P1-00042"', '溫度過高 P1-00044', '批號P1-00044'])(
    'finds “%s” in a room',
    async (q) => {
      const plan = await planOf((client) =>
        searchRoom(client, { ...searchFor(q), room_id: room() }),
      )
      expect(plan).toContain('Bitmap Index Scan on messages_search')
      expect(plan).not.toMatch(scansAll)
      const read = await searchRoom(database.pool, { ...searchFor(q), room_id: room() })
      expect(read?.found.length).toBeGreaterThan(0)
    },
  )

  test.each(['P3-00042', '00042', 'P3-0004', '溫度過高 00044', '批號P1-00044'])(
    'finds “%s” in all rooms',
    async (q) => {
      const plan = await planOf((client) => searchRooms(client, searchFor(q)))
      expect(plan).toContain('Bitmap Index Scan on messages_search')
      expect(plan).not.toMatch(scansAll)
      expect((await searchRooms(database.pool, searchFor(q))).found.length).toBeGreaterThan(0)
    },
  )

  test('what is in most messages is found by the room, newest first', async () => {
    const plan = await planOf((client) =>
      searchRoom(client, { ...searchFor('溫度過高'), room_id: room() }),
    )
    expect(plan).not.toMatch(scansAll)
    const read = await searchRoom(database.pool, { ...searchFor('溫度過高'), room_id: room() })
    expect(read).toMatchObject({ window_size: 1_000 })
    expect(read?.found).toHaveLength(51)
  })

  test('[SEC-2] of all rooms only mine', async () => {
    expect(await roomsFound('ann')).toBe(roomsCount)
    expect(await roomsFound('ben')).toBe(roomsCount / 4)
    expect(await roomsFound('eve')).toBe(0)
  })
})

test('[API-3] my mentions are found by the index of the mentioned', async () => {
  const mine = { user_id: 'ben', mentioned_id: 'ben', after: null, count: 51 }
  const plan = await planOf((client) => listMentions(client, mine))
  expect(plan).toContain('Bitmap Index Scan on messages_mentions')
  expect(plan).not.toMatch(scansAll)
  expect(await listMentions(database.pool, mine)).toHaveLength(51)
})

test('[MSG-4] readings of a room are found by the index that has nothing else', async () => {
  const { data } = MessageQuery.parse({ data: { temperature: ['gt:800'] } })
  const page = {
    ...{ room_id: room(), user_id: 'ann', count: 51, data },
    position: { kind: 'newest' },
  } as const
  const plan = await planOf((client) => readMessagePage(client, page))
  expect(plan).toMatch(/messages_incident_data|messages_data/)
  expect(plan).not.toMatch(scansAll)
  expect((await readMessagePage(database.pool, page))?.messages.length).toBeGreaterThan(0)
})
