/**
 * `npm run tune`: which size of the pool a database sustains, and where more brings no more.
 * Without DATABASE_URL it tries the Postgres that comes along, which tells about this machine.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './dev/postgres.ts'
import { migrate } from './migrate.ts'
import { oneLine } from './one-line.ts'
import { readOptions, usage } from './tune/options.ts'
import { linesOf, tune } from './tune/tune.ts'

const interrupted = new AbortController()
// What was made is removed first; whoever cannot wait presses it again.
process.once('SIGINT', () => interrupted.abort())

try {
  const options = readOptions(process.argv.slice(2))
  const given = process.env['DATABASE_URL']
  const database = given === undefined ? await ownDatabase() : { url: given, stop: async () => {} }
  try {
    const tuned = await tune(database.url, options, console.log, interrupted.signal)
    console.log(linesOf(tuned).join('\n'))
  } finally {
    await database.stop()
  }
} catch (error) {
  console.error(`${oneLine(error)}\n${usage}`)
  process.exitCode = 1
}

async function ownDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'muster-tune-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
    await migrate(postgres.url)
    const stop = async () => {
      await postgres.stop()
      await remove()
    }
    return { url: postgres.url, stop }
  } catch (error) {
    await remove()
    throw error
  }
}
