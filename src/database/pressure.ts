/**
 * The pressure on one database as its gateway measures it (LIM-2): how long commits take, and how
 * long callers wait for a connection. What follows from it is `domain/limits`'s to say.
 */
import { degrade, undegraded, type Degradation } from '../domain/limits/degradation.ts'
import { faded, measured, nothingMeasured } from '../domain/limits/fading-mean.ts'
import {
  measuredHalfLifeMs,
  measuredShare,
  type PressureSettings,
} from '../domain/limits/pressure-settings.ts'
import { log } from '../telemetry/log.ts'

type Queue = { readonly waiting_share: number; readonly oldest_ms: number }

const mean = { share: measuredShare, half_life_ms: measuredHalfLifeMs } as const

export class Pressure {
  readonly #queueAt: (now: number) => Queue
  #settings: PressureSettings
  #commits = nothingMeasured
  #waits = nothingMeasured
  #degradation: Degradation = undegraded
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param queueAt who waits for a connection now */
  constructor(queueAt: (now: number) => Queue, settings: PressureSettings) {
    this.#queueAt = queueAt
    this.#settings = settings
  }

  /** Other thresholds, from now on: what was measured is judged by them at once. */
  change(settings: PressureSettings): void {
    this.#settings = settings
    this.#look()
  }

  /** The level now. */
  get level(): number {
    return this.#look()
  }

  hasCommitted(elapsed_ms: number): void {
    this.#commits = measured(this.#commits, elapsed_ms, { ...mean, now: Date.now() })
    this.#look()
  }

  hasWaited(waited_ms: number): void {
    this.#waits = measured(this.#waits, waited_ms, { ...mean, now: Date.now() })
    this.#look()
  }

  #look(): number {
    const now = Date.now()
    const { waiting_share, oldest_ms } = this.#queueAt(now)
    const before = this.#degradation.level
    this.#degradation = degrade(
      this.#degradation,
      {
        commit_ms: faded(this.#commits, { ...mean, now }),
        pool_wait_ms: Math.max(oldest_ms, faded(this.#waits, { ...mean, now })),
        pool_waiting_share: waiting_share,
      },
      { now, settings: this.#settings },
    )
    const { level } = this.#degradation
    if (level !== before) log.warn('degraded', { degradation: level, before })
    this.#lookAgain(level)
    return level
  }

  /** While something is left out, so that it comes back though nobody asks. */
  #lookAgain(level: number): void {
    if (level === 0 || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#look()
    }, this.#settings.stay_ms / 2)
  }
}
