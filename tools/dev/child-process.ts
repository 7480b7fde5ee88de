/**
 * A child process that never outlives us: it runs in a session of its own, so a Ctrl-C in the
 * terminal reaches only us and the order of stopping stays ours, and a watcher ends it when we
 * die without a word (SIGKILL, a crash). Linux and macOS; needs nothing but /bin/sh.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'

export type TiedChild = {
  pid: number
  /** Resolves once, with how it ended: "exit code 1" or "signal SIGKILL". Never rejects. */
  exited: Promise<string>
  running(): boolean
  /** To the child itself, or to it and everything that it started. */
  signal(signal: NodeJS.Signals, scope: 'child' | 'group'): void
}

export type TiedChildOptions = {
  command: string
  args: string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Run as another account. The working folder is entered before the account changes. */
  account?: { uid: number; gid: number } | undefined
  /** Sent to the whole group when we die. */
  orphanSignal: 'INT' | 'TERM' | 'KILL'
  /** What it reads from its standard input; nothing if absent. */
  input?: string
  onLine(line: string): void
}

// A forked reader blocks on fd 3. A line means "ended in order, stay quiet"; end of file means
// that the parent is gone. It is forked twice so that it is no child of the program proper:
// Postgres counts its children. $$ stays the number of the shell that becomes the program.
const watcherScript =
  '( (read _ <&3 || kill -"$0" -$$) >/dev/null 2>&1 3<&3 & ) ; exec 3<&- ; exec "$@"'

export async function spawnTied(options: TiedChildOptions): Promise<TiedChild> {
  const child = spawn(
    '/bin/sh',
    ['-c', watcherScript, options.orphanSignal, options.command, ...options.args],
    {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.account,
      env: options.env ?? process.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  )
  const lifeline = child.stdio[3] as Duplex
  lifeline.on('error', () => {})
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  let ending: string | undefined
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      ending = signal === null ? `exit code ${code}` : `signal ${signal}`
      lifeline.end('\n')
      resolve(ending)
    })
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', options.onLine)
  }
  const pid = await started(child)

  return {
    pid,
    exited,
    running: () => ending === undefined,
    signal(signal, scope) {
      if (ending !== undefined && scope === 'child') return
      try {
        process.kill(scope === 'group' ? -pid : pid, signal)
      } catch {
        // Gone already.
      }
    },
  }
}

/** Asks politely, waits, then insists on the whole group. */
export async function stopTied(
  child: TiedChild,
  options: { signal: NodeJS.Signals; scope: 'child' | 'group'; patienceMs: number },
): Promise<void> {
  child.signal(options.signal, options.scope)
  if (!(await endsWithin(child.exited, options.patienceMs))) child.signal('SIGKILL', 'group')
  await child.exited
  if (options.scope === 'group') child.signal('SIGKILL', 'group')
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

/** False when the time ran out first. */
async function endsWithin(exited: Promise<string>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  const ended = await Promise.race([exited.then(() => true), late])
  clearTimeout(timer)
  return ended
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => {
      if (child.pid === undefined) reject(new Error('The child process has no number.'))
      else resolve(child.pid)
    })
  })
}
