/** The proof from the command line (API-9): straight from Postgres, which it does not trust either. */
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { signStatement } from '../../src/identity/receipts.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { verifyCommand } from '../support/verify-command.ts'
import { addRoom, addUser, commit, messages } from './builders.ts'
import { fullRecord } from './record.ts'

const PROOF_SECRET = 'a-secret-for-receipts-of-32-characters'

let database: Database
let room_id: string
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query(
    'TRUNCATE incident_rooms, room_members, room_revisions, messages, message_reactions CASCADE',
  )
  room_id = (await fullRecord(database.pool)).room_id
})

const run = (args: readonly string[], env?: Readonly<{ [name: string]: string }>) =>
  verifyCommand([...args, database.url], env)

const head = async () => {
  const { rows } = await database.pool.query(
    `SELECT last_revision::int AS revision, encode(last_hash, 'hex') AS hash
      FROM incident_rooms WHERE room_id = $1`,
    [room_id],
  )
  return rows[0] as { revision: number; hash: string }
}

const receipt = async (overrides: { revision?: number; hash?: string } = {}) => {
  const statement = {
    room_id,
    ...(await head()),
    ...overrides,
    at: Date.parse('2026-11-24T00:00Z'),
  }
  return (await signStatement({ PROOF_SECRET }, statement)) ?? ''
}

test('[API-9] a whole room: one line, exit code 0', async () => {
  const { hash, revision } = await head()
  const { rows } = await database.pool.query('SELECT count(*)::int FROM messages')
  expect(await run([room_id])).toEqual({
    code: 0,
    output: `${room_id} is whole: ${revision} revisions, ${rows[0].count} messages, head ${hash}\n`,
    errors: '',
  })
})

test('[API-9] a damaged room: one line that names the row, exit code 1', async () => {
  await database.pool.query(
    `UPDATE messages SET content = 'x' WHERE room_id = $1 AND sequence_number = 6`,
    [room_id],
  )
  const { code, output } = await run([room_id])
  expect(code).toBe(1)
  expect(output).toMatch(
    /^\S+ is DAMAGED: message_altered at revision \d+, sequence_number 6, message_id \S+, field content: .+\n$/,
  )
  const json = await run([room_id, '--json'])
  expect(json.code).toBe(1)
  expect(JSON.parse(json.output)).toMatchObject({
    room_id,
    ok: false,
    first_problem: { kind: 'message_altered', sequence_number: 6, field: 'content' },
  })
})

test('[API-9] --all walks every room, and one that is damaged fails it', async () => {
  const others = [await addRoom(database.pool), await addRoom(database.pool)]
  const whole = await run(['--all'])
  expect(whole.code).toBe(0)
  const lines = whole.output.trim().split('\n')
  expect(lines.map((line) => line.split(' ')[0]).toSorted()).toEqual(
    [room_id, ...others].toSorted(),
  )

  await database.pool.query('DELETE FROM incident_rooms WHERE room_id = $1', [others[0]])
  const damaged = await run(['--all', '--json'])
  expect(damaged.code).toBe(1)
  const reports = damaged.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(reports.filter(({ ok }) => !ok)).toMatchObject([
    { room_id: others[0], first_problem: { kind: 'room_missing' } },
  ])
})

test('[API-9] a receipt holds as the room goes on, and finds a cut end and a chain made anew', async () => {
  const given = await receipt()
  await commit(database.pool, { room_id, items: messages(3) })
  const holds = await run(['--receipt', given], { PROOF_SECRET })
  expect(holds).toMatchObject({ code: 0, output: expect.stringContaining('1 receipts hold,') })
  // Whoever has no secret trusts the copy that they kept.
  const unchecked = await run([room_id, '--receipt', given, '--receipt', await receipt()])
  expect(unchecked).toMatchObject({
    code: 0,
    output: expect.stringContaining('2 receipts hold, 2 signatures not checked'),
  })

  const cut = await run(['--receipt', await receipt({ revision: 500 })], { PROOF_SECRET })
  expect(cut).toMatchObject({ code: 1, output: expect.stringContaining('tail_cut at revision') })
  const anew = await receipt({ revision: 5, hash: '0'.repeat(64) })
  const rewritten = await run(['--receipt', given, '--receipt', anew], { PROOF_SECRET })
  expect(rewritten).toMatchObject({
    code: 1,
    output: expect.stringContaining(
      'history_rewritten at revision 5: a receipt of 2026-11-24T00:00:00.000Z attests another hash',
    ),
  })
})

