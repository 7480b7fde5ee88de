/**
 * The account that Postgres runs as. It refuses to run as root, so when we are root it gets the
 * machine's `postgres` account or else `nobody`; no account is ever created on somebody's machine.
 */
import { execFile } from 'node:child_process'
import { chown, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Account = { uid: number; gid: number }

const run = promisify(execFile)

/** undefined: our own account will do. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      // Try the next name.
    }
  }
  throw new Error('Postgres refuses to run as root, and there is no account postgres or nobody.')
}

/** Makes the whole folder the account's, whoever ran Postgres in it before. */
export async function giveTo(account: Account, path: string): Promise<void> {
  const stat = await lstat(path)
  if (stat.uid !== account.uid || stat.gid !== account.gid) {
    await chown(path, account.uid, account.gid)
  }
  if (!stat.isDirectory()) return
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await giveTo(account, join(path, entry.name))
  }
}
