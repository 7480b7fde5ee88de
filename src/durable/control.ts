/**
 * What the whole deployment agrees on: how many shards the burst lane has (DISP-8), and what
 * operators have set (OPS-4). One object, asked now and then. A change of the shards is known to
 * everybody some time before it is in force.
 */
import { DurableObject } from 'cloudflare:workers'
import {
  changed,
  firstLayout,
  forgotten,
  inForce,
  mayChange,
  type Layout,
} from '../domain/dispatch/layout.ts'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { Env } from '../env.ts'
import type { Outcome } from '../lib/outcome.ts'
import type {
  ChangeConfiguration,
  Configuration,
  ConfigurationHistory,
  RollBackConfiguration,
} from '../protocol/configuration.ts'
import { log } from '../telemetry/log.ts'
import { tellEverybody } from './configuration-telling.ts'
import { ControlConfiguration, type By, type Changed } from './control-configuration.ts'
import { readDispatchShards } from './dispatch-settings.ts'
import { dispatchStub } from './stubs.ts'

/** Whoever asks for the layout may remember it for 5 s; twice that, and all know. */
const CHANGE_AFTER_MS = 10_000
/** Between two looks at whether former shards are empty. */
const LOOK_AGAIN_MS = 2_000
/** Layouts that messages may still lie under; a further change waits. */
const FORMER_MAX_COUNT = 8

export class Control extends DurableObject<Env> {
  readonly #configuration: ControlConfiguration
  #looks_at: number | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#configuration = new ControlConfiguration(ctx.storage.sql, env)
  }

  /** What operators have set (OPS-4). */
  configuration(): HeldConfiguration {
    return this.#configuration.held()
  }

  shownConfiguration(): Configuration {
    return this.#configuration.shown()
  }

  async changeConfiguration(wish: ChangeConfiguration & By): Promise<Outcome<Changed>> {
    return this.#told(await this.#configuration.change(wish))
  }

  async rollBackConfiguration(wish: RollBackConfiguration & By): Promise<Outcome<Changed>> {
    return this.#told(await this.#configuration.rollBack(wish))
  }

  configurationHistory(limit: number): Promise<ConfigurationHistory> {
    return this.#configuration.history(limit)
  }

  async layout(): Promise<Layout> {
    const { kv } = this.ctx.storage
    const variable = readDispatchShards(this.env)
    if (kv.get<number>('variable') !== variable) {
      // Also a deployment that changes the variable is a change, once.
      kv.put('variable', variable)
      kv.put('wanted', variable)
    }
    return this.#turn(Date.now())
  }

  /** From a moment on that is far enough away for everybody to know. */
  async changeShards(shards: number): Promise<Layout> {
    await this.layout()
    this.ctx.storage.kv.put('wanted', shards)
    return this.#turn(Date.now())
  }

  /** Forgets layouts of which nothing is left, and makes changes that had to wait. */
  override async alarm(): Promise<void> {
    this.#looks_at = undefined
    const now = Date.now()
    const layout = this.#turn(now)
    const { epoch } = inForce(layout, now)
    const former = layout.former.filter((one) => one.epoch < epoch)
    const count = Math.max(0, ...former.map(({ shards }) => shards))
    const oldest = await Promise.all(
      Array.from({ length: count }, (_, shard) => this.#oldestHeld(shard, epoch)),
    )
    // A layout is done with when none of its shards holds anything of it or of one before it.
    const held = Math.min(epoch, ...oldest)
    const kept = this.#turn(Date.now())
    if (kept.former.some((one) => one.epoch < held)) this.#keep(forgotten(kept, held - 1))
    this.#turn(Date.now())
  }

  /** Everybody hears of a new version at once, and whoever does not asks within seconds. */
  #told(outcome: Outcome<Changed>): Outcome<Changed> {
    if (outcome.ok && outcome.value.is_new) {
      const shards = this.#turn(Date.now()).known_shards
      this.ctx.waitUntil(tellEverybody(this.env, outcome.value.held, shards))
    }
    return outcome
  }

  /** The layout, after a change that is wanted and may be made now. */
  #turn(now: number): Layout {
    const { kv } = this.ctx.storage
    const wanted = kv.get<number>('wanted') ?? readDispatchShards(this.env)
    let layout = kv.get<Layout>('layout')
    if (layout === undefined) layout = this.#keep(firstLayout(wanted))
    else if (layout.shards !== wanted && mayChange(layout, now, FORMER_MAX_COUNT))
      layout = this.#keep(changed(layout, wanted, now + CHANGE_AFTER_MS))
    if (layout.former.length > 0 || layout.shards !== wanted)
      this.#lookAt(Math.max(now + LOOK_AGAIN_MS, layout.effective_at))
    return layout
  }

  /** Not put off by everybody who asks. */
  #lookAt(at: number): void {
    if (this.#looks_at !== undefined) return
    this.#looks_at = at
    void this.ctx.storage.setAlarm(at)
  }

  #keep(layout: Layout): Layout {
    this.ctx.storage.kv.put('layout', layout)
    return layout
  }

  /** The epoch of the oldest message of a shard; one that does not answer may hold anything. */
  async #oldestHeld(shard: number, epoch: number): Promise<number> {
    try {
      return await dispatchStub(this.env, shard).oldestEpoch(epoch)
    } catch {
      log.warn('dispatch_not_asked', { shard })
      return 0
    }
  }
}
