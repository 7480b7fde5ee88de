/**
 * The configuration that is in force as this isolate knows it (OPS-4): what the environment says,
 * and over it what operators have set while Muster runs. Whoever reads a setting reads it from here.
 * Control is asked by one at a time, its answer serves all for a few seconds; objects that Control
 * tells at once know earlier.
 */
import { admit, type HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { Env } from '../env.ts'
import { settingsProblems } from '../http/settings.ts'
import type { Variables } from '../lib/variables.ts'
import { log } from '../telemetry/log.ts'
import { controlStub } from './stubs.ts'

export type InForce = {
  /** 0: nothing was ever changed, or nothing is known yet. Grows with every change. */
  readonly version: number
  readonly variables: Variables
}

/** From then on somebody asks again, while the others go on with what is known. */
const REFRESH_AFTER_MS = 4_000
/** So long an answer is waited for where nothing is known; and then somebody else may ask. */
const PATIENCE_MS = 500
/** Where Control does not answer it is left alone for so long, and nobody waits for it. */
const REST_MS = 1_000
const LOOK_EVERY_MS = 2

type Known = { readonly held: HeldConfiguration; readonly read_at: number }

let known: Known | undefined
let asking_since: number | undefined
let failed_at = -Infinity
/** By environment; thrown away with the version they are of. */
let laid = new WeakMap<Env, InForce>()

/** What this isolate knows; at once, and cheap enough for every message. */
export const inForce = (env: Env): InForce => {
  const cached = laid.get(env)
  if (cached) return cached
  const now_in_force = known ? layOver(env, known.held) : { version: 0, variables: env }
  laid.set(env, now_in_force)
  return now_in_force
}

/**
 * Asks Control where it is time to. What it returns has to be kept alive (`waitUntil`), and never
 * fails; undefined: nothing to ask. Waits for nobody else's answer.
 */
export const refresh = (env: Env): Promise<void> | undefined => {
  const now = Date.now()
  if (known && now - known.read_at < REFRESH_AFTER_MS) return undefined
  if (now - failed_at < REST_MS) return undefined
  // Who asked may have been cut off with its request.
  if (asking_since !== undefined && now - asking_since < PATIENCE_MS) return undefined
  return ask(env)
}

/**
 * Undefined: something is known, or Control does not answer, and there is nothing to wait for. Else
 * it resolves when something is, or patience ends; then what the environment says holds.
 * @param keep_alive takes what goes on in the background
 */
export const whenKnown = (
  env: Env,
  keep_alive: (asking: Promise<void>) => void = () => {},
): Promise<void> | undefined => {
  const asking = refresh(env)
  if (asking) keep_alive(asking)
  if (known || Date.now() - failed_at < REST_MS) return undefined
  return patiently()
}

/** Control, or somebody whom it told, says so. Nothing older replaces what is known. */
export const tell = (held: HeldConfiguration): void => {
  if (!known || held.version >= known.held.version) learn({ held, read_at: Date.now() })
}

const patiently = async (): Promise<void> => {
  const began_at = Date.now()
  for (;;) {
    if (known || failed_at >= began_at) return
    if (Date.now() - began_at > PATIENCE_MS) return failed(`no answer within ${PATIENCE_MS} ms`)
    await scheduler.wait(LOOK_EVERY_MS)
  }
}

const ask = async (env: Env): Promise<void> => {
  // Its age counts from before the question: the answer is no older.
  const read_at = Date.now()
  asking_since = read_at
  try {
    const held: HeldConfiguration = await controlStub(env).configuration()
    // An older one is what Control really says only where it was asked after the newer was heard.
    if (!known || held.version >= known.held.version || read_at > known.read_at)
      learn({ held, read_at })
  } catch (error) {
    failed(String(error))
  } finally {
    if (asking_since === read_at) asking_since = undefined
  }
}

const learn = (news: Known): void => {
  if (known?.held.version !== news.held.version) laid = new WeakMap()
  known = news
}

/** The last known holds, or what the environment says (LIM-3). */
const failed = (error: string): void => {
  failed_at = Date.now()
  const version = known?.held.version ?? null
  log.warn('configuration_not_read', { version, error })
}

const layOver = (env: Env, { version, overrides }: HeldConfiguration): InForce => {
  const { variables, ignored } = admit(env, overrides, settingsProblems)
  if (ignored.length > 0)
    log.warn('configuration_ignored', { version, problems: ignored.map(({ message }) => message) })
  return { version, variables }
}
