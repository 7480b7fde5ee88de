/** Alerts over and back, through real collectors and alarms: kept, logged, told, acknowledged. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RuleName } from '../../../src/domain/alerts/rule.ts'
import { AlertOutbox } from '../../../src/durable/alert-outbox.ts'
import { askCollectors } from '../../../src/durable/ask-collectors.ts'
import type { Snapshot } from '../../../src/domain/metrics/snapshot.ts'
import { Operations } from '../../../src/durable/operations.ts'
import { AlertStore, HISTORY_MAX_COUNT } from '../../../src/durable/alert-store.ts'
import { AlertEvent, type Alert, type AlertList } from '../../../src/protocol/alerts.ts'
import type { Problem } from '../../../src/protocol/errors.ts'
import { inForce as ruleInForce } from '../../unit/domain/alerts/builders.ts'
import { makeAdmin, signIn } from '../http-client.ts'
import { bindings, type Eviction } from '../support/bindings.ts'
import { Desk } from '../support/desk.ts'
import {
  evictOperations,
  Isolate,
  look,
  operations,
  pass,
  startAnew,
  stopTime,
} from '../support/reports.ts'

/** Of the log. */
const lines: string[] = []

beforeEach(async () => {
  stopTime()
  lines.length = 0
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)))
  await startAnew()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const isolate = new Isolate()

/** The buffer of a shard is so full from now on. */
const fill = (ratio: number) =>
  isolate.report({ objects: { 'dispatch:9': { 'muster_buffer_fill_ratio{shard="9"}': ratio } } })

const lookFor = async (seconds: number, eviction: Eviction = 'none'): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += 5) {
    pass(5_000)
    await evictOperations(eviction)
    expect(await look()).toBe(true)
  }
}

const list = async (): Promise<AlertList> => (await operations().alerts()) as AlertList

const history = async (): Promise<Alert[]> => (await operations().history(10)) as Alert[]

const until = (isSo: () => boolean | Promise<boolean>): Promise<boolean> =>
  vi.waitUntil(isSo, { timeout: 15_000 })

const gauges = async (): Promise<Snapshot['gauges']> =>
  (await askCollectors(bindings)).reduce(
    (all, one) => ({ ...all, ...one?.snapshot.gauges }),
    {} as Snapshot['gauges'],
  )

const begin = async (): Promise<void> => {
  await operations().wake()
  await lookFor(10)
}

const linesOf = (event: string): Record<string, unknown>[] =>
  lines
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe.each<Eviction>(['none', 'hibernate'])(
  '[OPS-2] an alert (evicted at each look: %s)',
  (eviction) => {
    test('fires once, says since when and how bad, and ends', async () => {
      await begin()
      await fill(0.9)
      const began_at = Date.now() + 5_000
      await lookFor(30, eviction)
      expect((await list()).firing).toEqual([])
      const pending = (await list()).rules.find(({ rule }) => rule === 'buffer_fill')
      expect(pending).toMatchObject({ state: 'pending', value: 0.9, threshold: 0.8, for_s: 30 })
      await lookFor(5, eviction)
      await fill(0.95)
      await lookFor(20, eviction)
      await fill(0.85)
      await lookFor(20, eviction)
      const { firing, rules } = await list()
      expect(firing).toMatchObject([
        {
          ...{ rule: 'buffer_fill', severity: 'critical', state: 'firing', resolved_at: null },
          ...{ since: new Date(began_at).toISOString(), value: 0.85, worst: 0.95 },
          ...{ threshold: 0.8, clears_below: 0.64, unit: 'ratio', acknowledged_at: null },
          link: 'docs/operations.md#alert-buffer_fill',
        },
      ])
      expect(rules).toHaveLength(13)
      expect(rules.filter(({ state }) => state !== 'ok').map(({ rule }) => rule)).toEqual([
        'buffer_fill',
      ])

      // It is a metric, too.
      const metric = 'muster_alerts_firing{alert="buffer_fill",severity="critical"}'
      await until(async () => (await gauges())[metric] === 1)

      // Between the two it neither ends nor fires again.
      await fill(0.7)
      await lookFor(60, eviction)
      await fill(0.1)
      await lookFor(30, eviction)
      expect((await list()).firing).toHaveLength(1)
      await lookFor(5, eviction)
      expect((await list()).firing).toEqual([])
      const [over] = await history()
      expect(over).toMatchObject({
        ...{ state: 'resolved', value: 0.1, worst: 0.95 },
        resolved_at: new Date(Date.now()).toISOString(),
      })
      expect(linesOf('alert_firing')).toMatchObject([
        {
          ...{ level: 'error', alert_id: over?.alert_id, rule: 'buffer_fill', value: 0.9 },
          ...{ severity: 'critical', threshold: 0.8, since: new Date(began_at).toISOString() },
        },
      ])
      expect(linesOf('alert_resolved')).toMatchObject([
        { level: 'info', alert_id: over?.alert_id, worst: 0.95 },
      ])

      await until(async () => (await gauges())[metric] === undefined)
      await fill(0.9)
      await lookFor(35, eviction)
      const again = await history()
      expect(again.map(({ state }) => state)).toEqual(['firing', 'resolved'])
      expect(again[0]?.alert_id).not.toBe(again[1]?.alert_id)
      await fill(0)
    })

    test('keeps it awake though nothing is reported, until it is over', async () => {
      await begin()
      await fill(0.9)
      await lookFor(400, eviction)
      expect((await list()).firing).toHaveLength(1)
      await fill(0)
      await lookFor(35, eviction)
      expect((await list()).firing).toEqual([])
      pass(5_000)
      expect(await look()).toBe(false)
    })
  },
)

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='

