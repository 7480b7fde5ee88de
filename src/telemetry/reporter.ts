/**
 * Hands what this isolate counted to its collector (OPS-1): once an interval while something
 * happens, and once more when nothing did, to say that silence is no loss. Whoever counts carries
 * the next report, a request by its `waitUntil`; nothing waits for it, and no timer outlives it by more
 * than two intervals, so that an idle object falls asleep. What a collector did not confirm goes
 * again under the same number.
 */
import type { MetricName } from '../domain/metrics/catalogue.ts'
import type { Gauges, Report } from '../domain/metrics/report.ts'
import { seriesKey, type Labels } from '../domain/metrics/series-key.ts'
import { readReportIntervalMs } from '../durable/collector-settings.ts'
import { collectorStub } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { drainMeter, hasCounted } from './meter.ts'

/** REPORT_INTERVAL, once anybody here counts. */
let interval_ms = 4_000
/** A report that was to come and did not: its object was put away. Somebody else takes over. */
const overdueMs = (): number => 3 * interval_ms
/** How often the last report is tried, an interval apart, where the collector does not answer. */
const ATTEMPTS_MAX_COUNT = 3

type Context = Pick<ExecutionContext, 'waitUntil'>

/** Tells one gauge; 0 may be left out. */
export type Gauge = (name: MetricName, value: number, labels?: Labels) => void

/**
 * What an object tells of itself besides what it counts. `read` may run on behalf of another object
 * of the same isolate: it looks at memory alone, never at storage, sockets or stubs.
 */
export type Source = {
  /** `room:<id>`, the same after each waking. */
  readonly object: string
  readonly read: (gauge: Gauge) => void
}

export class Reporter {
  readonly #env: Env
  readonly #context: Context
  readonly #source: Source | undefined

  constructor(env: Env, context: Context, source?: Source) {
    this.#env = env
    this.#context = context
    this.#source = source
    interval_ms = readReportIntervalMs(env)
  }

  /** Something was counted: it is reported before long. Cheap where a report is on its way. */
  due(): void {
    if (this.#source) touched.set(this.#source.object, this.#source)
    const now = Date.now()
    if (isWithin(carried_until - now, overdueMs())) return
    carried_until = now + overdueMs()
    carrier += 1
    this.#keepAlive(carry(this.#env, carrier))
  }

  /**
   * Only gauges may have changed, as at a heartbeat: told at once where nothing was told for a
   * while, else with the next report. Nothing stays awake for it.
   */
  touch(): void {
    if (this.#source) touched.set(this.#source.object, this.#source)
    const now = Date.now()
    if (isWithin(carried_until - now, overdueMs()) || !wasQuiet) return
    if (isWithin(now - told_at, interval_ms)) return
    told_at = now
    this.#keepAlive(tell(this.#env, { quiet: true, beat: true }))
  }

  /** An object's own timers keep it awake; whoever puts it away should not wait for them. */
  #keepAlive(telling: Promise<unknown>): void {
    if (!this.#source) this.#context.waitUntil(telling)
  }
}

/** A clock that was set back stops nobody for long. */
const isWithin = (ms: number, upto_ms: number): boolean => ms >= 0 && ms <= upto_ms

/** Those whose gauges are to be told: whoever counted since the last report. */
const touched = new Map<string, Source>()
/** Whoever carries the next report; a later one takes over from an earlier. */
let carrier = 0
let carried_until = 0
let told_at = 0
/** Whether the last report said that nothing more comes for now. */
let wasQuiet = true
let reporter: string | undefined
let number = 0
/** Not confirmed: it may have been taken or not. */
let unconfirmed: Report | undefined

const carry = async (env: Env, mine: number): Promise<void> => {
  if (wasQuiet) {
    // The first of many says at once that more will come. Its gauges are of before what began.
    const begun = [...touched]
    await tell(env, { quiet: false })
    for (const [object, source] of begun) touched.set(object, source)
  }
  await pause()
  if (carrier !== mine) return
  if (hasNews()) {
    await tell(env, { quiet: false })
    if (carrier !== mine) return
    // Whoever counts next carries the next one.
    carried_until = 0
    await pause()
  }
  for (let attempts = 0; attempts < ATTEMPTS_MAX_COUNT; attempts += 1) {
    if (carrier !== mine) return
    carried_until = 0
    if (await tell(env, { quiet: true })) return
    await pause()
  }
}

const hasNews = (): boolean => touched.size > 0 || hasCounted()

/** @returns whether all of it was taken */
const tell = async (env: Env, kind: Kind): Promise<boolean> => {
  told_at = Date.now()
  if (unconfirmed && !(await send(env, unconfirmed))) return false
  const report = draw(kind)
  unconfirmed = report
  return send(env, report)
}

type Kind = Pick<Report, 'quiet' | 'beat'>

const draw = (kind: Kind): Report => {
  reporter ??= crypto.randomUUID()
  number += 1
  const objects: Record<string, Gauges> = {}
  for (const [object, source] of touched) objects[object] = gaugesOf(source)
  touched.clear()
  return { ...drainMeter(), ...kind, reporter, number, objects }
}

const gaugesOf = ({ read }: Source): Gauges => {
  const gauges: Record<string, number> = {}
  read((name, value, labels) => {
    if (value !== 0) gauges[seriesKey(name, labels)] = value
  })
  return gauges
}

const send = async (env: Env, report: Report): Promise<boolean> => {
  try {
    await collectorStub(env, report.reporter).take(report)
  } catch {
    // A collector that is away is nobody's concern: it is told later (LIM-3).
    return false
  }
  if (unconfirmed === report) unconfirmed = undefined
  wasQuiet = report.quiet
  return true
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, interval_ms))
