/**
 * Runs once before all tests: a throw-away Postgres, the bridge to it, and a migrated template
 * database that test files clone (see database.ts).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startBridge } from '../../tools/dev/bridge.ts'
import { buildPage, placeholderPage } from '../../tools/dev/page.ts'
import { startPostgres } from '../../tools/dev/postgres.ts'
import { migrate } from '../../tools/migrate.ts'
import { buildWorker } from '../../tools/workerd/build.ts'
import { OutsideServices } from '../../tools/fakes/outside-services.ts'
import { makeVapidKeys } from '../../tools/dev/vapid-keys.ts'
import { PushService } from './push-service.ts'
import { runStatement } from './run-statement.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the maintenance database; databases are created and dropped from there. */
    postgresUrl: string
    /** Name of the migrated database that others are cloned from. */
    templateDatabase: string
    /** host:port of the bridge, the Worker's DATABASE_PROXY. */
    databaseProxy: string
    /** Of the push service for tests in workerd; see push-service.ts. */
    pushServiceUrl: string
    /** Of stand-ins for other services, for the same; see tools/fakes. */
    outsideServicesUrl: string
    /** What the Worker under test gets on top of wrangler.toml's vars. */
    workerBindings: Record<string, string>
  }
}

const templateDatabase = 'muster_template'
const workerdDatabase = 'muster_workerd'

const served: readonly string[] = ['contract', 'system', 'browser']

/** Once, and not by several files at the same time: one would empty the folder another reads. */
async function build(kinds: readonly string[]): Promise<void> {
  await (kinds.includes('browser') ? buildPage() : placeholderPage())
  if (kinds.some((kind) => served.includes(kind))) await buildWorker()
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Pure code needs no database.
  if (project.vitest.projects.every((one) => one.name === 'unit')) return async () => {}

  await build(project.vitest.projects.map(({ name }) => name))
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
  const bridge = await startBridge({ allow: [`127.0.0.1:${postgres.port}`] })

  const push_service = await PushService.start()
  const outside = await OutsideServices.start()

  await runStatement(postgres.url, `CREATE DATABASE ${templateDatabase}`)
  await migrate(databaseUrl(postgres.url, templateDatabase))
  await runStatement(
    postgres.url,
    `CREATE DATABASE ${workerdDatabase} TEMPLATE ${templateDatabase}`,
  )

  const databaseProxy = `127.0.0.1:${bridge.port}`
  project.provide('postgresUrl', postgres.url)
  project.provide('templateDatabase', templateDatabase)
  project.provide('databaseProxy', databaseProxy)
  project.provide('pushServiceUrl', push_service.url)
  project.provide('outsideServicesUrl', outside.url)
  project.provide('workerBindings', {
    ENVIRONMENT: 'development',
    AUTH_DEV_LOGIN: 'true',
    AUTH_SECRET: 'a-secret-for-tests-only-of-32-characters',
    METRICS_TOKEN: 'a-token-for-tests-only',
    // An object that has something to report is not put away before.
    REPORT_INTERVAL: '0.25',
    DATABASE_URL: databaseUrl(postgres.url, workerdDatabase),
    DATABASE_PROXY: databaseProxy,
    ...(await makeVapidKeys()),
    VAPID_SUBJECT: 'mailto:night-shift@example.com',
    // The tests' own push service, and what a browser might name.
    PUSH_HOSTS: 'localhost,127.0.0.1,fcm.googleapis.com,*.push.services.mozilla.com',
  })

  return async () => {
    await push_service.stop()
    await outside.stop()
    await bridge.stop()
    await postgres.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
