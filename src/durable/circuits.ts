/**
 * The circuit breakers of one object, by key, kept in its storage: an object that is evicted while
 * a circuit is open finds it open when it wakes (DISP-10).
 *
 *   this.#circuits = new Circuits(ctx.storage, { service: () => `database-${shard}` })
 *   const answer = await this.#circuits.of('').run(() => this.#commit(request), isUnreachable)
 *   if (answer.kind === 'open') return refuseFor(answer.retry_after_ms)   // nothing was asked
 *   return answer.result
 *
 * A circuit counts; how many may ask at once is for its user (see `ways-out.ts`).
 */
import type { CircuitFigures } from '../protocol/health.ts'
import { Circuit, defaultCircuitLimits, type CircuitLimits, type StoredCircuit } from './circuit.ts'

const prefix = 'circuit:'

/** Keys may be hosts that people name; the oldest that is closed is forgotten. */
const KEPT_MAX_COUNT = 200

export type CircuitsOptions = {
  /** What the figures call the circuit of a key. */
  readonly service: (key: string) => string
  readonly limits?: CircuitLimits
}

export class Circuits {
  readonly #storage: DurableObjectStorage
  readonly #options: CircuitsOptions
  readonly #byKey = new Map<string, Circuit>()

  constructor(storage: DurableObjectStorage, options: CircuitsOptions) {
    this.#storage = storage
    this.#options = options
    for (const [name, stored] of storage.kv.list<StoredCircuit>({ prefix }))
      this.#make(name.slice(prefix.length), stored)
  }

  of(key: string): Circuit {
    return this.#byKey.get(key) ?? this.#make(key, undefined)
  }

  /** Of all that were asked since the object woke, and of those that were open then. */
  figures(): CircuitFigures[] {
    return [...this.#byKey.values()].map((circuit) => circuit.figures())
  }

  #make(key: string, stored: StoredCircuit | undefined): Circuit {
    if (this.#byKey.size >= KEPT_MAX_COUNT) this.#forgetOne()
    const circuit = new Circuit({
      service: this.#options.service(key),
      limits: this.#options.limits ?? defaultCircuitLimits,
      stored,
      onChange: (now) => this.#keep(key, now),
    })
    this.#byKey.set(key, circuit)
    return circuit
  }

  #keep(key: string, stored: StoredCircuit | undefined): void {
    if (stored) this.#storage.kv.put(`${prefix}${key}`, stored)
    else this.#storage.kv.delete(`${prefix}${key}`)
  }

  #forgetOne(): void {
    const keys = [...this.#byKey.keys()]
    const key = keys.find((one) => this.#byKey.get(one)?.state === 'closed') ?? keys[0] ?? ''
    this.#byKey.delete(key)
    this.#keep(key, undefined)
  }
}
