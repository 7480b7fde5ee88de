/** A room into a file and out of it again, into another database (RUN-3). */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { signStatement } from '../../src/identity/receipts.ts'
import { restoreArchive } from '../../tools/archive/restore.ts'
import { withSession } from '../../tools/archive/session.ts'
import { writeArchive } from '../../tools/archive/write.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { toolCommand, verifyCommand } from '../support/verify-command.ts'
import { addUser, commit, message, messages } from './builders.ts'
import { fullRecord } from './record.ts'

const PROOF_SECRET = 'a-secret-for-receipts-of-32-characters'

// Commands start as processes of their own, each a second or more.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let file: string
let here: Database
let there: Database
let room_id: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-archive-'))
  ;[here, there] = await Promise.all([createDatabase(), createDatabase()])
  await addUser(here.pool, { user_id: 'ann', display_name: 'Ann 安', is_admin: true })
  await addUser(here.pool, { user_id: 'ben' })
  await addUser(here.pool, { user_id: 'nobody' })
  room_id = (await fullRecord(here.pool)).room_id
  await commit(here.pool, {
    room_id,
    items: [message({ content: 'lines \u2028 and \u2029 of "people" \\ {"seal":1}\n\n🔥' })],
  })
  await here.pool.query(
    `UPDATE room_members SET read_sequence = 3 WHERE room_id = $1 AND user_id = 'ben'`,
    [room_id],
  )
  await here.pool.query(`INSERT INTO room_notification_levels VALUES ($1, 'ben', 'all')`, [room_id])
})
afterAll(async () => {
  await Promise.all([here.drop(), there.drop(), rm(folder, { recursive: true, force: true })])
})
beforeEach(async () => {
  file = join(folder, uuidv7())
  await there.pool.query(
    `TRUNCATE tr_users, incident_rooms, room_members, room_revisions, messages,
      message_reactions, files, room_notification_levels, unclaimed_objects CASCADE`,
  )
})

/** As the commands do it, without the second that each takes to start. */
const backUp = (room = room_id, database = here) =>
  withSession(database.url, (client) =>
    writeArchive(client, { room_id: room, file, made_at: '2026-11-30T12:00:00.000Z' }),
  )
const restore = (database = there) =>
  withSession(database.url, (client) => restoreArchive(client, { file, receipts: [] }))

const tables = {
  incident_rooms: 'room_id',
  room_members: 'user_id',
  room_revisions: 'revision',
  messages: 'sequence_number',
  message_reactions: 'message_id, emoji, user_id',
  files: 'file_id',
  room_notification_levels: 'user_id',
} as const

/** Every row as Postgres writes it, bytes and all. */
const rowsIn = async ({ pool }: Database) => {
  const found: Record<string, unknown[]> = {}
  for (const [table, order] of Object.entries(tables)) {
    const { rows } = await pool.query(
      `SELECT (to_jsonb(t) - 'owner_instance')::text AS row FROM ${table} t ORDER BY ${order}`,
    )
    found[table] = rows.map(({ row }) => row)
  }
  return found
}

/** The file with lines changed, and its checksum made to fit, as somebody would who means it. */
const tamper = async (change: (lines: string[]) => string[]) => {
  const lines = change((await readFile(file, 'utf8')).split('\n').slice(0, -2))
  const seal = JSON.parse((await readFile(file, 'utf8')).trimEnd().split('\n').at(-1) ?? '') as {
    seal: { sha256: string; rows: Record<string, number> }
  }
  const body = lines.map((line) => `${line}\n`).join('')
  seal.seal.sha256 = createHash('sha256').update(body).digest('hex')
  for (const table of Object.keys(seal.seal.rows))
    seal.seal.rows[table] = lines.filter((line) => line.startsWith(`{"table":"${table}"`)).length
  await writeFile(file, `${body}${JSON.stringify(seal)}\n`)
}

const nothingThere = async () => {
  const rows = await rowsIn(there)
  expect(Object.values(rows).flat()).toEqual([])
  expect((await there.pool.query('SELECT FROM tr_users')).rowCount).toBe(0)
}

