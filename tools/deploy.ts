/**
 * `npm run deploy`: builds the page and hands both to `wrangler deploy`, for an environment that was
 * named; staging where none was. Never for the top level of wrangler.toml, which is development.
 *
 *   npm run deploy                                      staging
 *   npm run deploy -- --env production                  production
 *   npm run deploy -- --env staging --secrets-file f    the first time, with its secrets
 *
 * What else is given goes to wrangler as it is: `--dry-run`, `--message "…"`.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { argumentsFor } from './deploy/arguments.ts'
import { buildPage } from './dev/page.ts'
import { oneLine } from './one-line.ts'

const projectDir = resolve(import.meta.dirname, '..')

const wrangler = (args: string[]) =>
  new Promise<number>((done, fail) => {
    const program = join(projectDir, 'node_modules/.bin/wrangler')
    const child = spawn(program, args, { cwd: projectDir, stdio: 'inherit' })
    child.on('error', fail)
    child.on('close', (code) => done(code ?? 1))
  })

try {
  const args = argumentsFor(process.argv.slice(2))
  await buildPage()
  process.exitCode = await wrangler(args)
} catch (error) {
  console.error(oneLine(error))
  process.exitCode = 1
}
