/** What a gateway tells of its connections (OPS-1). Statements count where they are measured. */
import type { Env } from '../env.ts'
import type { CircuitFigures, PoolFigures } from '../protocol/health.ts'
import { Growth } from '../telemetry/growth.ts'
import { count } from '../telemetry/meter.ts'
import { Reporter, type Gauge } from '../telemetry/reporter.ts'
import { inForce } from './configuration.ts'

/** Connections beyond those that are kept close after 5 s without work: told once more then. */
const SETTLED_AFTER_MS = 7_000

/** Callers that may wait, per connection: as in the pool. */
const WAITING_PER_CONNECTION = 100

type Figures = {
  readonly pool: PoolFigures | null
  readonly circuit: CircuitFigures | null
  readonly level: number
}

type Options = {
  readonly env: Env
  readonly ctx: DurableObjectState
  readonly shard: number
  /** From memory alone. */
  readonly figures: () => Figures
}

export class GatewayMeter {
  readonly #options: Options
  readonly #reporter: Reporter
  readonly #growth = new Growth()
  #isSettling = false

  constructor(options: Options) {
    const { env, ctx, shard } = options
    this.#options = options
    this.#reporter = new Reporter(env, ctx, {
      object: `gateway:${shard}`,
      read: (gauge) => this.#read(gauge),
    })
    count('muster_objects_started_total', { kind: 'gateway' })
  }

  /** A connection is wanted. */
  used(): void {
    this.#reporter.due()
    if (this.#isSettling) return
    this.#isSettling = true
    setTimeout(() => this.#hasSettled(), SETTLED_AFTER_MS)
  }

  #hasSettled(): void {
    this.#isSettling = false
    const { pool } = this.#options.figures()
    if (pool && pool.overflow > 0) this.used()
    else this.#reporter.due()
  }

  #read(gauge: Gauge): void {
    const { env, shard, figures } = this.#options
    const { pool, circuit, level } = figures()
    gauge('muster_degradation_level', level, { part: 'gateway' })
    gauge('muster_configuration_version', inForce(env).version)
    gauge('muster_circuits_open', circuit && circuit.state !== 'closed' ? 1 : 0, {
      service: 'database',
    })
    if (!pool) return
    for (const state of ['in_use', 'idle'] as const)
      gauge('muster_pool_connections', pool[state], { shard, state })
    gauge('muster_pool_limit', pool.min, { shard, bound: 'kept' })
    gauge('muster_pool_limit', pool.max, { shard, bound: 'max' })
    gauge('muster_pool_overflow', pool.overflow, { shard })
    gauge('muster_pool_waiting', pool.waiting, { shard })
    gauge('muster_memory_fill_ratio', pool.waiting / (pool.max * WAITING_PER_CONNECTION), {
      part: 'gateway_waiting',
    })
    for (const event of poolEvents) {
      const grown = this.#growth.of(event, pool[event])
      if (grown > 0) count('muster_pool_events_total', { shard, event }, grown)
    }
  }
}

const poolEvents = ['opened', 'recycled', 'broken', 'waits', 'timeouts', 'rejected'] as const
