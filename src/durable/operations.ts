/**
 * The deployment as its operators see it (OPS-2, OPS-3): samples of what the collectors hold, kept
 * for the charts, and the alerts that follow from them. One object. It looks every five seconds
 * while something is reported, or an alert is not over, and sleeps otherwise.
 */
import { DurableObject } from 'cloudflare:workers'
import { uuidv7 } from 'uuidv7'
import { readAlertWebhook } from '../channels/alert-settings.ts'
import { evaluate } from '../domain/alerts/evaluate.ts'
import { ruleInForce, type View } from '../domain/alerts/rule.ts'
import { rules } from '../domain/alerts/rules.ts'
import { watchLimits as limits } from '../domain/watch/limits.ts'
import { planOf } from '../domain/watch/range.ts'
import { merged } from '../domain/watch/sample.ts'
import { seriesOf } from '../domain/watch/series.ts'
import { taken } from '../domain/watch/take.ts'
import type { Env } from '../env.ts'
import type { Alert, AlertEvent, AlertList } from '../protocol/alerts.ts'
import type { SeriesRange } from '../protocol/operations.ts'
import { log } from '../telemetry/log.ts'
import { Reporter } from '../telemetry/reporter.ts'
import { AlertOutbox } from './alert-outbox.ts'
import { readAlertSettings } from './alert-settings.ts'
import { AlertStore } from './alert-store.ts'
import { askCollectors } from './ask-collectors.ts'
import { inForce, whenKnown } from './configuration.ts'
import { SampleStore } from './sample-store.ts'

export class Operations extends DurableObject<Env> {
  readonly #samples: SampleStore
  readonly #alerts: AlertStore
  readonly #outbox: AlertOutbox
  readonly #reporter: Reporter
  /** For the metrics: as they were at the last look. */
  #firing: readonly Alert[]
  #looking = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    this.#samples = new SampleStore(sql)
    this.#alerts = new AlertStore(sql)
    this.#outbox = new AlertOutbox(sql)
    this.#firing = this.#alerts.firing()
    this.#reporter = new Reporter(env, ctx, {
      object: 'operations',
      read: (gauge) => {
        for (const { rule: alert, severity } of this.#firing)
          gauge('muster_alerts_firing', 1, { alert, severity })
      },
    })
  }

  /** Somebody reported something: it looks while that goes on. */
  async wake(): Promise<void> {
    const { kv } = this.ctx.storage
    const now = Date.now()
    kv.put('woken_at', now)
    if (this.#looking || (await this.ctx.storage.getAlarm()) !== null) return
    // Until this report nobody counted anything, or it would have been woken before.
    if (kv.delete('rests')) this.#samples.collectorsRestedUntil(now)
    await this.#arm()
  }

  override async alarm(): Promise<void> {
    this.#looking = true
    try {
      await this.#look()
    } catch (error) {
      log.error('look_failed', { error: String(error) })
    } finally {
      this.#looking = false
    }
    this.ctx.waitUntil(this.#outbox.send(readAlertWebhook(this.env)))
    if (this.#mayRest()) this.ctx.storage.kv.put('rests', true)
    else await this.#arm()
  }

  /** The lines of the charts. */
  series({ range_ms, until }: { range_ms: number; until: number | undefined }): SeriesRange {
    const now = Date.now()
    const newest_at = this.#samples.newestAt()
    const { step_ms, at } = planOf({ now, until: until ?? now, range_ms, newest_at })
    const [after, last] = [(at[0] ?? now) - step_ms, at.at(-1) ?? now]
    // One more sample: it may have been late, and cover the last steps.
    const upto = last + limits.covered_max_ms
    const samples =
      step_ms < limits.coarse_ms
        ? this.#samples.fine(after, upto)
        : this.#samples.coarse(after, upto)
    return { step_ms, at: [...at], series: seriesOf(samples, at, step_ms) }
  }

  alerts(): AlertList {
    const settings = readAlertSettings(inForce(this.env).variables)
    const standings = this.#alerts.standings()
    const isStale = (this.#samples.newestAt() ?? 0) < Date.now() - limits.window_ms
    const readings = isStale ? new Map<string, never>() : this.#alerts.readings()
    return {
      firing: this.#alerts.firing(),
      rules: rules.map((rule) => {
        const reading = readings.get(rule.name)
        return {
          ...ruleInForce(rule, settings),
          state: standings.get(rule.name)?.kind ?? 'ok',
          value: typeof reading === 'number' ? reading : null,
        }
      }),
    }
  }

  /** Newest first. */
  history(limit: number): Alert[] {
    return this.#alerts.history(limit)
  }

  /** Undefined: there is no such alert. Again it changes nothing. */
  acknowledge(alert_id: string, by: string): Alert | undefined {
    return this.#alerts.acknowledge(alert_id, by, Date.now())
  }

  async #look(): Promise<void> {
    await whenKnown(this.env, (asking) => this.ctx.waitUntil(asking))
    const collected = await askCollectors(this.env)
    const now = Date.now()
    const snapshots = collected.map((one) => one?.snapshot ?? null)
    const alerts_firing = this.#alerts.firing().length
    const { sample, collectors } = taken(snapshots, this.#samples.collectors(), {
      ...{ now, alerts_firing },
    })
    for (const [shard, known] of collectors) this.#samples.keepCollector(shard, known)
    this.#samples.keep(sample)
    if (sample.silent > 0) log.warn('collectors_silent', { count: sample.silent })
    const settings = readAlertSettings(inForce(this.env).variables)
    const evaluated = evaluate(rules, this.#alerts.standings(), {
      settings,
      view: this.#view(),
      now,
    })
    for (const event of this.#alerts.keep(evaluated, now, uuidv7)) this.#tell(event)
    const before = this.#firing
    this.#firing = this.#alerts.firing()
    // Also once when the last of them is over. It does not count as something that happens.
    if (before.length > 0 || this.#firing.length > 0) this.#reporter.touch()
  }

  #view(): View | undefined {
    const newest = this.#samples.newestAt() ?? 0
    const samples = this.#samples.fine(newest - limits.window_ms, newest)
    const [minute, latest] = [merged(samples), samples.at(-1)]
    return minute && latest && { minute, latest }
  }

  #tell(event: AlertEvent): void {
    const { alert_id, rule, severity, value, worst, threshold, unit, since } = event.data
    const fields = { alert_id, rule, severity, value, worst, threshold, unit, since }
    if (event.type === 'alert.firing') log.error('alert_firing', fields)
    else log.info('alert_resolved', fields)
    if (readAlertWebhook(this.env)) this.#outbox.add(event)
  }

  #mayRest(): boolean {
    const woken_at = this.ctx.storage.kv.get<number>('woken_at') ?? 0
    if (Date.now() - woken_at <= limits.idle_after_ms || !this.#outbox.isEmpty) return false
    return [...this.#alerts.standings().values()].every(({ kind }) => kind === 'ok')
  }

  /** At whole steps, so that each has its sample. */
  async #arm(): Promise<void> {
    const { sample_ms } = limits
    await this.ctx.storage.setAlarm((Math.floor(Date.now() / sample_ms) + 1) * sample_ms)
  }
}
