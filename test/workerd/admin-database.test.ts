/** What an admin sees of the database, and nobody else (DB-7, SEC-2). */
import type { Client } from '@neondatabase/serverless'
import { expect, test, vi } from 'vitest'
import { DatabaseFigures } from '../../src/protocol/database-figures.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import { makeAdmin, openRoom, sendJson, signIn, type Caller } from './http-client.ts'
import { inSession } from './support/sql.ts'

const path = '/api/admin/database'
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const signInAdmin = async (): Promise<Caller> => {
  const admin = await signIn('admin')
  await makeAdmin(admin.user_id)
  return admin
}

const figuresFor = async (admin: Caller): Promise<DatabaseFigures> => {
  const { status, body } = await admin.get<DatabaseFigures>(path)
  expect(status).toBe(200)
  return DatabaseFigures.parse(body)
}

const figureOf = ({ statements }: DatabaseFigures, name: string) =>
  statements.find(({ statement, database }) => statement === name && database === 'primary')

test('[SEC-2] [DB-7] admins only: the owner of a room is none, and who is not signed in neither', async () => {
  const owner = await signIn('owner')
  await openRoom(owner)
  const refused = await owner.get<Problem>(path)
  expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  expect(JSON.stringify(refused.body)).not.toContain('statements')
  expect((await sendJson<Problem>(path)).status).toBe(401)
  expect((await (await signInAdmin()).get(path)).status).toBe(200)
})

test('[DB-3] [DB-7] every gateway’s pool, and every statement by name, the longest first', async () => {
  const admin = await signInAdmin()
  await openRoom(admin)
  const before = await figuresFor(admin)
  for (let time = 0; time < 3; time += 1) await openRoom(admin)
  const after = await figuresFor(admin)

  expect(after.slow_ms).toBe(500)
  expect(after.shards.map(({ shard }) => shard)).toEqual([0, 1])
  for (const shard of after.shards) expect(shard).toMatchObject({ answers: true, replica: null })
  const opened = after.shards.flatMap(({ primary }) => primary?.opened ?? [])
  expect(Math.max(...opened)).toBeGreaterThan(0)

  const created = figureOf(after, 'createRoom')
  if (!created) throw new Error('no figures of createRoom')
  expect(created.count).toBe((figureOf(before, 'createRoom')?.count ?? 0) + 3)
  expect(created.mean_ms).toBeCloseTo(created.total_ms / created.count, 0)
  expect(created.max_ms).toBeGreaterThanOrEqual(created.mean_ms)
  const totals = after.statements.map(({ total_ms }) => total_ms)
  expect(totals).toEqual(totals.toSorted((one, other) => other - one))
})

/** Until another session waits for this one. */
const untilBlocking = async (client: Client): Promise<void> => {
  for (;;) {
    const { rows } = await client.query(
      'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    )
    if (rows.length > 0) return
    await pause(10)
  }
}

test('[DB-7] [OPS-5] a slow statement is counted, shown, and logged by its name without its values', async () => {
  const admin = await signInAdmin()
  const ann = await signIn('ann')
  const before = figureOf(await figuresFor(admin), 'saveUser')
  const logged = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await inSession(async (client) => {
    await client.query('BEGIN')
    await client.query('SELECT FROM tr_users WHERE user_id = $1 FOR UPDATE', [ann.user_id])
    const saving = sendJson('/api/auth/dev-login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: ann.user_id, display_name: 'Ann Between Us' }),
    })
    await untilBlocking(client)
    await pause(600)
    await client.query('ROLLBACK')
    expect((await saving).status).toBe(200)
  })
  const lines = logged.mock.calls.map(([line]) => String(line))
  logged.mockRestore()

  const slow = lines.filter((line) => line.includes('slow_statement') && line.includes('saveUser'))
  expect(slow.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      ...{ event: 'slow_statement', level: 'warn', at: expect.any(String) as string },
      ...{ statement: 'saveUser', database: 'primary', ms: expect.any(Number) as number },
    },
  ])
  for (const line of lines) {
    expect(line).not.toContain(ann.user_id)
    expect(line).not.toContain('Between Us')
  }

  const after = figureOf(await figuresFor(admin), 'saveUser')
  expect(after?.slow).toBe((before?.slow ?? 0) + 1)
  expect(after?.max_ms).toBeGreaterThan(500)
})