test('[API-9] a receipt of another key, and what is none, is refused in one line', async () => {
  const foreign = await run(['--receipt', await receipt()], {
    PROOF_SECRET: `other ${PROOF_SECRET}`,
  })
  expect(foreign).toMatchObject({ code: 1, output: '' })
  expect(foreign.errors).toMatch(/^The receipt of revision \d+ was signed with another key\.\n$/)
  const none = await run(['--receipt', 'muster1.x'])
  expect(none).toMatchObject({ code: 1, errors: 'This is no receipt: muster1.x…\n' })
})

test('[SEC-4] it believes no function of the database, and none that stands in the way of a built-in', async () => {
  const lying = await createDatabase()
  try {
    await addUser(lying.pool, { user_id: 'ann' })
    const room = await addRoom(lying.pool, { ben: 'editor' })
    await commit(lying.pool, { room_id: room, items: messages(5) })
    // Whoever owns the database can have it say that every hash is right.
    const lies = [
      `UPDATE room_revisions SET actor_id = 'eve' WHERE revision = 5`,
      `CREATE OR REPLACE FUNCTION revision_hash(previous_hash bytea, room_id uuid, revision bigint,
         kind text, change_id uuid, actor_id text, at timestamptz, payload jsonb) RETURNS bytea
         LANGUAGE sql STABLE AS $$ SELECT v.hash FROM room_revisions v
           WHERE v.room_id = $2 AND v.revision = $3 $$`,
      `CREATE SCHEMA lies`,
      `CREATE FUNCTION lies.encode(bytea, text) RETURNS text LANGUAGE sql AS $$ SELECT '' $$`,
      `CREATE FUNCTION lies.is_same(uuid, uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$`,
      `CREATE OPERATOR lies.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = lies.is_same)`,
      `ALTER DATABASE ${new URL(lying.url).pathname.slice(1)}
         SET search_path = lies, public, pg_catalog`,
    ]
    for (const lie of lies) await lying.pool.query(lie)
    const { code, output } = await verifyCommand([room, lying.url])
    expect(output).toContain('revision_altered at revision 5')
    expect(code).toBe(1)
  } finally {
    await lying.drop()
  }
})

test('[SEC-4] rows that a policy hides from it, and a view in a table’s place, stop it', async () => {
  await database.pool.query(`ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
    ALTER TABLE messages FORCE ROW LEVEL SECURITY;
    CREATE POLICY nothing ON messages USING (false)`)
  expect(await run([room_id])).toMatchObject({
    code: 1,
    errors: expect.stringContaining('row-level security'),
  })
  await database.pool.query(`DROP POLICY nothing ON messages;
    ALTER TABLE messages NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE messages DISABLE ROW LEVEL SECURITY;
    ALTER TABLE message_reactions RENAME TO hidden;
    CREATE VIEW message_reactions AS SELECT * FROM hidden`)
  try {
    expect(await run([room_id])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^public\.message_reactions: no such table/),
    })
  } finally {
    await database.pool.query(
      'DROP VIEW message_reactions; ALTER TABLE hidden RENAME TO message_reactions',
    )
  }
})

test.each([
  [[], /^Which room\?/],
  [['line-3'], /^"line-3" is no room id/],
  [[uuidv7()], /^There is no room .* in this database\.\n$/],
  [['--nonsense'], /--nonsense/],
])('[API-9] %j says in one line what is wrong', async (args, line) => {
  const { code, output, errors } = await run(args)
  expect(code).toBe(1)
  expect(output).toBe('')
  expect(errors).toMatch(line)
  expect(errors.trim().split('\n')).toHaveLength(1)
})

test('[SEC-5] a server that cannot be reached is named without its password', async () => {
  const { code, errors } = await verifyCommand([room_id, 'postgres://me:hush@127.0.0.1:1/muster'])
  expect(code).toBe(1)
  expect(errors).toContain('ECONNREFUSED')
  expect(errors).not.toContain('hush')
})
