/** What the alerts view shows: every rule, and what fired before. Asks while the tab is seen. */
import type { Alert, AlertList } from '../../../src/protocol/alerts.ts'
import type { Api } from '../sync/api.ts'
import type { Clock } from '../sync/clock.ts'
import { REFRESH_MS } from './live.svelte.ts'
import { nothingPolled, Poller, type Polled } from './poller.ts'

/** As many as one looks through by eye. */
const history_max_count = 100

export class Alerts {
  readonly #pollers: readonly Pick<Poller<unknown>, 'start' | 'stop' | 'look'>[]
  #list: Polled<AlertList> = $state.raw(nothingPolled)
  #history: Polled<{ alerts: Alert[] }> = $state.raw(nothingPolled)

  constructor(api: Pick<Api, 'alerts' | 'alertHistory'>, clock: Clock) {
    this.#pollers = [
      new Poller<AlertList>({
        clock,
        ask: () => api.alerts(),
        interval_ms: () => REFRESH_MS,
        onPolled: (polled) => (this.#list = polled),
      }),
      new Poller<{ alerts: Alert[] }>({
        clock,
        ask: () => api.alertHistory(history_max_count),
        interval_ms: () => REFRESH_MS,
        onPolled: (polled) => (this.#history = polled),
      }),
    ]
  }

  get list(): Polled<AlertList> {
    return this.#list
  }

  get history(): Polled<{ alerts: Alert[] }> {
    return this.#history
  }

  look(): void {
    for (const poller of this.#pollers) void poller.look()
  }

  /** Asks until the returned function is called. */
  start(): () => void {
    const settle = () => {
      for (const poller of this.#pollers) {
        if (document.visibilityState === 'visible') poller.start()
        else poller.stop()
      }
    }
    settle()
    document.addEventListener('visibilitychange', settle)
    return () => {
      document.removeEventListener('visibilitychange', settle)
      for (const poller of this.#pollers) poller.stop()
    }
  }
}
