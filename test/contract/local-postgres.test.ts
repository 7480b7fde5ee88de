/** The Postgres of npm start and of these tests, and the bridge in front of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startBridge } from '../../tools/dev/bridge.ts'
import { startPostgres } from '../../tools/dev/postgres.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-postgres-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('RUN-1: what was committed survives SIGKILL, and the next start heals by itself', async () => {
  const dataDir = join(folder, 'postgres')
  const first = await startPostgres({ dataDir })
  const client = new Client({ connectionString: first.url })
  client.on('error', () => {})
  await client.connect()
  await client.query('CREATE TABLE kept AS SELECT 42 AS answer')
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const second = await startPostgres({ dataDir })
  try {
    expect(await answerOf(second.url, 'SELECT answer FROM kept')).toBe(42)
  } finally {
    await second.stop()
  }
  expect(await second.exited).toBe('exit code 0')
})

test('RUN-1: a server that still runs in the folder is stopped before the next one', async () => {
  const dataDir = join(folder, 'postgres')
  const first = await startPostgres({ dataDir })
  const second = await startPostgres({ dataDir })
  expect(await first.exited).toBe('exit code 0')
  await second.stop()
})

test('the bridge carries only to the servers on its list', async () => {
  const bridge = await startBridge({ allow: ['127.0.0.1:1'] })
  const webSocket = new WebSocket(`${bridge.url}?address=127.0.0.1:2`)
  const code = await new Promise((resolve) => webSocket.once('close', resolve))
  await bridge.stop()
  expect(code).toBe(1008)
})

async function answerOf(url: string, query: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ answer: unknown }>(query)
    return rows[0]?.answer
  } finally {
    await client.end()
  }
}