/**
 * So many looks where the webhook of alerts is a real server on this machine. Each is by another
 * instance, as after an eviction: what it knows it has from storage.
 */
const lookAs = async (desk: Desk, seconds: number): Promise<void> => {
  const env = {
    ...bindings,
    ALERT_WEBHOOK_URL: `${desk.url}/webhook/alerts`,
    ALERT_WEBHOOK_SECRET: secret,
  }
  for (let passed = 0; passed < seconds; passed += 5) {
    pass(5_000)
    await runInDurableObject(operations(), (_, state) => new Operations(state, env).alarm())
  }
}

const heard = async (desk: Desk): Promise<(AlertEvent & { id: string })[]> =>
  (await desk.told('webhook')).arrivals.map(({ text, key }) => ({
    ...(JSON.parse(text) as AlertEvent),
    id: String(key),
  }))

const alertOf = (rule: RuleName): Alert => ({
  ...{ ...ruleInForce(rule), alert_id: crypto.randomUUID(), state: 'firing' },
  ...{ since: new Date().toISOString(), resolved_at: null, value: 0.9, worst: 0.9 },
  ...{ acknowledged_at: null, acknowledged_by: null },
})

describe('[OPS-2] the webhook', () => {
  test('hears of the beginning and of the end, once each, in order, after it was down', async () => {
    const desk = new Desk()
    await desk.behave('webhook', { kind: 'down' })
    await lookAs(desk, 10)
    await fill(0.9)
    await lookAs(desk, 40)
    await until(async () => (await desk.told('webhook')).attempts > 0)
    await fill(0)
    await lookAs(desk, 60)
    expect((await list()).firing).toEqual([])
    expect(await heard(desk)).toEqual([])
    expect(linesOf('alert_told_later').length).toBeGreaterThan(1)

    // Half an hour later.
    pass(1_800_000)
    await desk.behave('webhook', { kind: 'lose_answer' })
    await lookAs(desk, 5)
    await until(async () => (await heard(desk)).length === 1)
    await desk.behave('webhook', { kind: 'take' })
    await until(async () => {
      await lookAs(desk, 5)
      pass(300_000)
      return (await heard(desk)).length === 2
    })
    const [first, second] = await heard(desk)
    const { alert_id } = first?.data ?? {}
    expect(first).toMatchObject({ type: 'alert.firing', id: `${alert_id}_firing` })
    expect(first?.data).toMatchObject({ rule: 'buffer_fill', state: 'firing', value: 0.9 })
    expect(second).toMatchObject({ type: 'alert.resolved', id: `${alert_id}_resolved` })
    expect(second?.data).toMatchObject({ alert_id, state: 'resolved', worst: 0.9 })
    const left = await runInDurableObject(operations(), (_, { storage: { sql } }) =>
      sql.exec('SELECT * FROM outgoing').toArray(),
    )
    expect(left).toEqual([])
  })

  test('is signed, by the clock of the one that is called; another secret does not do', async () => {
    vi.useRealTimers()
    const desk = new Desk()
    await desk.know(secret)
    const url = new URL(`${desk.url}/webhook/alerts`)
    const data = alertOf('buffer_fill')
    const event = { type: 'alert.firing', timestamp: new Date().toISOString(), data } as const
    const left = await runInDurableObject(operations(), async (_, { storage }) => {
      const outbox = new AlertOutbox(storage.sql)
      outbox.add(event)
      await outbox.send({ url, secret: secret.replace('MfK', 'KfM') })
      const refused = (await desk.told('webhook')).arrivals.length
      storage.sql.exec('UPDATE outgoing SET due_at = 0')
      await outbox.send({ url, secret })
      return [refused, outbox.isEmpty]
    })
    expect(left).toEqual([0, true])
    const { arrivals } = await desk.told('webhook')
    expect(arrivals).toMatchObject([{ is_signed: true, key: `${data.alert_id}_firing` }])
    expect(AlertEvent.parse(JSON.parse(arrivals[0]?.text ?? ''))).toEqual(event)
  })

  test('that does not want it any more is not called again', async () => {
    const desk = new Desk()
    await desk.behave('webhook', { kind: 'refuse', status: 410 })
    await lookAs(desk, 10)
    await fill(0.9)
    await lookAs(desk, 35)
    await until(() => linesOf('alert_not_told').length === 1)
    await lookAs(desk, 60)
    expect((await desk.told('webhook')).attempts).toBe(1)
    await fill(0)
  })
})

