/**
 * The built Worker under plain workerd, without wrangler around it: what the benchmark measures
 * and what the fault tests kill and restart.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unstable_readConfig } from 'wrangler'
import { pause, spawnTied, stopTied } from '../dev/child-process.ts'
import { buildPage, placeholderPage } from '../dev/page.ts'
import { freePort } from '../dev/ports.ts'
import { buildWorker } from './build.ts'
import { workerdConfig } from './config.ts'

export type ServedWorker = {
  /** http://127.0.0.1:port */
  url: string
  port: number
  pid: number
  /** Storage of the Durable Objects and the buckets; give it to the next serveWorker to go on with it. */
  dataDir: string
  /** Resolves when it ended, on request or not. */
  exited: Promise<string>
  /** Ends it and removes a dataDir that it made itself. */
  stop(): Promise<void>
  /** SIGKILL: nothing is flushed, nobody is told; resolves when the process is gone. */
  kill(): Promise<void>
}

export type ServeWorkerOptions = {
  /** Absent: a free one. */
  port?: number
  /** Absent: a temporary one. */
  dataDir?: string
  /** Win over wrangler.toml's. */
  vars: Record<string, string>
  /** Build the page when a source changed. Absent: whatever lies in web/dist will do. */
  page?: boolean
  log?: (line: string) => void
}

const projectDir = resolve(import.meta.dirname, '../..')
// Required, not imported: as a CommonJS module its default export depends on who imports it.
const require = createRequire(import.meta.url)
const { default: workerdProgram } = require('workerd') as { default: string }

const readyTimeoutMs = 30_000
const stopTimeoutMs = 2_000

/** Resolves when the port answers. @throws Error with workerd's last words. */
export async function serveWorker(options: ServeWorkerOptions): Promise<ServedWorker> {
  await (options.page === true ? buildPage() : placeholderPage())
  const mainModule = await buildWorker()
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'muster-workerd-')))
  const port = options.port ?? (await freePort())
  const configFile = await writeConfig({ mainModule, dataDir, port, vars: options.vars })

  const lastLines: string[] = []
  const child = await spawnTied({
    command: workerdProgram,
    // Storage on disk and alarms count as experimental outside of Cloudflare.
    args: ['serve', '--experimental', configFile],
    orphanSignal: 'KILL',
    onLine(line) {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      options.log?.(line)
    },
  })
  const url = `http://127.0.0.1:${port}`
  const deadline = performance.now() + readyTimeoutMs
  while (!(await answers(url))) {
    if (!child.running() || performance.now() > deadline) {
      child.signal('SIGKILL', 'group')
      throw new Error(`workerd did not start: ${lastLines.join('\n')}`)
    }
    await pause(30)
  }

  return {
    url,
    port,
    pid: child.pid,
    dataDir,
    exited: child.exited,
    async stop() {
      await stopTied(child, { signal: 'SIGTERM', scope: 'child', patienceMs: stopTimeoutMs })
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
    async kill() {
      child.signal('SIGKILL', 'child')
      await child.exited
    },
  }
}

async function writeConfig(options: {
  mainModule: string
  dataDir: string
  port: number
  vars: Record<string, string>
}): Promise<string> {
  const { mainModule, dataDir, port } = options
  const wrangler = unstable_readConfig({ config: join(projectDir, 'wrangler.toml') })
  const folder = join(dataDir, 'workerd')
  const objectsDir = join(folder, 'objects')
  const bucketsDir = join(folder, 'buckets')
  await mkdir(objectsDir, { recursive: true })
  await mkdir(bucketsDir, { recursive: true })
  const config = workerdConfig({
    wrangler,
    folder,
    mainModule,
    objectsDir,
    bucketsDir,
    pageDir: join(projectDir, 'web/dist'),
    port,
    vars: { ...textVars(wrangler.vars), ...options.vars },
  })
  const file = join(folder, 'config.capnp')
  // The variables hold secrets.
  await writeFile(file, config, { mode: 0o600 })
  return file
}

function textVars(vars: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, String(value)]))
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/index.html`, { signal: AbortSignal.timeout(5_000) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}
