/**
 * The proof of a record (API-9, SEC-4) under chance, traffic and length: any column of any row that
 * is changed is found, a room in full traffic raises no false alarm, and memory stays bounded.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROOF_BATCH_MAX_ROWS } from '../../src/database/proof.ts'
import { verifyRecord } from '../../src/database/verify-record.ts'
import { chanceOf } from '../support/chance.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, messages, oneTo } from './builders.ts'
import { changeMessage, fullRecord, sourceOf, verify, type FullRecord } from './record.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann' })
})
afterAll(() => database.drop())

/** The tables of a record; $1 is the room. */
const tables = {
  incident_rooms: 'room_id = $1',
  room_members: 'room_id = $1',
  room_revisions: 'room_id = $1',
  messages: 'room_id = $1',
  message_reactions: 'message_id IN (SELECT message_id FROM messages WHERE room_id = $1)',
}

/** Columns that are no part of the record, and why. */
const excluded: Readonly<{ [column: string]: string }> = {
  'incident_rooms.room_id': 'names the room: under another id it is another room',
  'incident_rooms.owner_instance': 'which object writes now; of no meaning afterwards',
  'room_members.read_sequence': 'a read mark is private and moves without a revision',
  'messages.search': 'made from the words, for search alone',
}

type Column = { readonly table: keyof typeof tables; readonly name: string; readonly type: string }

const columns = async (): Promise<Column[]> => {
  const { rows } = await database.pool.query(
    `SELECT table_name AS table, column_name AS name, udt_name AS type
      FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = ANY ($1) ORDER BY 1, ordinal_position`,
    [Object.keys(tables)],
  )
  return (rows as Column[]).filter(({ table, name }) => !(`${table}.${name}` in excluded))
}

/** By type, values that differ from what is there. `@` is the column. */
const otherValues: Readonly<{ [type: string]: readonly string[] }> = {
  uuid: ['gen_random_uuid()', 'NULL'],
  text: [`coalesce(@, '') || ' '`, `upper(coalesce(@, 'a')) || '.'`, `''`, 'NULL'],
  _text: [`@ || '{eve}'::text[]`, `'{}'`],
  int8: ['@ + 1', '@ - 1', '-@', '@ + 1000000'],
  timestamptz: [
    `coalesce(@, now()) + interval '1 microsecond'`,
    `coalesce(@, now()) - interval '1 day'`,
    `'infinity'`,
    'NULL',
  ],
  jsonb: [`'{"forged": true}'`, `'[]'`, `'null'`, 'NULL'],
  bytea: ['sha256(@)', `''`],
}

const tampered = async ({ room_id }: FullRecord, { table, name, type }: Column, chance: number) => {
  const values = otherValues[type] ?? []
  const value = values[Math.floor(chance * values.length)]?.replaceAll('@', `"${name}"`)
  const client = await database.pool.connect()
  try {
    const { rows } = await client.query(
      `WITH chosen AS (SELECT ctid FROM ${table} WHERE ${tables[table]} ORDER BY random() LIMIT 1)
        UPDATE ${table} SET "${name}" = ${value}
        WHERE ctid = (SELECT ctid FROM chosen)
          AND ("${name}" IS DISTINCT FROM ${value})
        RETURNING 1`,
      [room_id],
    )
    return { isChanged: rows.length > 0, value }
  } catch (error) {
    // The table's own rules refused the value: nothing was damaged.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('23'))
      return { isChanged: false, value }
    throw error
  } finally {
    client.release()
  }
}

test('[API-9] [SEC-4] any column of any row, changed to anything, is found', async () => {
  const chance = chanceOf('tampering')
  await database.pool.query(`SELECT setseed($1)`, [chance.next()])
  const found = new Set<string>()
  const all = await columns()
  const kinds = new Set(all.map(({ type }) => type))
  expect([...kinds].filter((type) => !(type in otherValues))).toEqual([])
  for (const round of oneTo(3))
    for (const column of all) {
      const record = await fullRecord(database.pool)
      const { isChanged, value } = await tampered(record, column, chance.next())
      if (!isChanged) continue
      const { first_problem } = await verify(database.pool, record.room_id, { limit: 5 })
      const where = `round ${round}: ${column.table}.${column.name} = ${value}`
      expect(first_problem, where).toBeDefined()
      found.add(`${column.table}.${column.name}`)
    }
  // Each of them at least once was really changed, so that the test has said something of it.
  const untouched = all.filter(({ table, name }) => !found.has(`${table}.${name}`))
  expect(untouched.length, JSON.stringify(untouched)).toBeLessThan(all.length / 4)
}, 180_000)

