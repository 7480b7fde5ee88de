/** What all collectors hold at this moment. One that does not answer is left out, and that is said. */
import { inTime } from '../lib/in-time.ts'
import type { Env } from '../env.ts'
import type { Collected } from './collector.ts'
import { collectorStubs } from './stubs.ts'

/** A collector answers from memory. */
const WAIT_MS = 2_000

/** By shard; null for one that does not answer in time. */
export const askCollectors = (env: Env): Promise<(Collected | null)[]> =>
  Promise.all(collectorStubs(env).map((stub) => inTime<Collected>(WAIT_MS, stub.collected())))
