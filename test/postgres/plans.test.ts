/**
 * Statements prepared while the tables were empty must stay fast when they are not: a session
 * lives for half an hour, and a plan made for no rows may scan them all later.
 */
import type { PoolClient } from 'pg'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitBurst } from '../../src/database/burst.ts'
import { readChanges } from '../../src/database/changes.ts'
import { expireFiles, readFile } from '../../src/database/files.ts'
import {
  listReadMarks,
  moveReadMarks,
  readInboxes,
  readInboxParts,
} from '../../src/database/inbox.ts'
import { listMembers, readMember } from '../../src/database/members.ts'
import {
  readMessage,
  readMessagePage,
  readRecentMessages,
  type PagePosition,
} from '../../src/database/messages.ts'
import { readProofHead, readProofMessages, readProofRevisions } from '../../src/database/proof.ts'
import { listRooms, readRoom, readRoomSnapshot } from '../../src/database/rooms.ts'
import type { BurstRequest, CommitItem } from '../../src/domain/room/commit.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, message, oneTo } from './builders.ts'

/** After so many runs Postgres decides between a plan for these values and one for any. */
const runsUntilPlanned = 12
const manyRows = 20_000

/** Blocks of 8 KiB that one operation may touch; a scan of the tables below touches thousands. */
const blocksMax = 700

let database: Database
let session: PoolClient
let room_id: string
let first_message_id: string
let file_id: string = uuidv7()

const user_id = 'ann'
const positions: PagePosition[] = [
  { kind: 'newest' },
  { kind: 'before_sequence', sequence: 10_000 },
  { kind: 'after_sequence', sequence: 10_000 },
  { kind: 'around', sequence: 10_000 },
  { kind: 'before', at: '2026-01-01T02:00:00.000Z' },
]

const by = { actor_id: user_id, user_id: 'ben' }
const repeated = message({ client_message_id: 'said before' })

const writes: Record<string, () => CommitItem> = {
  'a message': () => message(),
  'a message with mentions': () => message({ mentions: ['ann', 'ben'] }),
  'a reply': () => message({ reply_to: first_message_id }),
  'a repeat': () => ({ ...repeated, change_id: uuidv7() }),
  'a message of a stranger': () => message({ actor_id: 'eve' }),
  'a new member': () => ({
    ...by,
    kind: 'member_added',
    role: 'editor',
    change_id: uuidv7(),
    message_id: uuidv7(),
  }),
  'a member gone': () => ({
    ...by,
    kind: 'member_removed',
    change_id: uuidv7(),
    message_id: uuidv7(),
  }),
}

/** One of each kind that the burst lane writes as a set. */
const burst = () =>
  commitBurst(session, {
    room_id,
    owner: null,
    claim: false,
    expected_revision: null,
    items: [
      'a message',
      'a message with mentions',
      'a reply',
      'a repeat',
      'a message of a stranger',
    ].map((name) => made(name)),
  } as unknown as BurstRequest)

const made = (name: string): CommitItem => {
  const make = writes[name]
  if (make === undefined) throw new Error(name)
  return make()
}

const reads: Record<string, () => Promise<unknown>> = {
  'changes of a resume': () =>
    readChanges(session, { room_id, after: 19_900, upto: null, limit: 50 }),
  'changes in the middle': () =>
    readChanges(session, { room_id, after: 9_000, upto: 9_050, limit: 50 }),
  'the actor’s snapshot': () => readRoomSnapshot(session, { room_id, recent: 20 }),
  'recent messages': () =>
    readRecentMessages(session, { room_id, upto_revision: 15_000, limit: 50 }),
  'one message': () => readMessage(session, { room_id, message_id: first_message_id, user_id }),
  'a room': () => readRoom(session, { room_id, user_id }),
  'my inbox': () => readInboxes(session, { user_ids: [user_id] }),
  'parts of an inbox': () => readInboxParts(session, { room_ids: [room_id], user_ids: [user_id] }),
  'a read mark': () => moveReadMarks(session, { room_id, user_ids: [user_id], sequences: [10] }),
  'the read marks': () => listReadMarks(session, { room_id, user_id }),
  'my rooms': () => listRooms(session, { user_id, limit: 20 }),
  'a file that everybody may see': () => readFile(session, { file_id, user_id: 'ben' }),
  'files that nobody sent': () => expireFiles(session, { age_hours: 24, limit: 200 }),
  members: () => listMembers(session, { room_id, user_id }),
  'a batch of the proof, revisions': () =>
    readProofRevisions(session, { room_id, user_id, after: 9_000, limit: 50 }),
  'a batch of the proof, messages': () =>
    readProofMessages(session, { room_id, user_id, after: 9_000, limit: 10 }),
  'the head of the proof': () =>
    readProofHead(session, { room_id, user_id, known_revision: 9_000 }),
  'one member': () => readMember(session, { room_id, user_id }),
  ...Object.fromEntries(
    positions.map((position) => [
      `a page, ${position.kind}`,
      () => readMessagePage(session, { room_id, user_id, position, count: 51 }),
    ]),
  ),
}