test('[API-9] a room in full traffic raises no false alarm', async () => {
  const room_id = await addRoom(database.pool, { ben: 'editor', vic: 'editor' })
  await commit(database.pool, { room_id, items: messages(50), in_group: true })
  const { rows } = await database.pool.query('SELECT message_id FROM messages WHERE room_id = $1', [
    room_id,
  ])
  const ids = rows.map((row) => String(row.message_id))
  const over = new AbortController()
  const write = async (number: number) => {
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      const message_id = ids[(turn * 7 + number) % ids.length] ?? ''
      const user_id = number === 0 ? 'ben' : 'vic'
      const by = { message_id, actor_id: user_id }
      const emoji = `${turn}-${number}`
      await commit(database.pool, { room_id, items: messages(3) })
      await changeMessage(database.pool, room_id, { ...by, kind: 'reaction_added', emoji })
      await changeMessage(database.pool, room_id, {
        ...by,
        kind: 'message_edited',
        content: `edit ${turn}`,
        mentions: ['ben'],
      })
      await changeMessage(database.pool, room_id, { ...by, kind: 'reaction_removed', emoji })
      const role = turn % 2 === 0 ? 'viewer' : 'editor'
      const change = { change_id: crypto.randomUUID(), actor_id: 'ann', user_id } as const
      await commit(database.pool, {
        room_id,
        items: [{ ...change, kind: 'member_role_changed', role }],
      })
    }
  }
  const writers = [write(0), write(1)]
  try {
    const heads: number[] = []
    for (const limit of [3, 10, 40, 1_000, 5, 1_000, 10]) {
      const { first_problem, head } = await verify(database.pool, room_id, { limit })
      expect(first_problem).toBeUndefined()
      heads.push(head.revision)
    }
    // It did go on meanwhile.
    expect(heads.at(-1)).toBeGreaterThan((heads[0] ?? 0) + 10)
  } finally {
    over.abort()
    await Promise.all(writers)
  }
}, 60_000)

test('[API-9] 10,000 revisions pass through batches of a bounded size, and damage at the end is found', async () => {
  const room_id = await addRoom(database.pool)
  for (const _ of oneTo(10))
    await commit(database.pool, { room_id, items: messages(1_000), in_group: true })
  const sizes = { revisions: [] as number[], messages: [] as number[] }
  const source = sourceOf(database.pool, room_id)
  const counted = {
    revisions: async (after: number | null) => {
      const batch = await source.revisions(after)
      if (batch.ok) sizes.revisions.push(batch.value.revisions.length)
      return batch
    },
    messages: async (after: number | null) => {
      const batch = await source.messages(after)
      if (batch.ok) sizes.messages.push(batch.value.messages.length)
      return batch
    },
  }
  const started = performance.now()
  const verdict = await verifyRecord(counted, [])
  console.log(`10,001 revisions verified in ${Math.round(performance.now() - started)} ms`)
  expect(verdict).toMatchObject({
    ok: true,
    value: { messages: 10_000, head: { revision: 10_001 } },
  })
  expect(verdict.ok && verdict.value.first_problem).toBeUndefined()
  expect(sizes.revisions).toEqual([...oneTo(10).map(() => PROOF_BATCH_MAX_ROWS), 1])
  expect(sizes.messages).toEqual([...oneTo(10).map(() => PROOF_BATCH_MAX_ROWS), 0])

  await database.pool.query(
    `UPDATE messages SET content = 'x' WHERE room_id = $1 AND sequence_number = 9999`,
    [room_id],
  )
  expect((await verify(database.pool, room_id)).first_problem).toMatchObject({
    kind: 'message_altered',
    sequence_number: 9_999,
  })
}, 60_000)

test('[API-9] long words make batches of fewer rows', async () => {
  const room_id = await addRoom(database.pool)
  const content = '災'.repeat(16_000)
  await commit(database.pool, { room_id, items: messages(300, { content }), in_group: true })
  const source = sourceOf(database.pool, room_id)
  const [revisions, said] = [await source.revisions(null), await source.messages(null)]
  if (!revisions.ok || !said.ok) throw new Error('not read')
  for (const batch of [revisions.value.revisions, said.value.messages]) {
    expect(batch.length).toBeGreaterThan(10)
    expect(JSON.stringify(batch).length).toBeLessThan(10_000_000)
    expect(batch.length).toBeLessThan(200)
  }
  expect(await verify(database.pool, room_id)).toMatchObject({ messages: 300 })
})
