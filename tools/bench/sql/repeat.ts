/** Does one thing over and over for a time and says how often and how long it took. */
import { pause } from '../../dev/child-process.ts'
import { Histogram, type Latency } from '../load/histogram.ts'

export type Repeated = { perSecond: number; latency: Latency }

/** The first part warms up and is not counted. `pauseMs` is left between two. */
export async function repeat(
  work: () => Promise<void>,
  options: { warmUpMs: number; windowMs: number; pauseMs?: number },
): Promise<Repeated> {
  const { warmUpMs, windowMs, pauseMs = 0 } = options
  const from = performance.now() + warmUpMs
  const latency = new Histogram()
  let count = 0
  for (;;) {
    const started = performance.now()
    if (started >= from + windowMs) break
    await work()
    const ended = performance.now()
    if (ended >= from && ended < from + windowMs) {
      count += 1
      latency.add(ended - started)
    }
    if (pauseMs > 0) await pause(pauseMs)
  }
  return { perSecond: count / (windowMs / 1_000), latency: latency.read() }
}