test('[RUN-3] a room comes back byte for byte, proves itself, and goes on', async () => {
  const saved = await toolCommand('backup', ['--room', room_id, '--out', file, here.url])
  expect(saved).toMatchObject({ code: 0, errors: '' })
  expect(saved.output).toContain(`${room_id} is in ${file}`)
  expect(saved.output).toContain('its 1 files')

  const back = await toolCommand('restore', ['--file', file, there.url])
  expect(back).toMatchObject({ code: 0, errors: '' })
  expect(back.output).toMatch(new RegExp(`^${room_id} is whole: \\d+ revisions, \\d+ messages`))
  const rows = await rowsIn(there)
  expect(rows).toEqual(await rowsIn(here))
  for (const [table, found] of Object.entries(rows)) expect(found, table).not.toEqual([])

  expect(await verifyCommand([room_id, there.url])).toMatchObject({ code: 0 })
  const outcome = await commit(there.pool, { room_id, items: messages(2) })
  expect(outcome).toMatchObject({ results: [{ status: 'committed' }, { status: 'committed' }] })
  expect(await verifyCommand([room_id, there.url])).toMatchObject({ code: 0 })
})

test('[RUN-3] numbers that JavaScript cannot hold survive', async () => {
  const room = await fullRecord(there.pool)
  // As a writer beside Muster would: the chain is made of what Postgres keeps.
  const data = '{"big": 12345678901234567890.10, "zeros": 80.500, "small": 1e-30}'
  await there.pool.query(
    `UPDATE messages SET data = $2 WHERE room_id = $1 AND message_type = 'incident_data'`,
    [room.room_id, data],
  )
  const text = async ({ pool }: Database) => {
    const { rows } = await pool.query(
      `SELECT data::text FROM messages WHERE room_id = $1 AND message_type = 'incident_data'`,
      [room.room_id],
    )
    return rows[0]?.data as string
  }
  const kept = await text(there)
  expect(kept).toContain('12345678901234567890.10')
  await backUp(room.room_id, there)
  expect(await readFile(file, 'utf8')).toContain(kept)
})

test('[RUN-3] two backups of the same room are the same', async () => {
  await backUp()
  const first = await readFile(file, 'utf8')
  file = join(folder, uuidv7())
  await backUp()
  expect(await readFile(file, 'utf8')).toBe(first)
})

test('[RUN-3] people come along without their rights, and those known there stay as they are', async () => {
  await addUser(there.pool, { user_id: 'ben', display_name: 'Ben of here' })
  await backUp()
  await restore()
  const { rows } = await there.pool.query(
    'SELECT user_id, display_name, is_admin, tier FROM tr_users ORDER BY user_id',
  )
  expect(rows).toEqual([
    { user_id: 'ann', display_name: 'Ann 安', is_admin: false, tier: 'basic' },
    { user_id: 'ben', display_name: 'Ben of here', is_admin: false, tier: 'basic' },
  ])
})

test('[RUN-3] nothing is overwritten, in the file system neither', async () => {
  await backUp()
  const before = await rowsIn(here)
  await expect(restore(here)).rejects.toThrow(
    `Room ${room_id} is in this database; nothing is overwritten.`,
  )
  expect(await rowsIn(here)).toEqual(before)
  const bytes = await readFile(file)
  await expect(backUp()).rejects.toThrow('EEXIST')
  expect(await readFile(file)).toEqual(bytes)
})

test('[SEC-4] a file that is not as it was written is refused before anything is read from it', async () => {
  await backUp()
  const whole = await readFile(file)
  const damaged = Buffer.from(whole)
  const at = damaged.indexOf('too hot')
  expect(at).toBeGreaterThan(0)
  damaged.write('not hot', at)
  for (const [bytes, problem] of [
    [damaged, 'its checksum differs'],
    [whole.subarray(0, whole.length - 20), 'ends in the middle of a line'],
    [whole.subarray(0, whole.lastIndexOf('{"seal"')), 'has no seal'],
    [Buffer.from('{"manifest":{"format":"muster-room","version":2}}\n'), 'no archive of a room'],
    [Buffer.alloc(0), 'is empty'],
  ] as const) {
    await writeFile(file, bytes)
    await expect(restore(), problem).rejects.toThrow(problem)
    await nothingThere()
  }
})

