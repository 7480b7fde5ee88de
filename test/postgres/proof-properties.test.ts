/**
 * The proof of a record (API-9, SEC-4) under chance, traffic and length: any column of any row that
 * is changed is found, a room in full traffic raises no false alarm, and memory stays bounded.
 */
import type { PoolClient } from 'pg'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROOF_BATCH_MAX_ROWS } from '../../src/database/proof.ts'
import { verifyRecord } from '../../src/database/verify-record.ts'
import type { CommitItem } from '../../src/domain/room/commit.ts'
import type { Damage } from '../../src/protocol/proof.ts'
import { chanceOf, type Chance } from '../support/chance.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, messages, oneTo } from './builders.ts'
import { fullRecord, sourceOf, verify, type FullRecord } from './record.ts'

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

/** Where a constraint allows only some values. */
const allowedValues: Readonly<{ [column: string]: readonly string[] }> = {
  'incident_rooms.severity': [`'low'`, `'critical'`],
  'incident_rooms.status': [`'archived'`],
  'messages.message_type': [`'system'`, `'image_ref'`],
  'room_members.role': [`'owner'`, `'viewer'`],
  'room_members.room_id': ['(SELECT room_id FROM incident_rooms WHERE room_id <> $1 LIMIT 1)'],
}

const valuesFor = ({ table, name, type }: Column): string[] => {
  const values = allowedValues[`${table}.${name}`] ?? otherValues[type]
  if (!values) throw new Error(`what else may ${table}.${name} be?`)
  return values.map((value) => value.replaceAll('@', `"${name}"`))
}

/** Changes one row, asks the proof, and takes it back. Undefined: the tables refused the value. */
const tampered = async (
  session: PoolClient,
  { room_id }: FullRecord,
  { table, name }: Column,
  value: string,
): Promise<Damage | 'unseen' | undefined> => {
  await session.query('BEGIN')
  try {
    const { rows } = await session.query(
      `UPDATE ${table} SET "${name}" = ${value}
        WHERE ctid = (SELECT ctid FROM ${table}
          WHERE ${tables[table]} AND "${name}" IS DISTINCT FROM ${value}
          ORDER BY random() LIMIT 1)
        RETURNING 1`,
      [room_id],
    )
    if (rows.length === 0) return undefined
    return (await verify(session, room_id, { limit: 9 })).first_problem ?? 'unseen'
  } catch (error) {
    // Class 23: a constraint.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('23'))
      return undefined
    throw error
  } finally {
    await session.query('ROLLBACK')
  }
}

const roundsWanted = 2
const roundsMax = 30

test('[API-9] [SEC-4] any column of any row, changed to anything, is found', async () => {
  const chance = chanceOf('tampering')
  const record = await fullRecord(database.pool)
  await addRoom(database.pool)
  const all = await columns()
  const found = new Set<string>()
  const session = await database.pool.connect()
  try {
    await session.query('SELECT setseed($1)', [chance.next()])
    for (const column of all)
      for (let round = 0; round < roundsMax; round += 1) {
        const where = `${column.table}.${column.name}`
        // A row drawn by chance may be one that the tables keep as it is.
        if (round >= roundsWanted && found.has(where)) break
        for (const value of valuesFor(column)) {
          const damage = await tampered(session, record, column, value)
          expect(damage, `${where} = ${value}`).not.toBe('unseen')
          if (damage) found.add(where)
        }
      }
  } finally {
    session.release()
  }
  // Each was really changed at least once, so that this has said something of it.
  const untouched = all.filter(({ table, name }) => !found.has(`${table}.${name}`))
  expect(untouched).toEqual([])
  expect((await verify(database.pool, record.room_id)).first_problem).toBeUndefined()
}, 180_000)

const emojis = ['👍', '🔥', '👩‍🔧']
const roles = ['owner', 'editor', 'editor', 'editor', 'editor', 'viewer'] as const
const statuses = ['active', 'resolved'] as const

