/** What an object that asks outside services tells of them (OPS-1). Hosts are never labels. */
import type { Delivery } from '../channels/channel.ts'
import type { Env } from '../env.ts'
import type { CircuitFigures } from '../protocol/health.ts'
import { count } from '../telemetry/meter.ts'
import { Reporter } from '../telemetry/reporter.ts'

type Options = {
  readonly env: Env
  readonly ctx: DurableObjectState
  readonly kind: 'courier' | 'push'
  /** From memory alone. */
  readonly circuits: () => readonly CircuitFigures[]
}

export class WaysMeter {
  readonly #reporter: Reporter

  constructor({ env, ctx, kind, circuits }: Options) {
    this.#reporter = new Reporter(env, ctx, {
      object: `${kind}:${ctx.id.name ?? ''}`,
      read: (gauge) => {
        const open = Map.groupBy(
          circuits().filter(({ state }) => state !== 'closed'),
          ({ service }) => kindOf(service),
        )
        for (const [service, all] of open) gauge('muster_circuits_open', all.length, { service })
      },
    })
    count('muster_objects_started_total', { kind })
  }

  /** Deliveries were wanted; what became of them is counted by `countOutside`. */
  used(): void {
    this.#reporter.due()
  }
}

/** An outside service was asked. */
export const countOutside = (service: string, { kind }: Delivery): void =>
  count('muster_outside_requests_total', { service: kindOf(service), outcome: kind })

/** `webhook:hooks.example.com` → `webhook` */
const kindOf = (service: string): string => service.split(':', 1)[0] ?? service
