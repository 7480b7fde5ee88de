/**
 * What an unclean end left in a Postgres folder: a server that still runs there is stopped, and
 * its lock file is removed. Postgres would trust the process number in that file, which after a
 * restart of the machine or container may belong to somebody else.
 * The caller makes sure that nobody else is using the folder rightfully.
 */
import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isAlive, pause } from './child-process.ts'

const fastPatienceMs = 8_000
const immediatePatienceMs = 2_000

export async function clearLeftovers(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid')
  const text = await readFile(lockFile, 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  if (pid > 0 && isAlive(pid) && (await runsIn(pid, dataDir))) {
    process.kill(pid, 'SIGINT')
    if (!(await gone(pid, fastPatienceMs))) process.kill(pid, 'SIGQUIT')
    if (!(await gone(pid, immediatePatienceMs))) {
      throw new Error(`An earlier Postgres (process ${pid}) still runs in ${dataDir}.`)
    }
  }
  await rm(lockFile, { force: true })
}

/** A Postgres server's working folder is its data folder. */
async function runsIn(pid: number, dataDir: string): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  if (cwd !== undefined) return cwd === (await realpath(dataDir))
  // No /proc (macOS): the folder is an argument of the command.
  const command = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])
    .then((answer) => answer.stdout)
    .catch(() => '')
  return command.includes('postgres') && command.includes(dataDir)
}

async function gone(pid: number, patienceMs: number): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += 50) {
    if (!isAlive(pid)) return true
    await pause(50)
  }
  return !isAlive(pid)
}
