/** The Worker bundled as a deploy would bundle it, kept in dist/worker until a source changes. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { newest } from '../dev/newest.ts'

const projectDir = resolve(import.meta.dirname, '../..')
const outputDir = join(projectDir, 'dist/worker')
const sources = ['src', 'wrangler.toml', 'package-lock.json']

let building: Promise<string> | undefined

/**
 * Resolves with the path of the bundle's main module. One build per process and per change.
 * web/dist must exist, with or without a page in it.
 */
export async function buildWorker(): Promise<string> {
  building ??= build().finally(() => {
    building = undefined
  })
  return building
}

async function build(): Promise<string> {
  const main = join(outputDir, 'worker.js')
  const changes = await Promise.all(sources.map((source) => newest(join(projectDir, source))))
  const built = await stat(main).catch(() => undefined)
  if (built !== undefined && Math.max(...changes) < built.mtimeMs) return main

  const wrangler = join(projectDir, 'node_modules/wrangler/bin/wrangler.js')
  const args = [wrangler, 'deploy', '--dry-run', '--outdir', outputDir]
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: projectDir,
      env: { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`The Worker does not build.\n${stderr}${stdout}`, { cause: error })
  }
  return main
}
