/**
 * The life of a command that runs until it is told to stop: what was started is stopped in
 * reverse order, on Ctrl-C or SIGTERM (exit code 0) and when a part fails (one line, exit code 1).
 */
import { oneLine } from '../one-line.ts'

export type Running = {
  onStop(stop: () => Promise<void>): void
  /** Says so and stops the rest when that part ends before it was asked to. */
  failsWhen(part: string, exited: Promise<string>): void
}

const npmCheckMs = 1_000

export async function runUntilStopped(start: (running: Running) => Promise<void>): Promise<void> {
  const stops: (() => Promise<void>)[] = []
  let stopping: Promise<never> | undefined
  const stop = (exitCode: number): Promise<never> => {
    stopping ??= stopAll(stops, exitCode)
    return stopping
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0))
  }
  watchNpm(() => void stop(1))
  try {
    await start({
      onStop: (stopPart) => stops.push(stopPart),
      failsWhen: (part, exited) =>
        void exited.then((ending) => {
          if (stopping !== undefined) return
          console.error(`${part} ended (${ending}); stopping the rest.`)
          void stop(1)
        }),
    })
  } catch (error) {
    if (stopping === undefined) console.error(oneLine(error))
    await stop(1)
  }
}

async function stopAll(stops: (() => Promise<void>)[], exitCode: number): Promise<never> {
  // A part that is being started meanwhile registers later, and is popped here all the same.
  for (let stopPart = stops.pop(); stopPart !== undefined; stopPart = stops.pop()) {
    await stopPart().catch((error: unknown) => console.error(oneLine(error)))
  }
  process.exit(exitCode)
}

/** npm passes signals on, but cannot pass on its own SIGKILL: then the parent is another one. */
function watchNpm(onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const npm = process.ppid
  setInterval(() => {
    if (process.ppid !== npm) onGone()
  }, npmCheckMs).unref()
}
