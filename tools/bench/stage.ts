/**
 * What stands on the machine while it is measured: a durable Postgres, the bridge to it, and the
 * servers, each started when the first goal needs it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startBridge } from '../dev/bridge.ts'
import { startPostgres, type Postgres } from '../dev/postgres.ts'
import { migrate } from '../migrate.ts'
import { serveWorker } from '../workerd/serve.ts'
import { startBareServer } from './bare/server.ts'
import { Driver } from './load/driver.ts'
import { authSecret } from './muster/members.ts'
import { startSocketIo } from './peer/socket-io.ts'

/** A Worker and the bridge that its database is behind. */
export type Muster = {
  port: number
  proxy: string
  /** Of workerd. */
  pid: number
}

export class Stage {
  readonly driver = new Driver()
  readonly postgres: Postgres
  /** For what is done to the database around the measuring. */
  readonly client: Client
  readonly #stops: (() => Promise<void>)[]
  #near: Promise<Muster> | undefined
  #bare: Promise<number> | undefined
  #socketIo: Promise<number> | undefined

  private constructor(parts: {
    postgres: Postgres
    client: Client
    stops: (() => Promise<void>)[]
  }) {
    this.postgres = parts.postgres
    this.client = parts.client
    this.#stops = parts.stops
  }

  static async set(): Promise<Stage> {
    const stops: (() => Promise<void>)[] = []
    try {
      const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'))
      stops.push(() => rm(folder, { recursive: true, force: true }))
      const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
      stops.push(() => postgres.stop('immediate'))
      await migrate(postgres.url)
      const client = new Client({ connectionString: postgres.url })
      await client.connect()
      stops.push(() => client.end())
      return new Stage({ postgres, client, stops })
    } catch (error) {
      await takeDown(stops)
      throw error
    }
  }

  /** Muster with its database near. */
  muster(): Promise<Muster> {
    this.#near ??= this.startMuster({})
    return this.#near
  }

  /**
   * Another Muster of its own.
   * @param options.delayMs added to every round trip to the database
   * @param options.databasePort where Postgres is reached, if not straight
   * @param options.page with the page as it is built now
   * @param options.vars on top of what all have
   */
  async startMuster(options: {
    delayMs?: number
    databasePort?: number
    page?: boolean
    vars?: Record<string, string>
  }): Promise<Muster> {
    const url = new URL(this.postgres.url)
    if (options.databasePort !== undefined) url.port = String(options.databasePort)
    const bridge = await startBridge({ allow: [url.host], delayMs: options.delayMs ?? 0 })
    this.onStop(() => bridge.stop())
    const proxy = `127.0.0.1:${bridge.port}`
    const worker = await serveWorker({
      page: options.page ?? false,
      vars: {
        ENVIRONMENT: 'development',
        AUTH_DEV_LOGIN: 'true',
        AUTH_SECRET: authSecret,
        DATABASE_URL: url.href,
        DATABASE_PROXY: proxy,
        // No limit for people is what is measured, however often a sender comes again.
        RATE_LIMIT_ENTERPRISE: '100000000',
        ...options.vars,
      },
    })
    this.onStop(() => worker.stop())
    return { port: worker.port, proxy, pid: worker.pid }
  }

  /** @returns the port of the bare Durable Object */
  bare(): Promise<number> {
    this.#bare ??= startBareServer().then((server) => {
      this.onStop(() => server.stop())
      return server.port
    })
    return this.#bare
  }

  /** @returns the port of the Socket.IO peer */
  socketIo(): Promise<number> {
    const { client } = this
    this.#socketIo ??= startSocketIo({ url: this.postgres.url, client }).then((server) => {
      this.onStop(() => server.stop())
      return server.port
    })
    return this.#socketIo
  }

  /** Called when everything is taken down, the last one first. */
  onStop(stop: () => Promise<void>): void {
    this.#stops.push(stop)
  }

  async takeDown(): Promise<void> {
    this.driver.stop()
    await takeDown(this.#stops)
  }
}

async function takeDown(stops: (() => Promise<void>)[]): Promise<void> {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop()
}
