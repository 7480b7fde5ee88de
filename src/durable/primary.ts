/**
 * The primary as a gateway uses it: behind a circuit breaker, by urgency, and measured (LIM-2, LIM-3).
 */
import type { Client } from '../database/client.ts'
import type { Used } from '../database/pool.ts'
import { Pressure } from '../database/pressure.ts'
import type { PressureSettings } from '../domain/limits/pressure-settings.ts'
import type { Source } from '../database/source.ts'
import { urgencyOf } from '../database/urgency.ts'
import type { CircuitFigures, PoolFigures } from '../protocol/health.ts'
import { observe } from '../telemetry/meter.ts'
import { Circuits } from './circuits.ts'
import { DatabaseCircuit, databaseCircuitLimits, type Verdict } from './database-circuit.ts'

/** For the ping of a trial, on a connection that may have to be opened first. */
const trialPatienceMs = 5_000

/**
 * Who fails after saying nothing for so long is silent, not only gone: Postgres itself would have
 * ended any statement by then, and opening a connection takes some ms, or seconds where it is busy.
 */
const silentAfterMs = 9_500

/** There is one per gateway. */
const circuitKey = 'primary'

/** The statement whose time is the commit latency; one of the burst lane writes hundreds at once. */
const commitStatement = 'commit-room'

type PrimaryOptions = {
  readonly source: Source
  readonly storage: DurableObjectStorage
  readonly shard: number
  readonly pressure: PressureSettings
}

export class Primary {
  readonly #source: Source
  readonly #circuit: DatabaseCircuit
  readonly #pressure: Pressure
  readonly #shard: number

  constructor({ source, storage, shard, pressure }: PrimaryOptions) {
    this.#source = source
    this.#shard = shard
    this.#pressure = new Pressure((now) => source.queue(now), pressure)
    const circuits = new Circuits(storage, {
      service: () => `database-${shard}`,
      limits: databaseCircuitLimits,
    })
    this.#circuit = new DatabaseCircuit({
      circuit: circuits.of(circuitKey),
      trial: () => source.isBack(trialPatienceMs),
      opened: (why) => {
        source.isAway()
        if (why === 'silent') source.dropIdle()
      },
    })
  }

  /** 0: nothing is left out. */
  get level(): number {
    return this.#pressure.level
  }

  /** Other thresholds, from now on. */
  change(pressure: PressureSettings): void {
    this.#pressure.change(pressure)
  }

  /** Runs `work` with a connection of its own. Never throws what the database threw. */
  async use<Value>(
    name: string,
    work: (client: Client) => Promise<Value>,
    call_id?: string,
  ): Promise<Used<Value>> {
    if (!(await this.#circuit.admits()))
      return { kind: 'not_sent', code: 'unavailable', circuit: 'open' }
    let entered_at = Infinity
    const measured = (client: Client) => this.#measured(name, () => work(client), call_id)
    const used = await this.#source.use(measured, {
      urgency: urgencyOf(name),
      entered: (waited_ms) => {
        entered_at = Date.now()
        this.#pressure.hasWaited(waited_ms)
        observe('muster_pool_wait_seconds', waited_ms / 1_000, { shard: this.#shard })
      },
    })
    const verdict = verdictOf(used, Date.now() - entered_at)
    if (verdict) await this.#circuit.report(verdict, entered_at)
    return used
  }

  figures(): { readonly pool: PoolFigures | null; readonly circuit: CircuitFigures } {
    return { pool: this.#source.figures(), circuit: this.#circuit.figures() }
  }

  async #measured<Value>(
    name: string,
    work: () => Promise<Value>,
    call_id: string | undefined,
  ): Promise<Value> {
    const started = Date.now()
    const value = await this.#source.statements.measure(name, work, call_id)
    if (name === commitStatement) this.#pressure.hasCommitted(Date.now() - started)
    return value
  }
}

/** Undefined: it says nothing about whether the database can be reached. */
const verdictOf = (used: Used<unknown>, elapsed_ms: number): Verdict | undefined => {
  switch (used.kind) {
    case 'done':
    case 'refused':
      return 'answered'
    case 'unknown':
      return elapsed_ms > silentAfterMs ? 'silent' : 'unreachable'
    case 'not_sent':
      if (used.code === 'database_busy' || used.circuit === 'open') return undefined
      return elapsed_ms > silentAfterMs ? 'silent' : 'unreachable'
  }
}
