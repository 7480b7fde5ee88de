/** Carries messages to one outside service (DISP-9, DISP-10), behind a circuit breaker. */
import { DurableObject } from 'cloudflare:workers'
import type { Delivery, Parcel, ServiceName } from '../channels/channel.ts'
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { Env } from '../env.ts'
import type { CircuitFigures } from '../protocol/health.ts'
import { log } from '../telemetry/log.ts'
import { carrierOf, isLoad, type Carrier } from './carriers.ts'
import { tell } from './configuration.ts'
import { WaysMeter } from './ways-meter.ts'
import { WaysOut } from './ways-out.ts'

const limits = { waiting_max_count: 2_000, patience_ms: 15_000 }

export class Courier extends DurableObject<Env> {
  readonly #service: ServiceName
  readonly #carrier: Carrier
  readonly #ways: WaysOut
  readonly #meter: WaysMeter

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    // `courierStub` gives no other names.
    this.#service = ctx.id.name as ServiceName
    this.#carrier = carrierOf(env, this.#service)
    const { keys, name, at_once_max_count } = this.#carrier
    this.#ways = new WaysOut(ctx.storage, { service: name, at_once_max_count, ...limits })
    for (const key of keys) this.#ways.know(key)
    this.#meter = new WaysMeter({ env, ctx, kind: 'courier', circuits: () => this.figures() })
  }

  /**
   * One result per parcel, in order; in a bounded time. `later` with `tried: false` is no attempt:
   * the service was not asked, or did not look at the message. Nothing is kept here: who hears
   * nothing asks again with the same ids.
   */
  async deliver(parcels: readonly Parcel[]): Promise<Delivery[]> {
    this.#meter.used()
    const loads = await this.#carrier.load(parcels)
    const deliveries = await Promise.all(
      loads.map((one) => (isLoad(one) ? this.#ways.send(one.key, one.send) : one)),
    )
    this.#log(deliveries)
    return deliveries
  }

  /** An operator has changed the configuration (OPS-4). */
  configured(held: HeldConfiguration): void {
    tell(held)
  }

  /** Of an e-mail or WhatsApp that is configured always one; of webhooks one per host. */
  figures(): CircuitFigures[] {
    return this.#ways.figures()
  }

  /** How it went, without a word of what was said or to whom (OPS-5, SEC-5). */
  #log(deliveries: readonly Delivery[]): void {
    const count = (kind: Delivery['kind']) => deliveries.filter((one) => one.kind === kind).length
    const counts = {
      delivered: count('delivered'),
      later: count('later'),
      refused: count('refused'),
    }
    log.info('carried', { service: this.#service, ...counts })
  }
}
