/** `npm run verify`, and tools like it, as processes of their own. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'

const projectDir = resolve(import.meta.dirname, '../..')

export type Ended = { readonly code: number; readonly output: string; readonly errors: string }

type Env = Readonly<{ [name: string]: string }>

export const verifyCommand = (args: readonly string[], env: Env = {}): Promise<Ended> =>
  toolCommand('verify', args, env)

/** @param env on top of an environment that names no database and no secret */
export const toolCommand = (
  tool: 'verify' | 'backup' | 'restore',
  args: readonly string[],
  env: Env = {},
): Promise<Ended> =>
  new Promise((done) => {
    const none = { DATABASE_URL: '', AUTH_SECRET: '', PROOF_SECRET: '' }
    execFile(
      process.execPath,
      [`tools/${tool}.ts`, ...args],
      { cwd: projectDir, env: { ...process.env, ...none, ...env } },
      (error, output, errors) =>
        done({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          output,
          errors,
        }),
    )
  })
