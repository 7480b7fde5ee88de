/**
 * `npm run database`: only the database and its bridge, on fixed ports, for a plain
 * `wrangler dev` beside it.
 */
import { openDataDir } from './data-dir.ts'
import { startLocalDatabase } from './local-database.ts'
import { runUntilStopped } from './running.ts'

// The same as in .dev.vars.example.
const postgresPort = 54329
const bridgePort = 54330

await runUntilStopped(async (running) => {
  const dataDir = await openDataDir()
  running.onStop(() => dataDir.release())
  const database = await startLocalDatabase({ dataDir, postgresPort, bridgePort })
  running.onStop(() => database.stop())
  running.failsWhen('Postgres', database.exited)
  console.log(
    [
      'The database is ready. For `wrangler dev`, put this into .dev.vars:',
      '',
      `DATABASE_URL=${database.url}`,
      `DATABASE_PROXY=${database.proxy ?? ''}`,
      '',
    ].join('\n'),
  )
})
