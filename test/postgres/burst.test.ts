/**
 * The burst commit (DISP-7): for the same items it does what commit_room does in group, and the
 * same results tell it; a bad item takes no other with it, whoever else writes the room.
 */
import { setTimeout as pause } from 'node:timers/promises'
import * as fc from 'fast-check'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitBurst } from '../../src/database/burst.ts'
import type { Client } from '../../src/database/client.ts'
import type {
  CommitItem,
  CommitRequest,
  ItemResult,
  MessageItem,
} from '../../src/domain/room/commit.ts'
import { createDatabase, type Database } from '../support/database.ts'
import {
  addRoom,
  addUser,
  changeRows,
  commit,
  message,
  messageRows,
  messages,
  oneTo,
  roomRow,
} from './builders.ts'
import { fullRecord, verify } from './record.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  await addUser(database.pool, { user_id: 'ada', display_name: 'Ada Admin', is_admin: true })
  await addUser(database.pool, { user_id: 'ben', display_name: 'Ben 手' })
})
afterAll(() => database.drop())

/** As of a writer that keeps no counters, unless told otherwise. */
const burst = (
  client: Client,
  request: { room_id: string; items: readonly CommitItem[] } & Partial<{
    owner: string | null
    claim: boolean
    expected_revision: number | null
  }>,
) =>
  commitBurst(client, {
    claim: false,
    owner: null,
    expected_revision: null,
    ...request,
  } as CommitRequest)

const statuses = (results: readonly ItemResult[]): string[] => results.map(({ status }) => status)

const expectSound = async (room_id: string): Promise<void> => {
  const rows = await messageRows(database.pool, room_id)
  expect(rows.map((row) => row.sequence_number)).toEqual(oneTo(rows.length))
  const { last_sequence, last_revision } = await roomRow(database.pool, room_id)
  expect(last_sequence).toBe(rows.length)
  const changes = await changeRows(database.pool, room_id)
  expect(changes.map((row) => row.revision)).toEqual(oneTo(last_revision))
  expect((await verify(database.pool, room_id)).first_problem).toBeUndefined()
}

describe('as a set', () => {
  test('[DISP-7] [SEQ-1] 500 messages of one call are one transaction, numbered on from the socket lane', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    await commit(database.pool, { room_id, items: messages(3) })
    const items = messages(500).map((item, index) => ({
      ...item,
      actor_id: index % 2 ? 'ben' : 'ann',
    }))
    const { results } = await burst(database.pool, { room_id, items })
    expect(
      results.map((result) => result.status === 'committed' && result.sequence_number),
    ).toEqual(oneTo(500).map((number) => number + 3))
    await commit(database.pool, { room_id, items: messages(2) })
    const rows = await messageRows(database.pool, room_id)
    expect(new Set(rows.slice(3, 503).map(({ xmin }) => xmin)).size).toBe(1)
    expect(rows.slice(3, 503).map(({ content }) => content)).toEqual(
      items.map(({ content }) => content),
    )
    await expectSound(room_id)
  })

  test('[API-1] each message has an instant of its own, later than all before', async () => {
    const room_id = await addRoom(database.pool)
    for (const _ of oneTo(3)) await burst(database.pool, { room_id, items: messages(40) })
    const { rows } = await database.pool.query(
      `SELECT bool_and(created_at > before) AS is_later FROM (
        SELECT created_at, lag(created_at) OVER (ORDER BY sequence_number) AS before
        FROM messages WHERE room_id = $1) AS pairs WHERE before IS NOT NULL`,
      [room_id],
    )
    expect(rows[0].is_later).toBe(true)
  })

  test('[SEC-4] [API-9] bursts between changes, edits and files leave one unbroken chain', async () => {
    const { room_id } = await fullRecord(database.pool)
    const data = { temperature: 80.5, ratio: 1e-7, at: { hall: null, ok: true } }
    await burst(database.pool, {
      room_id,
      items: [
        message({ content: '溫度過高 🔥 \u202eשלום', mentions: ['ben', 'nobody', 'ben'] }),
        message({ content: '', message_type: 'incident_data', data }),
        message({ content: 'x'.repeat(20_000), search: `'belt' 'hot'` }),
      ],
    })
    await commit(database.pool, { room_id, items: messages(2) })
    await burst(database.pool, { room_id, items: messages(60) })
    expect((await verify(database.pool, room_id)).first_problem).toBeUndefined()
    await database.pool.query(
      `UPDATE messages SET content = 'forged' WHERE room_id = $1
        AND sequence_number = (SELECT max(sequence_number) - 30 FROM messages WHERE room_id = $1)`,
      [room_id],
    )
    expect((await verify(database.pool, room_id)).first_problem).toBeDefined()
  })

  test('[DISP-7] nothing to write: an empty call, and one of which all is known', async () => {
    const room_id = await addRoom(database.pool)
    const items = messages(5)
    expect((await burst(database.pool, { room_id, items: [] })).results).toEqual([])
    const first = await burst(database.pool, { room_id, items })
    const { results } = await burst(database.pool, { room_id, items })
    expect(statuses(results)).toEqual(Array(5).fill('duplicate'))
    expect(results).toMatchObject(
      first.results.map((result) => ({
        sequence_number: result.status === 'committed' && result.sequence_number,
      })),
    )
    await expectSound(room_id)
  })
})

