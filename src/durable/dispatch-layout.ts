/**
 * The layout of the burst lane as this isolate knows it (DISP-8). Control is one object, so it is
 * asked by one request at a time, and its answer serves all for a few seconds: a change is in force
 * only after everybody has asked again.
 */
import type { Layout } from '../domain/dispatch/layout.ts'
import type { Env } from '../env.ts'
import { controlStub } from './stubs.ts'

/** Half of what passes between a change and its being in force, as Control relies on. */
const LAYOUT_MAX_AGE_MS = 5_000
/** From then on one request asks again, while the others go on with what is known. */
const REFRESH_AFTER_MS = 4_000
/** So long a request waits for another's answer before it asks by itself. */
const PATIENCE_MS = 500
const LOOK_EVERY_MS = 2

let known: { readonly layout: Layout; readonly read_at: number } | undefined
let asking_since: number | undefined

/**
 * @param epoch_at_least of a layout that is known to be in force
 * @throws Error where Control does not answer, and never did
 */
export const dispatchLayout = async (env: Env, epoch_at_least = 0): Promise<Layout> => {
  const began_at = Date.now()
  for (;;) {
    const now = Date.now()
    const usable =
      known && known.layout.epoch >= epoch_at_least && now - known.read_at <= LAYOUT_MAX_AGE_MS
        ? known
        : undefined
    const mayAsk = asking_since === undefined || now - asking_since > PATIENCE_MS
    if (usable && (!mayAsk || now - usable.read_at < REFRESH_AFTER_MS)) return usable.layout
    if (mayAsk || now - began_at > PATIENCE_MS) return ask(env)
    await scheduler.wait(LOOK_EVERY_MS)
  }
}

const ask = async (env: Env): Promise<Layout> => {
  // Its age counts from before the question: the answer is no older.
  const read_at = Date.now()
  asking_since = read_at
  try {
    const layout: Layout = await controlStub(env).layout()
    // Two that were asked one after the other may answer the other way round.
    if (!known || layout.epoch >= known.layout.epoch) known = { layout, read_at }
    return known.layout
  } catch (error) {
    // Nothing changes while Control is away, and a shard that knows better says so (LIM-3).
    if (known) return known.layout
    throw error
  } finally {
    asking_since = undefined
  }
}
