import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

let worker: TestWorker
beforeAll(async () => {
  worker = await startTestWorker()
})
afterAll(() => worker.stop())

test('RUN-2: the built Worker comes back on the same port after SIGKILL', async () => {
  const before = worker.served.pid
  expect((await fetch(`${worker.served.url}/health`)).status).toBe(200)
  await worker.restart()
  expect(worker.served.pid).not.toBe(before)
  expect((await fetch(`${worker.served.url}/health`)).status).toBe(200)
})