const world = async () => {
  const room_id = await addRoom(database.pool, { ben: 'editor', vic: 'viewer' })
  const old = message({ content: 'old' })
  await commit(database.pool, { room_id, items: [old] })
  const file_id = uuidv7()
  await database.pool.query(
    `INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes)
      VALUES ($1, $2, 'ann', 'log.txt', 'text/plain', 12)`,
    [file_id, room_id],
  )
  return { room_id, old, file_id }
}

/** Ids by where they first appear, and no times: two rooms of the same history are the same text. */
const normal = (value: unknown): unknown => {
  const seen = new Map<string, string>()
  const text = JSON.stringify(value)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, (id) => {
      const name = seen.get(id) ?? `id-${seen.size}`
      seen.set(id, name)
      return name
    })
  return JSON.parse(text)
}

const recordOf = async (room_id: string) => {
  const { rows: said } = await database.pool.query(
    `SELECT sequence_number, revision, sender_id, client_message_id, message_id, content, data,
        message_type, mentions, reply_to, file_id, search::text FROM messages
      WHERE room_id = $1 ORDER BY sequence_number`,
    [room_id],
  )
  const { rows: revisions } = await database.pool.query(
    `SELECT revision, kind, change_id, message_id, actor_id, payload FROM room_revisions
      WHERE room_id = $1 ORDER BY revision`,
    [room_id],
  )
  const { rows: files } = await database.pool.query(
    'SELECT referenced_at IS NULL AS is_free FROM files WHERE room_id = $1',
    [room_id],
  )
  return { said, revisions, files }
}

