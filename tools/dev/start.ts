/**
 * `npm start`: database, page and Worker on this machine, without an account or the internet.
 * PORT (8000) and DATA_DIR (.muster) move it, HOST (localhost) opens it to other machines, and
 * DATABASE_URL brings another Postgres, DATABASE_READ_URL its replica.
 */
import { join } from 'node:path'
import { OutsideServices } from '../fakes/outside-services.ts'
import { demoPeople } from '../seed.ts'
import { openDataDir } from './data-dir.ts'
import { startLocalDatabase } from './local-database.ts'
import { buildPage } from './page.ts'
import { isPortFree } from './ports.ts'
import { runUntilStopped, type Running } from './running.ts'
import { workerVars } from './worker-vars.ts'
import { startWrangler } from './wrangler.ts'

await runUntilStopped(start)

async function start(running: Running): Promise<void> {
  const port = portFromEnvironment()
  if (!(await isPortFree(port))) {
    throw new Error(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`)
  }
  const dataDir = await openDataDir()
  running.onStop(() => dataDir.release())

  const database = await startLocalDatabase({
    dataDir,
    databaseUrl: process.env['DATABASE_URL'] || undefined,
    readUrl: process.env['DATABASE_READ_URL'] || undefined,
  })
  running.onStop(() => database.stop())
  running.failsWhen('Postgres', database.exited)

  const outside = await OutsideServices.start({ file: dataDir.file('sent-outside.jsonl') })
  running.onStop(() => outside.stop())

  await buildPage()
  const wrangler = await startWrangler({
    host: process.env['HOST'] || 'localhost',
    port,
    folder: dataDir.file('wrangler'),
    vars: await workerVars(dataDir, database, outside.url),
    onLine: (line) => console.log(line),
  })
  running.onStop(() => wrangler.stop())
  running.failsWhen('The Worker', wrangler.exited)

  console.log(welcome(port, dataDir.path, outside.url))
}

function portFromEnvironment(): number {
  const text = process.env['PORT'] || '8000'
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`PORT must be a number from 1 to 65535, not "${text}".`)
  }
  return port
}

function welcome(port: number, dataDir: string, outsideUrl: string): string {
  const people = demoPeople.map((person) => `    ${person.user_id}  (${person.display_name})`)
  return [
    '',
    `  Muster is ready at http://localhost:${port}`,
    ...(people.length === 0 ? [] : ['  Sign in as one of:', ...people]),
    `  E-mail, WhatsApp messages and webhooks stay on this machine; see them at ${outsideUrl}`,
    `  Metrics at http://localhost:${port}/metrics, with the bearer token in ${join(dataDir, 'metrics-token')}`,
    `  Data in ${dataDir}. Ctrl-C stops everything.`,
    '',
  ].join('\n')
}
