/**
 * `npm run check`: what needs no running server. Format, lint, types, dead code, the layers, and
 * whether page and Worker build. One line per step; the output of a step only when it fails.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { argumentsFor, environments } from './deploy/arguments.ts'
import { buildPage } from './dev/page.ts'
import { oneLine } from './one-line.ts'
import { INITIAL_JS_MAX_BYTES, initialJsBytes } from './page-weight.ts'

export type Tally = { passed: number; failed: number }

type Step = { name: string; run: () => Promise<string | undefined> }

const projectDir = resolve(import.meta.dirname, '..')
const atOnce = 2

const steps: Step[] = [
  // First, because the Worker's dry run needs the folder with the page.
  { name: 'page builds', run: page },
  { name: 'page is light', run: weight },
  command('types: Worker', 'tsc', ['-p', '.']),
  command('types: tools', 'tsc', ['-p', 'tools']),
  command('types: tests', 'tsc', ['-p', 'test']),
  command('types: tests in workerd', 'tsc', ['-p', 'test/workerd']),
  command('types: page', 'svelte-check', ['--tsconfig', 'web/tsconfig.json', '--output', 'human']),
  command('types: service worker', 'tsc', ['-p', 'web/service-worker']),
  command('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  command('lint', 'oxlint', ['--format=unix']),
  command('dead code', 'knip', ['--no-progress']),
  command('layers', 'vitest', ['run', '--project', 'unit', 'test/unit/architecture.test.ts']),
  ...environments.map((env) =>
    command(`Worker builds for ${env}`, 'wrangler', [
      ...argumentsFor(['--env', env, '--dry-run', '--outdir', `dist/check/${env}`]),
    ]),
  ),
]

/** Runs every step, also after a failure, and prints as it goes. */
export async function check(): Promise<Tally> {
  const tally = { passed: 0, failed: 0 }
  const [first, ...rest] = steps
  if (first !== undefined) await report(first, tally)
  const queue = rest.values()
  const lane = async () => {
    for (const step of queue) await report(step, tally)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return tally
}

async function report(step: Step, tally: Tally): Promise<void> {
  const start = performance.now()
  const problem = await step.run()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  if (problem === undefined) {
    tally.passed += 1
    console.log(`  ok      ${step.name} (${seconds} s)`)
  } else {
    tally.failed += 1
    console.log(`  FAILED  ${step.name} (${seconds} s)\n${problem.trim()}\n`)
  }
}

function command(name: string, program: string, args: string[]): Step {
  return {
    name,
    run: () =>
      new Promise((done) => {
        const child = spawn(join(projectDir, 'node_modules/.bin', program), args, {
          cwd: projectDir,
          env: { ...process.env, CI: 'true', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let output = ''
        child.stdout.on('data', (text) => (output += String(text)))
        child.stderr.on('data', (text) => (output += String(text)))
        child.on('error', (error) => done(error.message))
        child.on('close', (code) => done(code === 0 ? undefined : `${output}\n${name}: ${code}`))
      }),
  }
}

async function weight(): Promise<string | undefined> {
  const bytes = await initialJsBytes()
  if (bytes <= INITIAL_JS_MAX_BYTES) return undefined
  return `${bytes} bytes of JavaScript before the page shows; at most ${INITIAL_JS_MAX_BYTES} (P10)`
}

async function page(): Promise<string | undefined> {
  try {
    await buildPage()
    return undefined
  } catch (error) {
    return oneLine(error)
  }
}

if (import.meta.main) {
  const { failed } = await check()
  process.exit(failed === 0 ? 0 : 1)
}
