/**
 * A real Postgres 18 from the npm package, for development and tests. Its files stay in
 * `dataDir`; it listens on the loopback interface only and has no Unix socket. Durable as in
 * production (fsync and synchronous_commit stay on). Extensions are the migrations' business.
 */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pause, spawnTied, stopTied, type TiedChildOptions } from './child-process.ts'
import { giveTo, postgresAccount, type Account } from './postgres-account.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { clearLeftovers } from './postgres-leftovers.ts'
import { freePort } from './ports.ts'

export type Postgres = {
  /** Role and database `muster`. The role may create databases and is no superuser. */
  url: string
  port: number
  pid: number
  /** Resolves with how it ended, on request or not. */
  exited: Promise<string>
  /** fast: sessions are ended and everything is flushed. immediate: as if the power failed. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

export type PostgresOptions = {
  dataDir: string
  /** 0 or absent: a free one. */
  port?: number
  log?: (line: string) => void
}

type Cluster = {
  binaries: PostgresBinaries
  account: Account | undefined
  dataDir: string
  log: (line: string) => void
}

// Known to everybody, which is fine for a server that only this machine can reach.
const password = 'muster'
// Recovery after a crash can take a while on a slow disk.
const startTimeoutMs = 60_000
const stopTimeoutMs = 10_000
// A free port can be lost between asking for it and binding it, and the sessions of a killed
// server hold its shared memory for a moment.
const retryPauseMs = 500
const startAttempts = 3

export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const account = await postgresAccount()
  const cluster: Cluster = {
    binaries: await findPostgresBinaries(account),
    account,
    dataDir: options.dataDir,
    log: options.log ?? (() => {}),
  }
  await clearLeftovers(cluster.dataDir)
  await createCluster(cluster)

  const wanted = options.port ?? 0
  for (let attempt = 1; ; attempt++) {
    const port = wanted === 0 ? await freePort() : wanted
    try {
      return await startServer(cluster, port)
    } catch (error) {
      if (attempt === startAttempts) throw error
      await pause(retryPauseMs)
    }
  }
}

async function createCluster(cluster: Cluster): Promise<void> {
  const { account, dataDir } = cluster
  if (await stat(join(dataDir, 'PG_VERSION')).catch(() => undefined)) {
    if (account) await giveTo(account, dataDir)
    return
  }
  // Made beside and then moved, so that a start that was killed leaves no half of a cluster.
  const partial = { ...cluster, dataDir: `${dataDir}.new` }
  await rm(partial.dataDir, { recursive: true, force: true })
  await mkdir(partial.dataDir, { recursive: true, mode: 0o700 })
  if (account) await giveTo(account, partial.dataDir)
  await runOnce(partial, {
    command: cluster.binaries.initdb,
    args: [
      ...['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-instructions'],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ],
  })
  // Single-user mode: the superuser never gets a password, so nobody can log in as it.
  await runOnce(partial, {
    command: cluster.binaries.postgres,
    args: ['postgres'],
    mode: '--single',
    input: [
      `CREATE ROLE muster LOGIN CREATEDB PASSWORD '${password}' IN ROLE pg_monitor`,
      'CREATE DATABASE muster OWNER muster',
    ].join('\n'),
  })
  await writeFile(
    join(partial.dataDir, 'pg_hba.conf'),
    'host all muster 127.0.0.1/32 scram-sha-256\n',
  )
  await rm(dataDir, { recursive: true, force: true })
  await rename(partial.dataDir, dataDir)
}

async function runOnce(
  cluster: Cluster,
  program: { command: string; args: string[]; mode?: string; input?: string },
): Promise<void> {
  const output: string[] = []
  const child = await spawnTied({
    command: program.command,
    args: [
      ...(program.mode === undefined ? [] : [program.mode]),
      ...['-D', folderArgument(cluster), ...program.args],
    ],
    ...surroundings(cluster),
    orphanSignal: 'KILL',
    ...(program.input === undefined ? {} : { input: program.input }),
    onLine: (line) => {
      output.push(line)
      cluster.log(line)
    },
  })
  const ending = await child.exited
  if (ending !== 'exit code 0') {
    throw new Error(`${basename(program.command)}: ${ending}. ${output.slice(-3).join(' ')}`)
  }
}

async function startServer(cluster: Cluster, port: number): Promise<Postgres> {
  const output: string[] = []
  const { promise: settled, resolve: settle } = Promise.withResolvers<string | undefined>()
  const timer = setTimeout(() => settle('no answer in time'), startTimeoutMs)
  const child = await spawnTied({
    command: cluster.binaries.postgres,
    args: ['-D', folderArgument(cluster), ...settings(port)],
    ...surroundings(cluster),
    orphanSignal: 'INT',
    onLine: (line) => {
      if (output.length < 50) output.push(line)
      cluster.log(line)
      if (line.includes('database system is ready to accept connections')) settle(undefined)
    },
  })
  void child.exited.then(settle)
  const failure = await settled
  clearTimeout(timer)
  if (failure !== undefined) {
    child.signal('SIGQUIT', 'child')
    const reason = output.find((line) => line.includes('FATAL')) ?? output.at(-1) ?? failure
    throw new Error(`Postgres did not start: ${reason}`)
  }
  return {
    url: `postgres://muster:${password}@127.0.0.1:${port}/muster`,
    port,
    pid: child.pid,
    exited: child.exited,
    stop: (mode = 'fast') =>
      stopTied(child, {
        signal: mode === 'fast' ? 'SIGINT' : 'SIGQUIT',
        scope: 'child',
        patienceMs: stopTimeoutMs,
      }),
  }
}

function settings(port: number): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/**
 * As another account Postgres may be unable to walk to its own folder (beneath a home of mode
 * 700). The child is put inside before it changes account, and the link in /proc leads there
 * without walking.
 */
function folderArgument(cluster: Cluster): string {
  return cluster.account === undefined ? cluster.dataDir : '/proc/self/cwd'
}

function surroundings(cluster: Cluster): Pick<TiedChildOptions, 'cwd' | 'account' | 'env'> {
  return {
    cwd: cluster.dataDir,
    account: cluster.account,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  }
}
