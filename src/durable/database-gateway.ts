/**
 * A few objects next to the database, each with a share of the one pool: what makes DB_POOL_SIZE
 * and friends limits of the whole deployment, and keeps connections warm while rooms sleep.
 */
import { DurableObject } from 'cloudflare:workers'
import { commitBurst } from '../database/burst.ts'
import { commitRoom } from '../database/commit.ts'
import { isTransient } from '../database/failure.ts'
import {
  operations,
  type Arguments,
  type OperationName,
  type Result,
} from '../database/operations.ts'
import type { Client } from '../database/client.ts'
import type { PoolLimits, Used } from '../database/pool.ts'
import { readPoolSettings, shardOf, shareOf, type PoolSettings } from '../database/pool-settings.ts'
import { ProfileCache } from '../database/profile-cache.ts'
import { Replica, replicaPatienceMs } from '../database/replica.ts'
import { viewerOf } from '../database/replicable.ts'
import { readReplicaUrl } from '../database/replica-settings.ts'
import { retrying } from '../database/retry.ts'
import { pausedRefusal } from '../database/sheddable.ts'
import { readSlowMs } from '../database/slow-settings.ts'
import { Source } from '../database/source.ts'
import { readStandpoint, type Viewer } from '../database/standpoint.ts'
import { Statements } from '../database/statements.ts'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { BurstRequest, CommitOutcome, CommitRequest } from '../domain/room/commit.ts'
import type { PressureSettings } from '../domain/limits/pressure-settings.ts'
import { pressureSettingsFrom } from '../domain/limits/pressure-settings-from.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { SettingsError, type Variables } from '../lib/variables.ts'
import type {
  ProfileFigures,
  ReplicaFigures,
  StatementFigures,
} from '../protocol/database-figures.ts'
import { refusal } from '../protocol/errors.ts'
import type { CircuitFigures, PoolFigures } from '../protocol/health.ts'
import type { User } from '../protocol/member.ts'
import { log } from '../telemetry/log.ts'
import { tell } from './configuration.ts'
import { GatewayMeter } from './gateway-meter.ts'
import { Primary } from './primary.ts'
import { SettingsInForce } from './settings-in-force.ts'
import { shardNumber } from './stubs.ts'

export type GatewayFigures = {
  readonly shard: number
  /** Null until the first use. */
  readonly pool: PoolFigures | null
  readonly statements: Record<string, StatementFigures>
  /** Null where there is none. */
  readonly replica: ReplicaFigures | null
  readonly replica_statements: Record<string, StatementFigures>
  readonly profiles: ProfileFigures
  /** Null where there is no database. */
  readonly circuit: CircuitFigures | null
  /** How much is left out (LIM-2). */
  readonly level: number
}

type GatewaySettings = {
  readonly pool: PoolSettings
  readonly slow_ms: number
  readonly pressure: PressureSettings
}

const readGatewaySettings = (variables: Variables): GatewaySettings => ({
  pool: readPoolSettings(variables),
  slow_ms: readSlowMs(variables),
  pressure: pressureSettingsFrom(variables),
})