test.each([
  [
    'words of a message',
    (lines: string[]) =>
      lines.map((line) =>
        line.includes('"too hot @vic') ? line.replace('too hot', 'fine') : line,
      ),
    /DAMAGED: .*(message_altered|revision_altered)/,
  ],
  [
    'who did it',
    (lines: string[]) =>
      lines.map((line) =>
        line.startsWith('{"table":"room_revisions"')
          ? line.replace('"actor_id":"ben"', '"actor_id":"ann"')
          : line,
      ),
    /DAMAGED: revision_altered/,
  ],
  [
    'a message left out',
    (lines: string[]) =>
      lines.filter(
        (line) => !line.includes('"sequence_number":4,') || !line.startsWith('{"table":"messages"'),
      ),
    /DAMAGED/,
  ],
  [
    'the end left out',
    (lines: string[]) => {
      const last = lines.findLastIndex((line) => line.startsWith('{"table":"room_revisions"'))
      return lines.filter((_, index) => index !== last)
    },
    /DAMAGED/,
  ],
] as const)('[SEC-4] a tampered archive is refused: %s', async (_, change, problem) => {
  await backUp()
  const before = await readFile(file, 'utf8')
  await tamper(change)
  expect(await readFile(file, 'utf8')).not.toBe(before)
  await expect(restore()).rejects.toThrow(problem)
  await nothingThere()
})

test('[SEC-4] a receipt finds an archive of a record that was cut', async () => {
  await backUp()
  const at = Date.parse('2026-11-24T00:00Z')
  const signed = await signStatement(
    { PROOF_SECRET },
    { room_id, revision: 900, hash: '0'.repeat(64), at },
  )
  const args = ['--file', file, '--receipt', signed ?? '', there.url]
  const refused = await toolCommand('restore', args, { PROOF_SECRET })
  expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('tail_cut') })
  await nothingThere()
})

test('[RUN-3] a damaged record is saved as it is, and says so; it does not come back', async () => {
  const damaged = await fullRecord(there.pool)
  await there.pool.query(
    `UPDATE messages SET content = 'x' WHERE room_id = $1 AND sequence_number = 6`,
    [damaged.room_id],
  )
  const saved = await toolCommand('backup', ['--room', damaged.room_id, '--out', file, there.url])
  expect(saved).toMatchObject({ code: 1, errors: expect.stringContaining('message_altered') })
  await there.pool.query(
    'TRUNCATE incident_rooms, room_revisions, messages, message_reactions, files CASCADE',
  )
  await expect(restore()).rejects.toThrow('message_altered')
})

test('[RUN-3] files’ rows come along, and their bytes are not cleared away', async () => {
  await backUp()
  await there.pool.query(
    `INSERT INTO unclaimed_objects SELECT file_id, now() FROM json_populate_recordset(
      NULL::files, $1)`,
    [
      JSON.stringify(
        (await here.pool.query('SELECT file_id FROM files WHERE room_id = $1', [room_id])).rows,
      ),
    ],
  )
  await restore()
  expect((await there.pool.query('SELECT FROM unclaimed_objects')).rowCount).toBe(0)
})

test.each([
  ['backup', [], /^Which room, and where to\?/],
  ['backup', ['--room', 'line-3', '--out', 'x'], /^Which room, and where to\?/],
  ['restore', [], /^Which archive\?/],
  ['restore', ['--file', '/nowhere/at/all'], /ENOENT/],
] as const)('[RUN-3] npm run %s -- %j says in one line what is wrong', async (tool, args, line) => {
  const { code, output, errors } = await toolCommand(tool, [...args, there.url])
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(errors).toMatch(line)
  expect(errors.trim().split('\n')).toHaveLength(1)
})
