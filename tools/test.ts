/**
 * `npm test`: the checks and then every kind of test. The last line of the output is always
 * "N passed, N failed".
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { check, type Tally } from './check.ts'
import { ensureChromium } from './ensure-chromium.ts'
import { buildWorker } from './workerd/build.ts'

const projectDir = resolve(import.meta.dirname, '..')
const reportsDir = join(projectDir, 'dist/test-reports')
/**
 * One stage after the other; within a stage the lanes run at the same time, each its kinds in turn.
 * Most kinds use two cores by themselves, and side by side take as long and wait for each other:
 * only those that do little but wait, for rooms to fall asleep or for answers, have company.
 */
const stages = [
  [['workerd']],
  [['workerd-alone'], ['unit']],
  [['contract'], ['browser']],
  [['postgres']],
  [['system']],
]

/** The part of vitest's JSON report that is counted. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

const children = new Set<ChildProcess>()
// A terminal's Ctrl-C reaches the children by itself; a SIGTERM is for us alone.
process.once('SIGTERM', () => {
  for (const child of children) child.kill('SIGTERM')
  process.exit(143)
})

const total: Tally = { passed: 0, failed: 0 }
/** Said again at the end: in a long run each lane's own list of them is far up. */
const failures: string[] = []
await rm(reportsDir, { recursive: true, force: true })
heading('checks')
const checked = await check()
add(checked)
// Once, before several kinds do it at the same time; where it fails they say so.
await buildWorker().catch(() => {})
if (checked.failed > 0) failures.push(`checks: ${checked.failed} failed, see above`)
for (const lanes of stages)
  await Promise.all(lanes.map((kinds) => runLane(kinds, lanes.length === 1)))
if (failures.length > 0) {
  heading('failed')
  console.log(failures.join('\n'))
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function runLane(kinds: readonly string[], isAlone: boolean): Promise<void> {
  for (const kind of kinds) {
    // Lanes must not talk across each other: what each has to say comes when it is over.
    if (isAlone) heading(kind)
    const { tally, output } =
      kind === 'browser' ? await browserTests(isAlone) : await tests(kind, isAlone)
    if (!isAlone) heading(kind)
    process.stdout.write(output)
    add(tally)
  }
}

/** `output` is what was held back. */
type Outcome = { tally: Tally; output: string }

async function browserTests(isAlone: boolean): Promise<Outcome> {
  const problem = await ensureChromium()
  if (problem === undefined) return tests('browser', isAlone)
  failures.push(`browser: ${problem}`)
  return { tally: { passed: 0, failed: 1 }, output: `${problem}\n` }
}

async function tests(kind: string, isAlone: boolean): Promise<Outcome> {
  const file = join(reportsDir, `${kind}.json`)
  const { code, output } = await vitest(
    [
      ...['run', '--project', kind],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    ],
    isAlone ? 'inherit' : 'pipe',
  )
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) {
    failures.push(`${kind}: no report, exit code ${code}`)
    return { tally: { passed: 0, failed: 1 }, output }
  }

  const report = JSON.parse(text) as Report
  // A file that did not even load has no tests that could fail.
  const brokenFiles = report.testResults.filter(
    (result) =>
      result.status === 'failed' && result.assertionResults.every((one) => one.status !== 'failed'),
  )
  const failed = report.numFailedTests + brokenFiles.length
  failures.push(...report.testResults.flatMap((result) => failuresOf(kind, result)))
  // Errors outside of any test show only in the exit code.
  const isFailedOutside = code !== 0 && failed === 0
  if (isFailedOutside) failures.push(`${kind}: exit code ${code}, with no test failed`)
  const tally = { passed: report.numPassedTests, failed: isFailedOutside ? 1 : failed }
  return { tally, output }
}

/** One line each: where, which test, and the first line of what it said. */
function failuresOf(kind: string, result: Report['testResults'][number]): string[] {
  const where = `${kind}: ${relative(projectDir, result.name)}`
  const failed = result.assertionResults.filter((one) => one.status === 'failed')
  if (failed.length === 0)
    return result.status === 'failed' ? [`${where}: ${firstLine(result.message)}`] : []
  return failed.map(
    (one) => `${where}: ${one.fullName}: ${firstLine(one.failureMessages[0] ?? '')}`,
  )
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text.trim().split('\n')[0] ?? '').slice(0, 300)
}

function vitest(
  args: string[],
  stdio: 'inherit' | 'pipe',
): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const child = spawn(join(projectDir, 'node_modules/.bin/vitest'), args, {
      cwd: projectDir,
      stdio: ['ignore', stdio, stdio],
    })
    let output = ''
    const hold = (chunk: Buffer) => (output += chunk.toString())
    child.stdout?.on('data', hold)
    child.stderr?.on('data', hold)
    const over = (code: number) => {
      children.delete(child)
      done({ code, output })
    }
    children.add(child)
    child.on('error', () => over(1))
    child.on('close', (code) => over(code ?? 1))
  })
}

function heading(text: string): void {
  console.log(`\n== ${text}`)
}

function add(tally: Tally): void {
  total.passed += tally.passed
  total.failed += tally.failed
}