export class DatabaseGateway extends DurableObject<Env> {
  readonly #settings
  readonly #shard
  readonly #primary_source: Source | undefined
  readonly #primary: Primary | undefined
  readonly #replica_source: Source | undefined
  readonly #replica: Replica | undefined
  readonly #profiles = new ProfileCache()
  readonly #meter: GatewayMeter
  #used_at = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#settings = new SettingsInForce(env, readGatewaySettings)
    this.#shard = shardNumber(ctx.id.name)
    this.#primary_source = this.#sourceOf('primary', env.DATABASE_URL)
    const { pressure } = this.#settings.current
    this.#primary =
      this.#primary_source &&
      new Primary({
        source: this.#primary_source,
        storage: ctx.storage,
        shard: this.#shard,
        pressure,
      })
    this.#replica_source = this.#sourceOf('replica', readReplicaUrl(env))
    this.#replica = this.#replica_source && new Replica(this.#replica_source)
    this.#meter = new GatewayMeter({
      env,
      ctx,
      shard: this.#shard,
      figures: () => {
        const { pool, circuit } = this.#primary?.figures() ?? { pool: null, circuit: null }
        return { pool, circuit, level: this.#level }
      },
    })
  }

  /** One operation by name, on a connection of its own, for as long as it takes (DB-1). */
  run<Name extends OperationName>(
    name: Name,
    args: Arguments<Name>,
  ): Promise<Outcome<Result<Name>>> {
    this.#takeUp()
    const paused = pausedRefusal(name, this.#level)
    if (paused) return Promise.resolve(failure(paused))
    const ask = () => this.#ask(name, args)
    if (name !== 'readUser' && name !== 'saveUser') return ask()
    const { user_id } = args as Arguments<'readUser' | 'saveUser'>
    // While the number of shards changes, a person may be asked of two: neither would be exact.
    if (shardOf(this.#settings.current.pool, user_id) !== this.#shard) return ask()
    if (name === 'saveUser') return this.#profiles.change(user_id, ask)
    const read = ask as () => Promise<Outcome<User | null>>
    return this.#profiles.read(user_id, read) as Promise<Outcome<Result<Name>>>
  }

  /** Takes up the configuration that is in force now, without ending anything (OPS-4). */
  #takeUp(): void {
    const settings = this.#settings.takeUp()
    if (!settings) return
    const { pool, slow_ms, pressure } = settings
    this.#primary_source?.change(this.#limitsOf('primary', pool))
    this.#replica_source?.change(this.#limitsOf('replica', pool))
    for (const source of [this.#primary_source, this.#replica_source])
      source?.statements.change({ slow_ms })
    this.#primary?.change(pressure)
  }

  /** The commit of a room: one round trip. Sent again with the same ids it does nothing twice. */
  commit(request: CommitRequest): Promise<CommitOutcome> {
    if (request.in_group) return this.commitBurst(request)
    const work = (client: Client) => commitRoom(client, request)
    return this.#commit('commit-room', work, request.call_id)
  }

  /** The same in one transaction, for many messages at once (DISP-7). */
  commitBurst(request: BurstRequest): Promise<CommitOutcome> {
    const work = (client: Client) => commitBurst(client, request)
    return this.#commit('commit-burst', work, request.call_id)
  }

  /** An operator has changed the configuration (OPS-4). */
  configured(held: HeldConfiguration): void {
    tell(held)
    this.#takeUp()
  }

  figures(): GatewayFigures {
    this.#takeUp()
    const primary = this.#primary?.figures()
    return {
      shard: this.#shard,
      pool: primary?.pool ?? null,
      circuit: primary?.circuit ?? null,
      level: this.#level,
      statements: this.#primary_source?.statements.figures() ?? {},
      replica: this.#replica?.figures() ?? null,
      replica_statements: this.#replica_source?.statements.figures() ?? {},
      profiles: this.#profiles.figures(),
    }
  }

  /** With DB_IDLE_SLEEP: ends idle pools, so that this object and the databases may sleep. */
  override async alarm(): Promise<void> {
    const sources = [this.#primary_source, this.#replica_source]
    const sleep_at = this.#used_at + this.#settings.current.pool.idle_sleep_ms
    const isBusy = sources.some((source) => (source?.figures()?.in_use ?? 0) > 0)
    if (isBusy || sleep_at > Date.now()) {
      await this.ctx.storage.setAlarm(Math.max(sleep_at, Date.now() + 1_000))
      return
    }
    await Promise.all(sources.map((source) => source?.end()))
  }

  async #commit(
    name: 'commit-room' | 'commit-burst',
    work: (client: Client) => Promise<CommitOutcome & { kind: 'answered' }>,
    call_id: string | undefined,
  ): Promise<CommitOutcome> {
    this.#takeUp()
    let wasSent = false
    const used = await retrying(async () => {
      const attempt = await this.#use(name, work, call_id)
      wasSent ||= attempt.kind !== 'not_sent'
      return attempt
    }, mayPass)
    if (used.kind === 'done') return { ...used.value, level: this.#level }
    logFailure(name, used, call_id)
    // Part of the items may be committed even where Postgres refused a later one.
    return used.kind === 'not_sent' && !wasSent ? used : { kind: 'unknown' }
  }

  async #ask<Name extends OperationName>(
    name: Name,
    args: Arguments<Name>,
  ): Promise<Outcome<Result<Name>>> {
    const operation = operations[name] as (client: Client, args: unknown) => Promise<Result<Name>>
    const read = (client: Client) => operation(client, args)
    const viewer = viewerOf(name, args)
    const used =
      (viewer && this.#replica?.mayAnswer() && (await this.#askReplica({ name, viewer, read }))) ||
      (await retrying(() => this.#use(name, read), mayPass))
    return outcomeOf(name, used)
  }

  /** Where the primary cannot say where the viewer stands, the replica has nothing to say either. */
  async #askReplica<Value>(question: {
    readonly name: string
    readonly viewer: Viewer
    readonly read: (client: Client) => Promise<Value>
  }): Promise<Used<Value> | undefined> {
    const needed = await this.#use('readStandpoint', (client) =>
      readStandpoint(client, question.viewer),
    )
    if (needed.kind !== 'done') return undefined
    return this.#replica?.answer({ ...question, needed: needed.value })
  }

  async #use<Value>(
    name: string,
    work: (client: Client) => Promise<Value>,
    call_id?: string,
  ): Promise<Used<Value>> {
    this.#touch()
    this.#meter.used()
    const primary = this.#primary
    if (!primary) throw new SettingsError('DATABASE_URL is not set: where is Postgres?')
    return primary.use(name, work, call_id)
  }

  /** How much is left out, as this gateway sees it. */
  get #level(): number {
    return this.#primary?.level ?? 0
  }

  /** The same limits hold for each of the two; only patience with the replica is shorter. */
  #sourceOf(database: 'primary' | 'replica', url: string | undefined): Source | undefined {
    if (!url) return undefined
    const { pool, slow_ms } = this.#settings.current
    return new Source(
      { url, proxy: this.env.DATABASE_PROXY, ...this.#limitsOf(database, pool) },
      new Statements({ database, slow_ms }),
    )
  }

  #limitsOf(database: 'primary' | 'replica', settings: PoolSettings): PoolLimits {
    const { timeout_ms } = settings
    const patience_ms =
      database === 'primary' ? timeout_ms : Math.min(timeout_ms, replicaPatienceMs)
    return {
      settings: { ...settings, timeout_ms: patience_ms },
      share: shareOf(settings, this.#shard),
    }
  }

  #touch(): void {
    const now = Date.now()
    const { idle_sleep_ms } = this.#settings.current.pool
    if (idle_sleep_ms > 0 && now - this.#used_at > idle_sleep_ms / 2)
      void this.ctx.storage.setAlarm(now + idle_sleep_ms, { allowUnconfirmed: true })
    this.#used_at = now
  }
}

/** Whether the same again, a moment later, may go better. All we send can be repeated (MSG-3). */
const mayPass = (used: Used<unknown>): boolean =>
  used.kind === 'unknown' ||
  (used.kind === 'not_sent' && used.code === 'unavailable' && used.circuit !== 'open') ||
  (used.kind === 'refused' && isTransient(used.sqlstate))

const outcomeOf = <Value>(name: string, used: Used<Value>): Outcome<Value> => {
  logFailure(name, used)
  switch (used.kind) {
    case 'done':
      return success(used.value)
    case 'not_sent':
      return failure(
        used.code === 'database_busy'
          ? refusal('database_busy', 'all database connections are busy', 1_000)
          : refusal('unavailable', 'the database cannot be reached', 1_000),
      )
    case 'unknown':
      return failure(refusal('unavailable', 'the database did not answer', 2_000))
    case 'refused':
      return failure(refusal('internal', 'the database refused the statement'))
  }
}

const logFailure = (statement: string, used: Used<unknown>, call_id?: string): void => {
  if (used.kind === 'unknown')
    log.warn('statement_lost', { statement, call_id, message: used.message })
  if (used.kind !== 'refused') return
  const { sqlstate, message } = used
  // Our own mistake, or a migration that is missing. Messages of class 22 (data exception) repeat
  // the value that was refused (OPS-5).
  const safe = sqlstate.startsWith('22') ? {} : { message }
  log.error('statement_refused', { statement, call_id, sqlstate, ...safe })
}
