/**
 * What the live view shows: how it goes now, the last minutes, and the range one looks at. It asks
 * while the tab is seen and the view is not paused; a paused view stands still under the mouse.
 */
import type { OperationsNow, SeriesRange } from '../../../src/protocol/operations.ts'
import type { Api, Failure } from '../sync/api.ts'
import type { Clock } from '../sync/clock.ts'
import type { RangeSeconds } from './charts.ts'
import { nothingPolled, Poller, type Polled } from './poller.ts'

/** The collectors are told every few seconds; more often would show nothing more. */
export const REFRESH_MS = 5_000

/** What the figures of now and the diagnosis are read from, whatever range is looked at. */
const recent_s = 300

export class Live {
  readonly #pollers: readonly Pick<Poller<unknown>, 'start' | 'stop' | 'look'>[]
  readonly #range_poller: Poller<SeriesRange>
  #range_s: RangeSeconds = $state(900)
  #paused_until_ms: number | undefined = $state()
  #now: Polled<OperationsNow> = $state.raw(nothingPolled)
  #recent: Polled<SeriesRange> = $state.raw(nothingPolled)
  #range: Polled<SeriesRange> = $state.raw(nothingPolled)
  #is_started = false

  constructor(api: Pick<Api, 'operations' | 'series'>, clock: Clock) {
    const now_poller = new Poller<OperationsNow>({
      clock,
      ask: () => api.operations(),
      interval_ms: () => REFRESH_MS,
      onPolled: (polled) => (this.#now = polled),
    })
    const recent_poller = new Poller<SeriesRange>({
      clock,
      ask: () => api.series({ range_s: recent_s, until_ms: this.#paused_until_ms }),
      interval_ms: () => REFRESH_MS,
      onPolled: (polled) => (this.#recent = polled),
    })
    this.#range_poller = new Poller<SeriesRange>({
      clock,
      ask: () => api.series({ range_s: this.#range_s, until_ms: this.#paused_until_ms }),
      // Of a day one point is minutes: it changes no sooner.
      interval_ms: () => Math.max(REFRESH_MS, (this.#range.value?.step_ms ?? 0) / 2),
      onPolled: (polled) => (this.#range = polled),
    })
    this.#pollers = [now_poller, recent_poller, this.#range_poller]
  }

  get now(): Polled<OperationsNow> {
    return this.#now
  }

  get recent(): Polled<SeriesRange> {
    return this.#recent
  }

  get range(): Polled<SeriesRange> {
    return this.#range
  }

  get range_s(): RangeSeconds {
    return this.#range_s
  }

  set range_s(range_s: RangeSeconds) {
    if (range_s === this.#range_s) return
    this.#range_s = range_s
    void this.#range_poller.look()
  }

  get is_paused(): boolean {
    return this.#paused_until_ms !== undefined
  }

  /** The first failure there is: they share a cause more often than not. */
  get failure(): Failure | undefined {
    return this.#now.failure ?? this.#range.failure ?? this.#recent.failure
  }

  pause(): void {
    // By the server's clock, as the range's end is.
    this.#paused_until_ms = Date.parse(this.#now.value?.at ?? '') || Date.now()
    this.#settle()
  }

  resume(): void {
    this.#paused_until_ms = undefined
    this.#settle()
  }

  /** After something was changed: sooner than the interval. */
  look(): void {
    for (const poller of this.#pollers) void poller.look()
  }

  /** Asks until the returned function is called. */
  start(): () => void {
    const onVisible = () => this.#settle()
    this.#is_started = true
    this.#settle()
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      this.#is_started = false
      document.removeEventListener('visibilitychange', onVisible)
      for (const poller of this.#pollers) poller.stop()
    }
  }

  #settle(): void {
    const is_wanted =
      this.#is_started &&
      this.#paused_until_ms === undefined &&
      document.visibilityState === 'visible'
    for (const poller of this.#pollers)
      if (is_wanted) poller.start()
      else poller.stop()
  }
}
