/** The built Worker with a database of its own, for the tests that drive it from outside. */
import { inject } from 'vitest'
import { serveWorker, type ServedWorker } from '../../tools/workerd/serve.ts'
import { createDatabase, type Database } from './database.ts'

export type TestWorker = {
  database: Database
  /** Where the Worker is now; restart() replaces it. */
  served: ServedWorker
  /** Same port, same storage, after served.kill() or instead of it. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startTestWorker(
  options: { vars?: Record<string, string>; page?: boolean } = {},
): Promise<TestWorker> {
  const database = await createDatabase()
  const vars = {
    ...inject('workerBindings'),
    DATABASE_URL: database.url,
    DATABASE_PROXY: database.proxy,
    ...options.vars,
  }
  const first = await serveWorker({ vars, page: options.page ?? false }).catch(async (error) => {
    await database.drop()
    throw error
  })
  const worker: TestWorker = {
    database,
    served: first,
    async restart() {
      await worker.served.kill()
      worker.served = await serveWorker({ vars, port: first.port, dataDir: first.dataDir })
    },
    async stop() {
      await worker.served.stop()
      await first.stop()
      await database.drop()
    },
  }
  return worker
}
