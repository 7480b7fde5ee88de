/** Where and how the numbers came about, so that two runs can be told apart. */
import { cpus, loadavg, totalmem } from 'node:os'
import type { Client } from 'pg'
import { contentBytes } from './load/dialect.ts'
import type { Options } from './options.ts'

export async function conditions(client: Client, options: Options): Promise<string> {
  const setting = async (name: string) => {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [
      name,
    ])
    return rows[0]?.value ?? ''
  }
  const cores = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return [
    new Date().toISOString().slice(0, 10),
    `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${memory} GiB`,
    `Node ${process.versions.node}`,
    `Postgres ${await setting('server_version')}` +
      ` (fsync ${await setting('fsync')}, synchronous_commit ${await setting('synchronous_commit')})`,
    'the built Worker under plain workerd',
    'all on this machine',
    // Of the minute before: what else the machine was busy with.
    `load average ${(loadavg()[0] ?? 0).toFixed(1)} as it began`,
    `messages of ${contentBytes} bytes`,
    `${options.rounds} rounds of ${options.seconds} s; median (min–max)`,
  ].join('; ')
}
