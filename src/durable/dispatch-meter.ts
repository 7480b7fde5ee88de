/** What a shard of the burst lane tells of its buffer (OPS-1). */
import type { Env } from '../env.ts'
import type { BufferFigures } from '../protocol/health.ts'
import { Growth } from '../telemetry/growth.ts'
import { count } from '../telemetry/meter.ts'
import { Reporter, type Gauge } from '../telemetry/reporter.ts'
import { inForce } from './configuration.ts'

type Options = {
  readonly env: Env
  readonly ctx: DurableObjectState
  readonly shard: number
  /** From memory alone. */
  readonly figures: () => BufferFigures
}

export class DispatchMeter {
  readonly #options: Options
  readonly #reporter: Reporter
  readonly #growth = new Growth()

  constructor(options: Options) {
    const { env, ctx, shard } = options
    this.#options = options
    this.#reporter = new Reporter(env, ctx, {
      object: `dispatch:${shard}`,
      read: (gauge) => this.#read(gauge),
    })
    count('muster_objects_started_total', { kind: 'dispatch' })
  }

  /** Something came or went. */
  turned(): void {
    this.#reporter.due()
  }

  #read(gauge: Gauge): void {
    const { env, shard, figures } = this.#options
    const now = figures()
    for (const priority of ['high', 'normal', 'low'] as const) {
      gauge('muster_buffer_messages', now.waiting[priority], { shard, priority })
      gauge('muster_buffer_oldest_seconds', now.oldest_ms[priority] / 1_000, { priority })
    }
    gauge('muster_buffer_bytes', now.bytes, { shard })
    gauge('muster_buffer_fill_ratio', now.fill, { shard })
    gauge('muster_memory_fill_ratio', now.fill, { part: 'buffer' })
    gauge('muster_configuration_version', inForce(env).version)
    for (const outcome of outcomes) {
      const grown = this.#growth.of(outcome, now[outcome])
      if (grown > 0) count('muster_one_way_total', { outcome }, grown)
    }
  }
}

const outcomes = [
  'accepted',
  'slowed',
  'refused',
  'committed',
  'delivered',
  'rejected',
  'dead',
] as const satisfies (keyof BufferFigures)[]
