/** `npm run verify` as a process of its own. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'

const projectDir = resolve(import.meta.dirname, '../..')

export type Ended = { readonly code: number; readonly output: string; readonly errors: string }

/** @param env on top of an environment that names no database and no secret */
export const verifyCommand = (
  args: readonly string[],
  env: Readonly<{ [name: string]: string }> = {},
): Promise<Ended> =>
  new Promise((done) => {
    const none = { DATABASE_URL: '', AUTH_SECRET: '', PROOF_SECRET: '' }
    execFile(
      process.execPath,
      ['tools/verify.ts', ...args],
      { cwd: projectDir, env: { ...process.env, ...none, ...env } },
      (error, output, errors) =>
        done({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          output,
          errors,
        }),
    )
  })
