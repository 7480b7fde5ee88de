/**
 * Couriers and stand-ins that speak the real APIs: circuits that outlive their object, a single
 * trial, a gentle return, and what a courier says that has no account.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Delivery, Parcel, ServiceName } from '../../src/channels/channel.ts'
import { Courier } from '../../src/durable/courier.ts'
import { courierStub } from '../../src/durable/stubs.ts'
import { askDatabase } from '../../src/durable/ask-database.ts'
import type { CircuitFigures } from '../../src/protocol/health.ts'
import type { Variables } from '../../src/lib/variables.ts'
import { fakeAccount, type Behaviour } from '../../tools/fakes/behaviour.ts'
import { signIn } from './http-client.ts'
import { bindings } from './support/bindings.ts'
import { Desk } from './support/desk.ts'

let count = 0
const parcel = (over: Partial<Parcel> = {}): Parcel => {
  count += 1
  return {
    id: `0198d7f2-6b02-7d10-b5a4-${String(count).padStart(12, '0')}`,
    to: 'lin@example.com',
    content: `number ${count}`,
    subject: null,
    sender_display_name: 'Boiler house',
    ...over,
  }
}

const parcels = (number: number, over: Partial<Parcel> = {}): Parcel[] =>
  Array.from({ length: number }, () => parcel(over))

type Work = {
  deliver(all: readonly Parcel[]): Promise<Delivery[]>
  figures(): CircuitFigures[]
  /** Another instance over the same storage, as after an eviction. */
  wake(): void
}

/** A courier whose deployment has these settings, with nothing in its storage. */
const withCourier = <Result>(
  service: ServiceName,
  variables: Variables,
  work: (courier: Work) => Promise<Result>,
): Promise<Result> =>
  runInDurableObject(courierStub(bindings, service), async (_instance, state) => {
    await state.storage.deleteAll()
    const env = { ...bindings, ...variables }
    let courier = new Courier(state, env)
    return work({
      deliver: (all) => courier.deliver(all),
      figures: () => courier.figures(),
      wake: () => {
        courier = new Courier(state, env)
      },
    })
  })

const email = (desk: Desk): Variables => ({
  EMAIL_API_URL: desk.url,
  EMAIL_API_KEY: fakeAccount.email_api_key,
  EMAIL_FROM: fakeAccount.email_from,
})

const whatsapp = (desk: Desk): Variables => ({
  WHATSAPP_API_URL: `${desk.url}/v23.0`,
  WHATSAPP_ACCESS_TOKEN: fakeAccount.whatsapp_access_token,
  WHATSAPP_PHONE_NUMBER_ID: fakeAccount.whatsapp_phone_number_id,
})

const stub = () => courierStub(bindings, 'webhook')

/** By the object that is there, not by an instance of our own. */
const callWebhooks = (all: readonly Parcel[]): Promise<Delivery[]> =>
  stub().deliver(all) as Promise<Delivery[]>

const ofHost = async (host: string): Promise<CircuitFigures | undefined> =>
  (await stub().figures()).find(({ service }) => service === `webhook:${host}`)

const broken: Behaviour = { kind: 'refuse', status: 500 }

let desk: Desk
beforeEach(() => {
  desk = new Desk()
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms)

const kinds = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ kind }) => kind)

describe('[DISP-9] a courier', () => {
  test('carries e-mail, and says of each in order what became of it', async () => {
    const all = [parcel(), parcel({ to: 'nobody' }), parcel({ subject: 'Line 3' })]
    const deliveries = await withCourier('email', email(desk), ({ deliver }) => deliver(all))
    expect(kinds(deliveries)).toEqual(['delivered', 'refused', 'delivered'])
    const { arrivals } = await desk.told('email')
    expect(deliveries).toMatchObject([
      { provider_id: arrivals.find(({ key }) => key === all[0]?.id)?.id },
      { reason: 'the e-mail service refused it with 422 (validation_error)' },
      { provider_id: arrivals.find(({ key }) => key === all[2]?.id)?.id },
    ])
  })

  test('carries WhatsApp messages', async () => {
    const [delivery] = await withCourier('whatsapp', whatsapp(desk), ({ deliver }) =>
      deliver([parcel({ to: '+886912345678' })]),
    )
    expect(delivery).toMatchObject({ kind: 'delivered', provider_id: expect.any(String) })
    expect((await desk.told('whatsapp')).arrivals).toMatchObject([{ to: '+886912345678' }])
  })

  test.each([
    ['email', 'this deployment sends no e-mail'],
    ['whatsapp', 'this deployment sends no WhatsApp messages'],
  ] as const)('without an account for %s refuses, and says so', async (service, reason) => {
    const none = { EMAIL_API_URL: '', EMAIL_API_KEY: '', EMAIL_FROM: '' }
    await withCourier(service, none, async ({ deliver, figures }) => {
      expect(await deliver(parcels(2))).toEqual([
        { kind: 'refused', reason },
        { kind: 'refused', reason },
      ])
      expect(figures()).toEqual([])
    })
  })

  test('of a deployment that never sent has a circuit all the same', async () => {
    const figures = await withCourier('email', email(desk), async (one) => one.figures())
    expect(figures).toEqual([
      {
        ...{ service: 'email', state: 'closed', since: null, next_trial_at: null },
        ...{ failed: 0, sent: 0 },
      },
    ])
  })
})

