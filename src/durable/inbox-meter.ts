/** What a shard of the inbox counts (OPS-1). */
import type { InboxState } from '../domain/inbox/state.ts'
import type { Env } from '../env.ts'
import { count } from '../telemetry/meter.ts'
import { Reporter } from '../telemetry/reporter.ts'
import { closeCodeLabel } from './close-code-label.ts'

type Options = {
  readonly env: Env
  readonly ctx: DurableObjectState
  /** Undefined while it knows nothing of itself. */
  readonly state: () => InboxState | undefined
}

export class InboxMeter {
  readonly #reporter: Reporter

  constructor({ env, ctx, state }: Options) {
    this.#reporter = new Reporter(env, ctx, {
      object: `inbox:${ctx.id.name ?? ''}`,
      read: (gauge) => gauge('muster_sockets', state()?.sockets.size ?? 0, { kind: 'inbox' }),
    })
    count('muster_objects_started_total', { kind: 'inbox' })
  }

  opened(): void {
    count('muster_sockets_opened_total', { kind: 'inbox' })
    this.#reporter.due()
  }

  /** @param code as the client, or the shard, closed it */
  closed(code: number): void {
    count('muster_sockets_closed_total', { kind: 'inbox', code: closeCodeLabel(code) })
    this.#reporter.due()
  }

  received(): void {
    count('muster_frames_received_total', { kind: 'inbox' })
  }

  /** Heartbeats and what else comes by time: it need not be told by itself. */
  ticked(): void {
    this.#reporter.touch()
  }
}
