/** What operators are told of a database that may lose what it has confirmed (OPS-1). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Readiness } from '../../src/protocol/health.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
beforeAll(async () => {
  worker = await startTestWorker()
})
afterAll(() => worker.stop())

/** With fresh connections: a database's settings hold for those that are opened afterwards. */
const readinessWith = async (setting: string, value: string) => {
  const { pathname } = new URL(worker.database.url)
  await worker.database.pool.query(`ALTER DATABASE ${pathname.slice(1)} SET ${setting} = ${value}`)
  await worker.restart()
  const response = await fetch(`${worker.served.url}/health/ready`)
  return { status: response.status, body: (await response.json()) as Readiness }
}

test.each(['on', 'local', 'remote_write'])(
  '[OPS-1] it is ready with synchronous_commit = %s',
  async (value) => {
    const { status, body } = await readinessWith('synchronous_commit', value)
    expect(body).toMatchObject({ status: 'ready', reasons: [] })
    expect(status).toBe(200)
  },
)

test('[OPS-1] it is not ready where commits do not wait for the disk, and says so', async () => {
  const { status, body } = await readinessWith('synchronous_commit', 'off')
  expect(status).toBe(503)
  expect(body).toMatchObject({
    status: 'not_ready',
    reasons: ['database: synchronous_commit is off: what was committed may be lost'],
    database: 'reachable',
  })
  expect((await fetch(`${worker.served.url}/health`)).status).toBe(200)
})
