/**
 * A few objects next to the database, each with a share of the one pool: what makes DB_POOL_SIZE
 * and friends limits of the whole deployment, and keeps connections warm while rooms sleep.
 */
import { DurableObject } from 'cloudflare:workers'
import { commitRoom } from '../database/commit.ts'
import { isTransient } from '../database/failure.ts'
import {
  operations,
  type Arguments,
  type OperationName,
  type Result,
} from '../database/operations.ts'
import { ConnectionPool, type PoolFigures, type Used } from '../database/pool.ts'
import { readPoolSettings, shareOf } from '../database/pool-settings.ts'
import { retrying } from '../database/retry.ts'
import { Statements, type StatementFigures } from '../database/statements.ts'
import type { Client } from '../database/client.ts'
import type { CommitOutcome, CommitRequest } from '../domain/room/commit.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { SettingsError } from '../lib/variables.ts'
import { refusal } from '../protocol/errors.ts'
import { shardNumber } from './stubs.ts'

export type GatewayFigures = {
  readonly shard: number
  /** Null until the first use. */
  readonly pool: PoolFigures | null
  readonly statements: Record<string, StatementFigures>
}

export class DatabaseGateway extends DurableObject<Env> {
  readonly #settings
  readonly #shard
  readonly #statements = new Statements()
  #pool: ConnectionPool | undefined
  #used_at = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#settings = readPoolSettings(env)
    this.#shard = shardNumber(ctx.id.name)
  }

  /** One operation by name, on a connection of its own, for as long as it takes (DB-1). */
  async run<Name extends OperationName>(
    name: Name,
    args: Arguments<Name>,
  ): Promise<Outcome<Result<Name>>> {
    const operation = operations[name] as (client: Client, args: unknown) => Promise<Result<Name>>
    const used = await retrying(() => this.#use(name, (client) => operation(client, args)), mayPass)
    return outcomeOf(name, used)
  }

  /** The commit of a room: one round trip. Sent again with the same ids it does nothing twice. */
  async commit(request: CommitRequest): Promise<CommitOutcome> {
    let wasSent = false
    const used = await retrying(async () => {
      const attempt = await this.#use('commit-room', (client) => commitRoom(client, request))
      wasSent ||= attempt.kind !== 'not_sent'
      return attempt
    }, mayPass)
    if (used.kind === 'done') return used.value
    logFailure('commit-room', used)
    // Part of the items may be committed even where Postgres refused a later one.
    return used.kind === 'not_sent' && !wasSent ? used : { kind: 'unknown' }
  }

  figures(): GatewayFigures {
    return {
      shard: this.#shard,
      pool: this.#pool?.figures() ?? null,
      statements: this.#statements.figures(),
    }
  }

  /** With DB_IDLE_SLEEP: ends an idle pool, so that this object and the database may sleep. */
  override async alarm(): Promise<void> {
    const sleep_at = this.#used_at + this.#settings.idle_sleep_ms
    const isBusy = (this.#pool?.figures().in_use ?? 0) > 0
    if (isBusy || sleep_at > Date.now()) {
      await this.ctx.storage.setAlarm(Math.max(sleep_at, Date.now() + 1_000))
      return
    }
    const pool = this.#pool
    this.#pool = undefined
    await pool?.end()
  }

  async #use<Value>(name: string, work: (client: Client) => Promise<Value>): Promise<Used<Value>> {
    this.#touch()
    this.#pool ??= this.#open()
    const pool = this.#pool
    return pool.use(async (client) => {
      const started = performance.now()
      let succeeded = false
      try {
        const value = await work(client)
        succeeded = true
        return value
      } finally {
        this.#statements.record(name, performance.now() - started, succeeded)
      }
    })
  }

  #open(): ConnectionPool {
    const { DATABASE_URL: url, DATABASE_PROXY: proxy } = this.env
    if (!url) throw new SettingsError('DATABASE_URL is not set: where is Postgres?')
    return new ConnectionPool({
      url,
      proxy,
      settings: this.#settings,
      share: shareOf(this.#settings, this.#shard),
    })
  }

  #touch(): void {
    const now = Date.now()
    const { idle_sleep_ms } = this.#settings
    if (idle_sleep_ms > 0 && now - this.#used_at > idle_sleep_ms / 2)
      void this.ctx.storage.setAlarm(now + idle_sleep_ms, { allowUnconfirmed: true })
    this.#used_at = now
  }
}

/** Whether the same again, a moment later, may go better. All we send can be repeated (MSG-3). */
const mayPass = (used: Used<unknown>): boolean =>
  used.kind === 'unknown' ||
  (used.kind === 'not_sent' && used.code === 'unavailable') ||
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
          : refusal('unavailable', 'the database cannot be reached', 2_000),
      )
    case 'unknown':
      return failure(refusal('unavailable', 'the database did not answer', 2_000))
    case 'refused':
      return failure(refusal('internal', 'the database refused the statement'))
  }
}

const logFailure = (statement: string, used: Used<unknown>): void => {
  if (used.kind === 'unknown')
    console.warn(JSON.stringify({ event: 'statement_lost', statement, message: used.message }))
  if (used.kind !== 'refused') return
  const { sqlstate, message } = used
  // Our own mistake, or a migration that is missing. Messages of class 22 (data exception) repeat
  // the value that was refused (OPS-5).
  const safe = sqlstate.startsWith('22') ? {} : { message }
  console.error(JSON.stringify({ event: 'statement_refused', statement, sqlstate, ...safe }))
}