/** Anything that anybody may do, and some of what they may not. @param said ids of messages so far */
const randomItem = (chance: Chance, people: readonly string[], said: string[]): CommitItem => {
  const pick = <Value>(values: readonly Value[], otherwise: Value): Value =>
    values[chance.below(values.length)] ?? otherwise
  const actor_id = pick(people, 'ann')
  const ids = { change_id: uuidv7(), message_id: uuidv7() }
  const by = { actor_id, change_id: ids.change_id, message_id: pick(said, ids.message_id) }
  const emoji = pick(emojis, '👍')
  switch (chance.below(20)) {
    case 0:
    case 1:
      return {
        ...by,
        actor_id: 'ann',
        kind: 'message_edited',
        content: `in other words ${chance.below(1_000)}`,
        mentions: [pick(people, 'ann')],
        search: null,
        window_ms: 900_000,
      }
    case 2:
      return chance.below(8) === 0
        ? { ...by, kind: 'message_deleted' }
        : { ...by, kind: 'reaction_added', emoji }
    case 3:
    case 4:
    case 5:
      return { ...by, kind: 'reaction_added', emoji }
    case 6:
    case 7:
      return { ...by, kind: 'reaction_removed', emoji }
    case 8:
      return { ...by, kind: 'message_pinned', event_at: pick([null, '2026-11-22T09:00:00Z'], null) }
    case 9:
      return { ...by, kind: 'message_unpinned' }
    case 10: {
      const changes = { title: `Line ${chance.below(9)}`, status: pick(statuses, 'active') }
      return { ...by, ...ids, kind: 'room_updated', changes }
    }
    case 11: {
      // Ann stays who she is, or nobody could change anybody any more.
      const user_id = pick(people.slice(1), 'nobody')
      const role = pick(roles, 'editor')
      const member = { ...ids, actor_id: 'ann', user_id }
      return chance.below(8) === 0
        ? { ...member, kind: 'member_removed' }
        : { ...member, role, kind: pick(['member_added', 'member_role_changed'], 'member_added') }
    }
    default:
      if (actor_id === 'ann' || chance.below(4) === 0) said.push(ids.change_id)
      return message({ actor_id, change_id: ids.change_id, mentions: [pick(people, 'ann')] })
  }
}

const people = ['ann', ...oneTo(19).map((number) => `person ${number}`)]

const crowdedRoom = () =>
  addRoom(database.pool, Object.fromEntries(people.slice(1).map((user_id) => [user_id, 'editor'])))

test('[API-9] [SEC-4] of 10,000 random things that 20 people try, what is accepted leaves a whole record', async () => {
  const chance = chanceOf('changes')
  const room_id = await crowdedRoom()
  const said: string[] = []
  const kinds = new Set<string>()
  for (const round of oneTo(50)) {
    const items = oneTo(200).map(() => randomItem(chance, people, said))
    const outcome = await commit(database.pool, { room_id, items, in_group: round % 10 > 0 })
    if (outcome.kind !== 'answered') throw new Error(`round ${round}: ${outcome.kind}`)
    for (const [index, { status }] of outcome.results.entries())
      if (status === 'committed' || status === 'changed') kinds.add(items[index]?.kind ?? '')
  }
  expect([...kinds]).toHaveLength(11)
  const { first_problem, head } = await verify(database.pool, room_id)
  expect(first_problem).toBeUndefined()
  expect(head.revision).toBeGreaterThan(4_000)
}, 300_000)

test('[API-9] a room in full traffic raises no false alarm', async () => {
  const chance = chanceOf('traffic')
  const room_id = await crowdedRoom()
  const over = new AbortController()
  const write = async (name: string) => {
    const mine = chance.fork(name)
    const said: string[] = []
    while (!over.signal.aborted) {
      const items = oneTo(1 + mine.below(4)).map(() => randomItem(mine, people, said))
      await commit(database.pool, { room_id, items })
    }
  }
  const writers = ['one', 'two', 'three'].map(write)
  try {
    const heads: number[] = []
    // At least so often, and until much was written meanwhile.
    while (heads.length < 7 || (heads.at(-1) ?? 0) < (heads[0] ?? 0) + 100) {
      const limit = [3, 10, 40, 1_000][heads.length % 4] ?? 1
      const { first_problem, head } = await verify(database.pool, room_id, { limit })
      expect(first_problem).toBeUndefined()
      heads.push(head.revision)
    }
  } finally {
    over.abort()
    await Promise.all(writers)
  }
}, 300_000)

test('[API-9] 10,000 revisions pass through batches of a bounded size, and damage at the end is found', async () => {
  const room_id = await addRoom(database.pool)
  for (const _ of oneTo(50))
    await commit(database.pool, { room_id, items: messages(200), in_group: true })
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
