/**
 * What one isolate knows of the configuration (OPS-4). Control is asked by one at a time, and its
 * answer serves all for a few seconds; objects that Control tells at once know earlier.
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

export class KnownConfiguration {
  #known: Known | undefined
  #asking_since: number | undefined
  #failed_at = -Infinity
  /** By environment; thrown away with the version they are of. */
  #laid = new WeakMap<Env, InForce>()

  inForce(env: Env): InForce {
    const laid = this.#laid.get(env)
    if (laid) return laid
    const in_force = this.#known ? layOver(env, this.#known.held) : { version: 0, variables: env }
    this.#laid.set(env, in_force)
    return in_force
  }

  refresh(env: Env): Promise<void> | undefined {
    const now = Date.now()
    if (this.#known && now - this.#known.read_at < REFRESH_AFTER_MS) return undefined
    if (now - this.#failed_at < REST_MS) return undefined
    // Who asked may have been cut off with its request.
    if (this.#asking_since !== undefined && now - this.#asking_since < PATIENCE_MS) return undefined
    return this.#ask(env)
  }

  whenKnown(env: Env, keep_alive: (asking: Promise<void>) => void): Promise<void> | undefined {
    const asking = this.refresh(env)
    if (asking) keep_alive(asking)
    if (this.#known || Date.now() - this.#failed_at < REST_MS) return undefined
    return this.#patiently()
  }

  tell(held: HeldConfiguration): void {
    if (!this.#known || held.version >= this.#known.held.version)
      this.#learn({ held, read_at: Date.now() })
  }

  /** A promise of another request cannot be waited for; what it brings about can be looked for. */
  async #patiently(): Promise<void> {
    const began_at = Date.now()
    for (;;) {
      if (this.#known || this.#failed_at >= began_at) return
      if (Date.now() - began_at > PATIENCE_MS)
        return this.#failed(`no answer within ${PATIENCE_MS} ms`)
      await scheduler.wait(LOOK_EVERY_MS)
    }
  }

  async #ask(env: Env): Promise<void> {
    // Its age counts from before the question: the answer is no older.
    const read_at = Date.now()
    this.#asking_since = read_at
    try {
      const held: HeldConfiguration = await controlStub(env).configuration()
      const known = this.#known
      // An older one is what Control really says only where it was asked after the newer was heard.
      if (!known || held.version >= known.held.version || read_at > known.read_at)
        this.#learn({ held, read_at })
    } catch (error) {
      this.#failed(String(error))
    } finally {
      if (this.#asking_since === read_at) this.#asking_since = undefined
    }
  }

  #learn(news: Known): void {
    if (this.#known?.held.version !== news.held.version) this.#laid = new WeakMap()
    this.#known = news
  }

  /** The last known holds, or what the environment says (LIM-3). */
  #failed(error: string): void {
    this.#failed_at = Date.now()
    const version = this.#known?.held.version ?? null
    log.warn('configuration_not_read', { version, error })
  }
}

const layOver = (env: Env, { version, overrides }: HeldConfiguration): InForce => {
  const { variables, ignored } = admit(env, overrides, settingsProblems)
  if (ignored.length > 0)
    log.warn('configuration_ignored', { version, problems: ignored.map(({ message }) => message) })
  return { version, variables }
}