describe.each([{ evicted: false }, { evicted: true }])(
  '[DISP-10] a service that is away (evicted in between: $evicted)',
  ({ evicted }) => {
    const withSleeper = (work: (courier: Work & { sleep(): void }) => Promise<void>) =>
      withCourier('email', email(desk), (courier) =>
        work({ ...courier, sleep: () => (evicted ? courier.wake() : undefined) }),
      )

    test('is asked a few times, then left alone, while all else waits untried', async () => {
      await desk.behave('email', broken)
      await withSleeper(async ({ deliver, figures, sleep }) => {
        const deliveries = await deliver(parcels(200))
        const { attempts } = await desk.told('email')
        expect(attempts).toBeGreaterThanOrEqual(5)
        // Those that were on their way when it opened, and no more.
        expect(attempts).toBeLessThanOrEqual(10)
        const tried = deliveries.filter((one) => one.kind === 'later' && one.tried)
        expect(tried).toHaveLength(attempts)
        expect(kinds(deliveries)).toEqual(Array(200).fill('later'))
        sleep()
        expect(figures()).toMatchObject([{ service: 'email', state: 'open' }])
        expect(await deliver(parcels(1))).toEqual([
          {
            ...{ kind: 'later', tried: false, retry_after_ms: 5_000 },
            reason: 'the service does not work now',
          },
        ])
        expect((await desk.told('email')).attempts).toBe(attempts)
      })
    })

    test('gets one trial, and after it fails a later one', async () => {
      await desk.behave('email', broken)
      await withSleeper(async ({ deliver, sleep }) => {
        await deliver(parcels(20))
        const { attempts } = await desk.told('email')
        pass(5_000)
        sleep()
        const deliveries = await deliver(parcels(20))
        expect((await desk.told('email')).attempts).toBe(attempts + 1)
        expect(deliveries.filter((one) => one.kind === 'later' && one.tried)).toHaveLength(1)
        expect(deliveries.at(-1)).toMatchObject({ tried: false, retry_after_ms: 10_000 })
        // The one that was tried is not to be given up for it, unless that goes on for an hour;
        // and the next trial is for another one.
        expect(deliveries[0]).toMatchObject({
          ...{ tried: true, is_outage: true, retry_after_ms: 12_500 },
        })
        pass(3_600_000)
        sleep()
        const [late] = await deliver(parcels(1))
        expect(late).toMatchObject({ tried: true })
        expect(late).not.toHaveProperty('is_outage')
      })
    })

    test('comes back by itself, gently: one, two, four at once', async () => {
      await desk.behave('email', broken)
      await withSleeper(async ({ deliver, figures, sleep }) => {
        const all = parcels(30)
        await deliver(all)
        const before = (await desk.told('email')).attempts
        pass(5_000)
        await desk.behave('email', { kind: 'slow', ms: 30 })
        sleep()
        // The trial alone, then a second instance goes on where the first was.
        expect(kinds(await deliver(all.slice(0, 1)))).toEqual(['delivered'])
        sleep()
        expect(kinds(await deliver(all))).toEqual(Array(30).fill('delivered'))
        const { under_way, arrivals } = await desk.told('email')
        const after = under_way.slice(before)
        expect(Math.max(...after.slice(0, 1))).toBe(1)
        expect(Math.max(...after.slice(1, 3))).toBeLessThanOrEqual(2)
        expect(Math.max(...after.slice(3, 7))).toBeLessThanOrEqual(4)
        expect(Math.max(...after)).toBeLessThanOrEqual(6)
        expect(Math.max(...after)).toBeGreaterThan(2)
        expect(figures()).toMatchObject([{ state: 'closed', next_trial_at: null }])
        // The first went twice, and arrived once.
        expect(new Set(arrivals.map(({ key }) => key)).size).toBe(arrivals.length)
        expect(arrivals).toHaveLength(30)
      })
    })
  },
)

test('[DISP-10] with a token that is refused all wait, and the circuit opens', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const other = { ...whatsapp(desk), WHATSAPP_ACCESS_TOKEN: 'EAAG-expired' }
  await withCourier('whatsapp', other, async ({ deliver, figures }) => {
    const deliveries = await deliver(parcels(50, { to: '+886912345678' }))
    expect(deliveries.every((one) => one.kind === 'later' && !one.tried)).toBe(true)
    expect(figures()).toMatchObject([{ service: 'whatsapp', state: 'open' }])
    expect((await desk.told('whatsapp')).attempts).toBeLessThanOrEqual(10)
  })
  expect(JSON.stringify(logged.mock.calls)).not.toContain('EAAG')
  logged.mockRestore()
})

