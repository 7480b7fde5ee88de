/** `wrangler dev` as a quiet child: no prompts, no telemetry, no update check, no internet. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pause, spawnTied, stopTied } from './child-process.ts'
import { freePort } from './ports.ts'

export type Wrangler = {
  /** Resolves when it ended, on request or not. */
  exited: Promise<string>
  stop(): Promise<void>
}

export type WranglerOptions = {
  host: string
  port: number
  /** Object storage, logs and the file with the variables go here. */
  folder: string
  vars: Record<string, string>
  onLine(line: string): void
}

const projectDir = resolve(import.meta.dirname, '../..')
const readyTimeoutMs = 90_000
/** As the cron trigger of wrangler.toml, which `wrangler dev` leaves to whoever runs it. */
const scheduledEveryMs = 3_600_000
const stopTimeoutMs = 5_000

/** Resolves when GET /health answers 200. @throws Error with its last words when it ends before. */
export async function startWrangler(options: WranglerOptions): Promise<Wrangler> {
  await mkdir(options.folder, { recursive: true })
  // In a file of our own: arguments can be read by everybody on the machine.
  const varsFile = join(options.folder, 'worker.env')
  await writeFile(varsFile, envFile(options.vars), { mode: 0o600 })

  const lastLines: string[] = []
  const child = await spawnTied({
    command: process.execPath,
    args: [
      ...[join(projectDir, 'node_modules/wrangler/bin/wrangler.js'), 'dev', '--local'],
      ...['--ip', options.host, '--port', String(options.port)],
      ...['--inspector-port', String(await freePort())],
      ...['--persist-to', join(options.folder, 'state'), '--env-file', varsFile],
      ...['--show-interactive-dev-session=false', '--log-level', 'warn'],
    ],
    cwd: projectDir,
    env: {
      ...process.env,
      CI: 'true',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      NO_UPDATE_NOTIFIER: '1',
      WRANGLER_CACHE_DIR: join(options.folder, 'cache'),
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_LOG_PATH: join(options.folder, 'logs'),
      // Of its own: Workers of the same name find each other through this folder.
      WRANGLER_REGISTRY_PATH: join(options.folder, 'registry'),
      WRANGLER_SEND_ERROR_REPORTS: 'false',
      WRANGLER_SEND_METRICS: 'false',
    },
    orphanSignal: 'KILL',
    onLine(line) {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      if (!isAboutTriggers(line)) options.onLine(line)
    },
  })
  const scheduled = setInterval(() => void runScheduled(options.port), scheduledEveryMs)
  const stop = async () => {
    clearInterval(scheduled)
    await stopTied(child, { signal: 'SIGTERM', scope: 'group', patienceMs: stopTimeoutMs })
    await rm(varsFile, { force: true })
  }

  const deadline = performance.now() + readyTimeoutMs
  for (;;) {
    const health = await healthAt(options.port)
    if (health.kind === 'good') break
    if (health.kind === 'refused' || !child.running() || performance.now() > deadline) {
      await stop()
      const why = health.kind === 'refused' ? health.detail : lastLines.join('\n')
      throw new Error(`The Worker did not start: ${why}`)
    }
    await pause(200)
  }
  return { exited: child.exited, stop }
}

/** What `wrangler dev` says of cron triggers at each start; here they are run. */
function isAboutTriggers(line: string): boolean {
  return /Scheduled Workers are not|manually trigger a scheduled|cron-triggers|local\/scheduled/.test(
    line,
  )
}

/** Clears away uploads that nobody sent. A failure is the Worker's to log. */
async function runScheduled(port: number): Promise<void> {
  try {
    const response = await fetch(`http://localhost:${port}/cdn-cgi/local/scheduled`)
    await response.body?.cancel()
  } catch {
    // It is stopping, or the next hour will do.
  }
}

type Health =
  | { readonly kind: 'good' | 'silent' }
  /** It runs and will not serve: a setting is wrong, and `detail` names it. */
  | { readonly kind: 'refused'; readonly detail: string }

async function healthAt(port: number): Promise<Health> {
  try {
    const response = await fetch(`http://localhost:${port}/health`, {
      signal: AbortSignal.timeout(10_000),
    })
    if (response.status === 200) {
      await response.body?.cancel()
      return { kind: 'good' }
    }
    const problem: unknown = await response.json()
    const isProblem = typeof problem === 'object' && problem !== null && 'detail' in problem
    return isProblem ? { kind: 'refused', detail: String(problem.detail) } : { kind: 'silent' }
  } catch {
    return { kind: 'silent' }
  }
}

function envFile(vars: Record<string, string>): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
}
