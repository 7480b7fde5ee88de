/**
 * A whole deployment whose every link can be broken: the built Worker, the bridge, the fault
 * proxy, and Postgres; the tests' own for those that kill it, otherwise the shared one.
 *
 *   Worker → bridge → fault proxy → Postgres ← pool of the test
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { inject } from 'vitest'
import { startBridge } from '../../tools/dev/bridge.ts'
import { startPostgres } from '../../tools/dev/postgres.ts'
import { migrate } from '../../tools/migrate.ts'
import { serveWorker, type ServedWorker } from '../../tools/workerd/serve.ts'
import { createDatabase } from './database.ts'
import { FaultProxy } from './fault-proxy.ts'

export type Deployment = {
  /** http://127.0.0.1:port of the Worker; the same after a restart. */
  readonly url: string
  /** Straight to Postgres, past every fault. */
  readonly pool: Pool
  readonly proxy: FaultProxy
  /** SIGKILL, and again on the same port with the same storage. */
  restartWorker(): Promise<void>
  /** The same Worker once more, with objects of its own: two live instances of every room. */
  startTwin(): Promise<Twin>
  /** As if the power failed, and again on the same port. Only with a Postgres of its own. */
  restartPostgres(): Promise<void>
  stop(): Promise<void>
}

export type Twin = { readonly url: string; restart(): Promise<void> }

export type DeploymentOptions = {
  /** Its own Postgres, to be killed. */
  readonly ownPostgres?: boolean
  readonly vars?: Record<string, string>
  /** Each line of the Worker's output. */
  readonly log?: (line: string) => void
}

export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const cleaning: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const clean of cleaning.splice(0).toReversed()) await clean()
  }
  try {
    const database = options.ownPostgres === true ? await ownDatabase() : await sharedDatabase()
    cleaning.push(database.stop)
    const { port } = new URL(database.url)
    const proxy = await FaultProxy.start(Number(port))
    cleaning.push(() => proxy.stop())
    const bridge = await startBridge({ allow: [`127.0.0.1:${proxy.port}`] })
    cleaning.push(bridge.stop)
    const throughProxy = new URL(database.url)
    throughProxy.port = String(proxy.port)
    const vars = {
      ...inject('workerBindings'),
      DATABASE_URL: throughProxy.href,
      DATABASE_PROXY: `127.0.0.1:${bridge.port}`,
      ...options.vars,
    }
    const startWorker = async (): Promise<Twin> => {
      const { log } = options
      const told = log === undefined ? {} : { log }
      const first = await serveWorker({ vars, ...told })
      let served: ServedWorker = first
      cleaning.push(first.stop, () => served.stop())
      const restart = async () => {
        await served.kill()
        served = await serveWorker({ vars, port: first.port, dataDir: first.dataDir, ...told })
      }
      return { url: first.url, restart }
    }
    const worker = await startWorker()

    return {
      url: worker.url,
      pool: database.pool,
      proxy,
      restartWorker: worker.restart,
      startTwin: startWorker,
      restartPostgres: database.restart,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type UsedDatabase = {
  readonly url: string
  readonly pool: Pool
  restart(): Promise<void>
  stop(): Promise<void>
}

async function sharedDatabase(): Promise<UsedDatabase> {
  const { url, pool, drop } = await createDatabase()
  return {
    url,
    pool,
    restart: () => Promise.reject(new Error('this Postgres is shared by all tests')),
    stop: drop,
  }
}

async function ownDatabase(): Promise<UsedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-own-postgres-'))
  const dataDir = join(folder, 'postgres')
  let postgres = await startPostgres({ dataDir })
  const { url, port } = postgres
  await migrate(url)
  const pool = new Pool({ connectionString: url, max: 20 })
  pool.on('error', () => {})
  return {
    url,
    pool,
    async restart() {
      await postgres.stop('immediate')
      postgres = await startPostgres({ dataDir, port })
    },
    async stop() {
      await pool.end()
      await postgres.stop('immediate')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