describe('the same as commit_room in group', () => {
  const actors = ['ann', 'ben', 'ada', 'vic', 'eve']
  const clientIds = oneTo(6).map((number) => `c${number}`)

  /** What differs between messages; ids are made when it is known for which room. */
  const spec = fc.record({
    actor: fc.constantFrom(...actors),
    client: fc.option(fc.constantFrom(...clientIds), { nil: undefined }),
    content: fc.constantFrom('hot', 'cold', '手🔥', ''),
    data: fc.constantFrom(null, null, { t: 1.5 }, { t: '1.50', deep: [1e-7, true, null] }),
    message_type: fc.constantFrom<MessageItem['message_type']>('text', 'text', 'incident_data'),
    mentions: fc.constantFrom([], [], ['ben', 'ann'], ['nobody'], ['vic', 'vic']),
    reply: fc.constantFrom('none', 'none', 'none', 'old', 'foreign', 'nowhere', 'batch'),
    file: fc.constantFrom(false, false, false, false, false, false, true),
    search: fc.constantFrom(null, `'hot' 'belt'`),
    /** Refused by the database; under a client id of its own, for a repeat is not looked at so closely. */
    bad: fc.option(
      fc.constantFrom<Partial<MessageItem>>(
        { content: 'nul \u0000' },
        { message_type: 'telegram' as 'text' },
        { search: `'unclosed` },
        { change_id: 'none' },
      ),
      { nil: undefined, freq: 12 },
    ),
  })
  type Spec = typeof spec extends fc.Arbitrary<infer One> ? One : never

  const scenario = fc.record({
    before: fc.array(spec, { maxLength: 4 }),
    items: fc.array(spec, { minLength: 1, maxLength: 12 }),
    notice: fc.boolean(),
    status: fc.constantFrom('active', 'active', 'active', 'archived'),
    known: fc.constantFrom('all', 'none', 'behind', 'ahead'),
    owner: fc.constantFrom('none', 'mine', 'claimed', 'other'),
  })

  const itemsOf = (
    specs: readonly Spec[],
    here: Awaited<ReturnType<typeof world>>,
    foreign: string,
  ) => {
    let last = here.old.change_id
    return specs.map((one) => {
      const reply = { none: null, old: here.old.change_id, foreign, nowhere: uuidv7(), batch: last }
      const item = message({
        actor_id: one.actor,
        content: one.content,
        data: one.data,
        message_type: one.message_type,
        mentions: one.mentions,
        reply_to: reply[one.reply],
        file_id: one.file ? here.file_id : null,
        search: one.search,
        ...(one.bad ?? (one.client === undefined ? {} : { client_message_id: one.client })),
      })
      if (!one.bad) last = item.change_id
      return item
    })
  }

  test('[DISP-7] [MSG-3] [SEQ-1] results, changes and every row agree, whatever the items', async () => {
    const foreign = await world()
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const play = async (write: typeof burst) => {
          const here = await world()
          const { room_id } = here
          const owner = { none: null, mine: 'me', claimed: 'me', other: 'me' }[given.owner]
          if (owner !== null)
            await database.pool.query(
              'UPDATE incident_rooms SET owner_instance = $2 WHERE room_id = $1',
              [room_id, given.owner === 'mine' ? 'me' : 'another'],
            )
          const before = itemsOf(given.before, here, foreign.old.change_id)
          await commit(database.pool, { room_id, items: before, in_group: true })
          const { last_revision } = await roomRow(database.pool, room_id)
          if (given.notice)
            await commit(database.pool, {
              room_id,
              items: [
                {
                  kind: 'room_updated',
                  change_id: uuidv7(),
                  message_id: uuidv7(),
                  actor_id: 'ann',
                  changes: { title: 'Line 4', status: given.status as 'archived' },
                },
              ],
            })
          const known = { all: last_revision, none: null, behind: 1, ahead: 1_000 }[given.known]
          const outcome = await write(database.pool, {
            room_id,
            owner,
            claim: given.owner === 'claimed',
            expected_revision: known,
            items: itemsOf(given.items, here, foreign.old.change_id),
          })
          await expectSound(room_id)
          const { owner_instance } = await roomRow(database.pool, room_id)
          return { outcome, owner_instance, record: await recordOf(room_id) }
        }
        const expected = await play((client, request) =>
          commit(client, { ...request, in_group: true } as Parameters<typeof commit>[1]),
        )
        expect(normal(await play(burst))).toEqual(normal(expected))
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})

describe('a bad item', () => {
  const bad: Record<string, (room_id: string) => Promise<CommitItem>> = {
    'a text with NUL': async () => message({ content: 'a\u0000b' }),
    'an id that is none': async () => message({ change_id: 'none' }),
    'terms that are none': async () => message({ search: `'unclosed` }),
    'terms too long for a tsvector': async () => message({ search: `'${'x'.repeat(3_000)}'` }),
    'a client_message_id too long for its index': async () => {
      const { rows } = await database.pool.query(
        `SELECT string_agg(md5(n::text), '') AS text FROM generate_series(1, 400) AS n`,
      )
      return message({ client_message_id: rows[0].text })
    },
    'a type that is none': async () => message({ message_type: 'telegram' as 'text' }),
    'an id that a writer without the lock took': async () => {
      const other = await addRoom(database.pool)
      const item = message()
      await commit(database.pool, { room_id: other, items: [item] })
      return { ...item, client_message_id: 'mine' }
    },
  }

  test.each(Object.keys(bad))('[DISP-11] %s, in 500: it alone is refused, once', async (name) => {
    const room_id = await addRoom(database.pool)
    const make = bad[name]
    if (make === undefined) throw new Error(name)
    const items: CommitItem[] = messages(500)
    items[250] = await make(room_id)
    const { results } = await burst(database.pool, { room_id, items })
    const expected = oneTo(500).map((number) => (number === 251 ? 'refused' : 'committed'))
    expect(statuses(results)).toEqual(expected)
    expect(await messageRows(database.pool, room_id)).toHaveLength(499)
    await expectSound(room_id)
    const again = await burst(database.pool, { room_id, items })
    expect(new Set(statuses(again.results))).toEqual(new Set(['duplicate', 'refused']))
  })

  test('[DISP-11] [MSG-3] a writer without the lock: the burst waits for it, and takes its result', async () => {
    const room_id = await addRoom(database.pool)
    const item = message({ content: 'said once' })
    const bypass = await database.pool.connect()
    await bypass.query('BEGIN')
    await bypass.query(
      `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, message_type, created_at)
       VALUES ($1, $2, 1000, 1000, $3, $4, $5, 'text', now())`,
      [item.change_id, room_id, item.actor_id, item.client_message_id, item.content],
    )
    await bypass.query(
      `INSERT INTO room_revisions VALUES ($1, 1000, 'message', $2, $2, 'ann', now(),
        jsonb_build_object('content', $3::text, 'message_type', 'text', 'data', null), '', '')`,
      [room_id, item.change_id, item.content],
    )
    const items = [message(), { ...item, change_id: uuidv7() }, message()]
    const call = burst(database.pool, { room_id, items })
    await pause(50)
    await bypass.query('COMMIT')
    bypass.release()
    expect((await call).results).toMatchObject([
      { status: 'committed', sequence_number: 1 },
      { status: 'duplicate', message_id: item.change_id, sequence_number: 1000 },
      { status: 'committed', sequence_number: 2 },
    ])
  })
})

describe('who may', () => {
  test('[SEC-2] [DISP-5] viewers, strangers and the removed are refused, as of now; others go on', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor', vic: 'viewer', gone: 'editor' })
    const by = { actor_id: 'ann', change_id: uuidv7(), message_id: uuidv7(), user_id: 'gone' }
    await commit(database.pool, { room_id, items: [{ ...by, kind: 'member_removed' }] })
    const items = ['ann', 'vic', 'gone', 'eve', 'ben', 'ada'].map((actor_id) =>
      message({ actor_id }),
    )
    const { results } = await burst(database.pool, { room_id, items })
    expect(statuses(results)).toEqual([
      ...['committed', 'refused', 'refused', 'refused', 'committed', 'committed'],
    ])
    expect(results[4]).toMatchObject({ sender_display_name: 'Ben 手' })
    await expectSound(room_id)
  })

  test('[SEC-2] [MSG-3] in an archived room all is refused but what was committed before', async () => {
    const room_id = await addRoom(database.pool)
    const [said = message()] = messages(1)
    await burst(database.pool, { room_id, items: [said] })
    await database.pool.query(`UPDATE incident_rooms SET status = 'archived' WHERE room_id = $1`, [
      room_id,
    ])
    const { results } = await burst(database.pool, { room_id, items: [said, message()] })
    expect(statuses(results)).toEqual(['duplicate', 'refused'])
  })

  test('[SEQ-3] a superseded owner writes nothing; a room that is gone is said to be', async () => {
    const room_id = await addRoom(database.pool)
    const items = messages(3)
    const call = { room_id, items, expected_revision: 1 }
    expect(
      statuses((await burst(database.pool, { ...call, owner: 'one', claim: true })).results),
    ).toEqual(Array(3).fill('committed'))
    await burst(database.pool, { room_id, items: [], owner: 'two', claim: true })
    const late = await burst(database.pool, { room_id, items: messages(2), owner: 'one' })
    expect(statuses(late.results)).toEqual(['superseded', 'superseded'])
    const nowhere = await burst(database.pool, { room_id: uuidv7(), items })
    expect(statuses(nowhere.results)).toEqual(Array(3).fill('room_gone'))
    await expectSound(room_id)
  })

  test('[SEQ-3] what another wrote comes along, up to 500; beyond it nothing is written', async () => {
    const room_id = await addRoom(database.pool)
    await burst(database.pool, { room_id, items: messages(500) })
    const told = await burst(database.pool, { room_id, items: messages(2), expected_revision: 1 })
    expect(statuses(told.results)).toEqual(['committed', 'committed'])
    expect(told.changes.map(({ revision }) => revision)).toEqual(
      oneTo(500).map((number) => number + 1),
    )
    const behind = await burst(database.pool, { room_id, items: messages(2), expected_revision: 1 })
    expect(statuses(behind.results)).toEqual(['conflict', 'conflict'])
    await expectSound(room_id)
  })
})

test('[SEQ-5] [DISP-7] bursts, groups and single commits into two rooms at once: no gap, no deadlock', async () => {
  const rooms = await Promise.all([
    addRoom(database.pool, { ben: 'editor' }),
    addRoom(database.pool, { ben: 'editor' }),
  ])
  const calls = oneTo(80).map((number) => {
    const room_id = rooms[number % 2] ?? ''
    const items: CommitItem[] = messages(20, { actor_id: number % 3 ? 'ann' : 'ben' })
    // One in five has an item that sends the set back.
    if (number % 5 === 0) items[7] = message({ content: 'a\u0000b' })
    if (number % 7 === 0)
      items.push({
        ...{ kind: 'member_added', role: 'viewer', user_id: `person-${number}` },
        ...{ change_id: uuidv7(), message_id: uuidv7(), actor_id: 'ann' },
      } as CommitItem)
    return number % 4 === 0
      ? commit(database.pool, { room_id, items, in_group: number % 8 === 0 })
      : burst(database.pool, { room_id, items })
  })
  for (const { results } of await Promise.all(calls))
    for (const { status } of results) expect(['committed', 'changed', 'refused']).toContain(status)
  for (const room_id of rooms) await expectSound(room_id)
})