test('[DISP-10] a service that wants patience is left alone so long, and its circuit stays closed', async () => {
  await desk.behave('email', { kind: 'refuse', status: 429, retry_after: '30' })
  await withCourier('email', email(desk), async ({ deliver, figures }) => {
    const deliveries = await deliver(parcels(50))
    const { attempts } = await desk.told('email')
    expect(attempts).toBeLessThanOrEqual(6)
    expect(deliveries.every((one) => one.kind === 'later' && !one.tried)).toBe(true)
    expect(figures()).toMatchObject([{ state: 'closed', failed: 0 }])
    await desk.behave('email', { kind: 'take' })
    pass(29_000)
    expect(await deliver(parcels(1))).toMatchObject([{ kind: 'later', tried: false }])
    pass(1_000)
    expect(kinds(await deliver(parcels(9)))).toEqual(Array(9).fill('delivered'))
  })
})

test('[LIM-4] more than a courier holds are handed back untried', async () => {
  await desk.behave('email', broken)
  await withCourier('email', email(desk), async ({ deliver }) => {
    const deliveries = await deliver(parcels(2_050))
    const reason = 'too many are on their way'
    const back = deliveries.filter((one) => one.kind === 'later' && one.reason === reason)
    expect(back).toHaveLength(50)
  })
})

test('[LIM-3] those whose turn does not come are handed back untried', async () => {
  await desk.behave('email', { kind: 'slow', ms: 200 })
  await withCourier('email', email(desk), async ({ deliver }) => {
    const delivering = deliver(parcels(30))
    await vi.waitFor(async () =>
      expect((await desk.told('email')).attempts).toBeGreaterThanOrEqual(6),
    )
    pass(15_001)
    const deliveries = await delivering
    const back = deliveries.filter((one) => one.kind === 'later')
    expect(back.length).toBeGreaterThan(0)
    expect(back).toEqual(
      back.map(() => ({
        ...{ kind: 'later', tried: false, retry_after_ms: 0, reason: 'it was not its turn yet' },
      })),
    )
  })
})

describe('[DISP-5] webhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

  const personWith = async (url: string): Promise<string> => {
    const { user_id } = await signIn('gateway')
    const saved = await askDatabase(bindings, user_id, 'saveWebhook', { user_id, url, secret })
    if (!saved.ok) throw new Error(saved.refusal.message)
    return user_id
  }

  test('are called at the address of their person', async () => {
    const to = await personWith(`${desk.url}/webhook/a`)
    const content = JSON.stringify({ status: 'dead' })
    expect(await callWebhooks([parcel({ to, content })])).toEqual([
      { kind: 'delivered', provider_id: null },
    ])
    expect((await desk.told('webhook')).arrivals).toMatchObject([
      { to: '/webhook/a', text: JSON.stringify({ status: 'dead' }, null, 2) },
    ])
  })

  test('of who has none, or none that may be called, are refused', async () => {
    const inside = await personWith('https://10.0.0.8/hook')
    const deliveries = await callWebhooks([
      parcel({ to: 'nobody@example.com' }),
      parcel({ to: inside }),
    ])
    expect(deliveries).toEqual([
      { kind: 'refused', reason: 'there is no webhook any more' },
      { kind: 'refused', reason: 'webhooks of this host are not called' },
    ])
  })

  test('one host that is away opens its own circuit, also over an eviction, and no other', async () => {
    const other = new Desk()
    const near = other.url.replace('127.0.0.1', 'localhost')
    await desk.behave('webhook', broken)
    const [bad, good] = [
      await personWith(`${desk.url}/webhook`),
      await personWith(`${near}/webhook`),
    ]
    const mixed = Array.from({ length: 40 }, (_, index) =>
      parcel({ to: index % 2 === 0 ? bad : good, content: '{}' }),
    )
    const deliveries = await callWebhooks(mixed)
    expect(kinds(deliveries.filter((_, index) => index % 2 === 1))).toEqual(
      Array(20).fill('delivered'),
    )
    const hosts = [new URL(desk.url).host, new URL(near).host] as const
    expect(await ofHost(hosts[0])).toMatchObject({ state: 'open' })
    expect(await ofHost(hosts[1])).toMatchObject({ state: 'closed' })
    await evictDurableObject(stub())
    expect(await ofHost(hosts[0])).toMatchObject({ state: 'open', sent: 0 })
    expect(await callWebhooks([parcel({ to: bad, content: '{}' })])).toMatchObject([
      { kind: 'later', tried: false },
    ])
    pass(5_000)
    await desk.behave('webhook', { kind: 'take' })
    expect(kinds(await callWebhooks([parcel({ to: bad, content: '{}' })]))).toEqual(['delivered'])
    expect(await ofHost(hosts[0])).toMatchObject({ state: 'closed' })
  })
})