describe('[OPS-2] [SEC-2] the person on call', () => {
  const path = '/api/admin/alerts'

  test('acknowledges it; the first counts, also over an eviction; others may not', async () => {
    await begin()
    await fill(0.9)
    await lookFor(40)
    vi.useRealTimers()
    const [ann, ben, eve] = [await signIn('ann'), await signIn('ben'), await signIn('eve')]
    await makeAdmin(ann.user_id)
    await makeAdmin(ben.user_id)
    const { body } = await ann.get<AlertList>(path)
    const alert_id = body.firing[0]?.alert_id ?? ''
    const door = `${path}/${alert_id}/acknowledge`
    expect((await eve.post<Problem>(door)).status).toBe(403)
    const { status, body: acknowledged } = await ann.post<Alert>(door)
    expect([status, acknowledged.acknowledged_by]).toEqual([200, ann.user_id])
    await evictOperations('hibernate')
    expect((await ben.post<Alert>(door)).body).toEqual(acknowledged)
    expect((await ben.get<{ alerts: Alert[] }>(`${path}/history?limit=1`)).body.alerts).toEqual([
      acknowledged,
    ])
    expect(linesOf('alert_acknowledged')[0]).toMatchObject({ user_id: ann.user_id, alert_id })
    const unknown = `${path}/0198d7f7-20b3-7d44-8a6c-a2e1d4f8a113/acknowledge`
    expect((await ann.post<Problem>(unknown)).body).toMatchObject({ code: 'not_found' })
    await fill(0)
  })
})

test('[OPS-2] the history is bounded, and what fires is never forgotten', async () => {
  const rule = ruleInForce('degraded')
  await runInDurableObject(operations(), (_, { storage }) => {
    const store = new AlertStore(storage.sql)
    const since = Date.now()
    const firing = {
      kind: 'firing',
      since,
      value: 3,
      worst: 3,
      low_since: undefined,
      seen_at: since,
    } as const
    const fired = { rule, reading: 3, standing: firing, event: { kind: 'fired', since } } as const
    const over = {
      ...{ rule, reading: 0, standing: { kind: 'ok' } as const },
      event: { kind: 'resolved', value: 0, worst: 3 },
    } as const
    const other = { ...fired, rule: ruleInForce('queue_age') }
    store.keep([other], since, () => crypto.randomUUID())
    for (let count = 0; count < HISTORY_MAX_COUNT + 50; count += 1) {
      store.keep([fired], since, () => crypto.randomUUID())
      store.keep([over], since, () => crypto.randomUUID())
    }
    expect(store.history(10_000)).toHaveLength(HISTORY_MAX_COUNT + 1)
    expect(store.firing()).toMatchObject([{ rule: 'queue_age' }])
  })
})
