/**
 * `npm test`: the checks and then every kind of test, one after the other. The last line of the
 * output is always "N passed, N failed".
 */
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { check, type Tally } from './check.ts'
import { ensureChromium } from './ensure-chromium.ts'

const projectDir = resolve(import.meta.dirname, '..')
const reportsDir = join(projectDir, 'dist/test-reports')
const kinds = ['unit', 'postgres', 'workerd', 'system', 'browser']

/** The part of vitest's JSON report that is counted. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

const total: Tally = { passed: 0, failed: 0 }
await rm(reportsDir, { recursive: true, force: true })
heading('checks')
add(await check())
for (const kind of kinds) {
  heading(kind)
  add(kind === 'browser' ? await browserTests() : await tests(kind))
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function browserTests(): Promise<Tally> {
  const problem = await ensureChromium()
  if (problem === undefined) return tests('browser')
  console.log(problem)
  return { passed: 0, failed: 1 }
}

async function tests(kind: string): Promise<Tally> {
  const file = join(reportsDir, `${kind}.json`)
  const code = await vitest([
    ...['run', '--project', kind],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  ])
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return { passed: 0, failed: 1 }

  const report = JSON.parse(text) as Report
  // A file that did not even load has no tests that could fail.
  const brokenFiles = report.testResults.filter(
    (result) =>
      result.status === 'failed' && result.assertionResults.every((one) => one.status !== 'failed'),
  )
  const failed = report.numFailedTests + brokenFiles.length
  // Errors outside of any test show only in the exit code.
  return { passed: report.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed }
}

function vitest(args: string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(join(projectDir, 'node_modules/.bin/vitest'), args, {
      cwd: projectDir,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    // A terminal's Ctrl-C reaches the child by itself; a SIGTERM is for us alone.
    const passOn = () => {
      child.kill('SIGTERM')
      process.exit(143)
    }
    process.once('SIGTERM', passOn)
    child.on('error', () => done(1))
    child.on('close', (code) => {
      process.off('SIGTERM', passOn)
      done(code ?? 1)
    })
  })
}

function heading(text: string): void {
  console.log(`\n== ${text}`)
}

function add(tally: Tally): void {
  total.passed += tally.passed
  total.failed += tally.failed
}
