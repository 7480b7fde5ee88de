/** The bare Durable Object under a plain workerd of its own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pause, spawnTied, stopTied } from '../../dev/child-process.ts'
import { freePort } from '../../dev/ports.ts'

export type BareServer = { port: number; stop(): Promise<void> }

const require = createRequire(import.meta.url)
const { default: workerd } = require('workerd') as { default: string }
const readyTimeoutMs = 10_000

export async function startBareServer(): Promise<BareServer> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-bare-'))
  const port = await freePort()
  await mkdir(join(folder, 'objects'))
  const file = join(folder, 'config.capnp')
  await writeFile(file, config(folder, port))
  const lines: string[] = []
  const child = await spawnTied({
    command: workerd,
    args: ['serve', '--experimental', file],
    orphanSignal: 'KILL',
    onLine: (line) => lines.push(line),
  })
  const stop = async () => {
    await stopTied(child, { signal: 'SIGTERM', scope: 'child', patienceMs: 2_000 })
    await rm(folder, { recursive: true, force: true })
  }
  const deadline = performance.now() + readyTimeoutMs
  while (!(await isListening(port))) {
    if (!child.running() || performance.now() > deadline) {
      await stop()
      throw new Error(`The bare Durable Object did not start: ${lines.slice(-5).join('\n')}`)
    }
    await pause(30)
  }
  return { port, stop }
}

function config(folder: string, port: number): string {
  const worker = JSON.stringify(relative(folder, join(import.meta.dirname, 'worker.js')))
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = "${join(folder, 'objects')}", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed ${worker})],
  compatibilityDate = "2026-10-15",
  bindings = [
    (name = "ROOM", durableObjectNamespace = "BareRoom"),
    (name = "LEDGER", durableObjectNamespace = "BareLedger"),
  ],
  durableObjectNamespaces = [
    (className = "BareRoom", uniqueKey = "bare-room", enableSql = true),
    (className = "BareLedger", uniqueKey = "bare-ledger", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
);
`
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