beforeAll(async () => {
  database = await createDatabase()
  session = await database.pool.connect()
  // Nobody else's statistics may save a bad plan.
  for (const table of ['messages', 'room_revisions', 'incident_rooms', 'room_members', 'files'])
    await session.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
  for (const _ of oneTo(runsUntilPlanned)) {
    room_id = uuidv7()
    for (const make of Object.values(writes)) await commit(session, { room_id, items: [make()] })
    await burst()
    for (const read of Object.values(reads)) await read()
  }
  await addUser(session, { user_id, display_name: 'Ann Lin' })
  room_id = await addRoom(session)
  for (const _ of oneTo(runsUntilPlanned)) {
    for (const make of Object.values(writes)) await commit(session, { room_id, items: [make()] })
    await burst()
  }
  first_message_id = await fill()
  file_id = await fillFiles()
}, 60_000)
afterAll(async () => {
  session.release()
  await database.drop()
})

/** Adds many messages to the room in one statement, and returns the id of one of them. */
const fill = async (): Promise<string> => {
  const filler = await database.pool.connect()
  try {
    await filler.query(
      `WITH room AS (SELECT * FROM incident_rooms WHERE room_id = $1), added AS (
        INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
            client_message_id, content, message_type, created_at)
          SELECT gen_random_uuid(), $1, last_sequence + n, last_revision + n, 'ann', 'filled ' || n,
            repeat('the belt is hot ', 10), 'text', timestamptz '2026-01-01' + n * interval '1 second'
          FROM room, generate_series(1, $2::int) AS n
          RETURNING message_id, revision, created_at)
       INSERT INTO room_revisions
         SELECT $1, revision, 'message', message_id, message_id, 'ann', created_at, '{}', '', '' FROM added`,
      [room_id, manyRows],
    )
    await filler.query(
      `UPDATE incident_rooms SET last_sequence = last_sequence + $2, last_revision = last_revision + $2
        WHERE room_id = $1`,
      [room_id, manyRows],
    )
    const { rows } = await filler.query(
      'SELECT message_id FROM messages ORDER BY revision DESC LIMIT 1',
    )
    return rows[0].message_id
  } finally {
    filler.release()
  }
}

/** One message gets a file, and the room many that are too young to go. */
const fillFiles = async (): Promise<string> => {
  const { rows } = await database.pool.query(
    `WITH sent AS (
        UPDATE messages SET file_id = gen_random_uuid() WHERE message_id = $2 RETURNING file_id),
      added AS (
        INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes, referenced_at)
          SELECT file_id, $1::uuid, 'ann', 'a.txt', 'text/plain', 1, now() FROM sent
          UNION ALL
          SELECT gen_random_uuid(), $1, 'ann', 'a.txt', 'text/plain', 1, NULL
          FROM generate_series(1, $3::int))
      SELECT file_id FROM sent`,
    [room_id, first_message_id, manyRows],
  )
  return rows[0].file_id
}

/** Blocks of our tables and their indexes that the session touched so far. */
const blocksTouched = async (): Promise<number> => {
  await session.query('SELECT pg_stat_force_next_flush()')
  const { rows } = await session.query(
    `SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::int AS blocks
      FROM pg_statio_user_tables`,
  )
  return rows[0].blocks
}

const blocksOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await blocksTouched()
  await work()
  return (await blocksTouched()) - before
}

const scan = () => session.query(`SELECT count(*) FROM messages WHERE content LIKE '%cold%'`)

describe('prepared on empty tables, run on full ones', () => {
  test('[SEQ-2] control: a scan of the messages is seen, and is far beyond the limit', async () => {
    expect(await blocksOf(scan)).toBeGreaterThan(blocksMax)
  })

  test.each(Object.keys(writes))(
    '[SEQ-2] the commit of %s finds its rows by index',
    async (name) => {
      expect(await blocksOf(() => commit(session, { room_id, items: [made(name)] }))).toBeLessThan(
        blocksMax,
      )
    },
  )

  test('[DISP-7] a burst of all of them finds its rows by index', async () => {
    expect(await blocksOf(burst)).toBeLessThan(blocksMax)
  })

  test('[SEQ-3] a caller that is behind costs only what it missed', async () => {
    const { rows } = await session.query(
      'SELECT last_revision::int FROM incident_rooms WHERE room_id = $1',
      [room_id],
    )
    const call = () =>
      commit(session, {
        room_id,
        expected_revision: rows[0].last_revision - 20,
        items: [message()],
      })
    expect(await blocksOf(call)).toBeLessThan(blocksMax)
  })

  test.each(Object.keys(reads))('[API-1] %s: found by index', async (name) => {
    const read = reads[name]
    if (read === undefined) throw new Error(name)
    expect(await blocksOf(read)).toBeLessThan(blocksMax)
  })
})
