/** A push to a real push service on this machine, and all the answers that such a service gives. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readPushSettings } from '../../../src/channels/push-settings.ts'
import { WebPush } from '../../../src/channels/web-push.ts'
import type { PushPayload } from '../../../src/protocol/push.ts'
import { makeVapidKeys, type VapidKeys } from '../../../tools/dev/vapid-keys.ts'
import { PushService, type Device } from '../../support/push-service.ts'

const topic = '0198d7f05c3e7a419d523f1f6f0c8a11'

const payload: PushPayload = {
  type: 'message',
  room_id: '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11',
  room_title: '三號線停機',
  message_id: '0198d7f2-6b02-7d10-b5a4-20f1c1de9a55',
  sequence_number: 7,
  sender_id: 'lin@example.com',
  sender_display_name: '林',
  preview: 'Pressure is back 👍',
  sent_at: '2026-11-22T09:32:42.123Z',
  count: 2,
}

let service: PushService
let web_push: WebPush
beforeAll(async () => {
  service = await PushService.start()
})
afterAll(() => service.stop())
const pusherWith = (keys: VapidKeys): WebPush => {
  const settings = readPushSettings({
    ...keys,
    VAPID_SUBJECT: 'mailto:night-shift@example.com',
    PUSH_HOSTS: '127.0.0.1',
    ENVIRONMENT: 'development',
  })
  if (!settings) throw new Error('there are no settings')
  return new WebPush(settings)
}
beforeEach(async () => {
  web_push = pusherWith(await makeVapidKeys())
})

const sendTo = (
  { subscription: { endpoint, keys } }: Pick<Device, 'subscription'>,
  told = payload,
) => web_push.send({ target: { endpoint, ...keys }, note: { payload: told, topic } })

test('[WEB-5] the browser reads what was sent, and the service knows who sent it', async () => {
  const device = service.addDevice()
  expect(await sendTo(device)).toEqual({ kind: 'delivered', provider_id: null })
  expect(device.pushes).toMatchObject([
    {
      ...{ payload, topic, urgency: 'normal', ttl: 4 * 3_600 },
      claims: { aud: service.url, sub: 'mailto:night-shift@example.com' },
    },
  ])
  expect(service.problems).toEqual([])
})

test('[WEB-5] a mention is urgent', async () => {
  const device = service.addDevice()
  await sendTo(device, { ...payload, type: 'mention' })
  expect(device.pushes[0]?.urgency).toBe('high')
})

test('[WEB-5] every push is as long as every other: its length tells nothing', async () => {
  const device = service.addDevice()
  await sendTo(device)
  await sendTo(device, { ...payload, preview: 'x'.repeat(2_000) })
  const [short, long] = device.pushes
  expect(short?.bytes).toBe(long?.bytes)
})

test.each([
  [404, { kind: 'refused', gone: true }],
  [410, { kind: 'refused', gone: true }],
  [400, { kind: 'refused', status: 400 }],
  [403, { kind: 'refused', status: 403 }],
  [413, { kind: 'refused', status: 413 }],
  [307, { kind: 'refused', status: 307 }],
  [429, { kind: 'later', trouble: 'busy', tried: false }],
  [500, { kind: 'later', trouble: 'away', tried: true }],
  [503, { kind: 'later', trouble: 'away', tried: true }],
])('[WEB-5] the answer %i means', async (status, delivery) => {
  const device = service.addDevice({ kind: 'refuse', status })
  const outcome = await sendTo(device)
  expect(outcome).toMatchObject(delivery)
  expect('gone' in outcome).toBe('gone' in delivery)
})

test('[WEB-5] Retry-After is heeded', async () => {
  const device = service.addDevice({ kind: 'refuse', status: 429, retry_after: '90' })
  expect(await sendTo(device)).toMatchObject({ kind: 'later', retry_after_ms: 90_000 })
})

test('[WEB-5] keys that do not belong together push nothing, and the log says why', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const [one, other] = [await makeVapidKeys(), await makeVapidKeys()]
  web_push = pusherWith({ ...one, VAPID_PRIVATE_KEY: other.VAPID_PRIVATE_KEY })
  const device = service.addDevice()
  expect(await sendTo(device)).toEqual({ kind: 'refused', reason: 'the VAPID keys are no pair' })
  expect(device.attempts).toBe(0)
  expect(logged.mock.calls).toEqual([
    [expect.stringMatching(/^\{"event":"vapid_keys_differ","level":"error","at":"[^"]+"\}$/)],
  ])
  logged.mockRestore()
})

describe('[SEC-3] no push goes', () => {
  test.each([
    'https://intranet.example/push/1',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1.example.com/push',
    'file:///etc/passwd',
    'no address',
  ])('to %s', async (endpoint) => {
    const { subscription } = service.addDevice()
    const outcome = await sendTo({ subscription: { ...subscription, endpoint } })
    expect(outcome).toEqual({ kind: 'refused', reason: expect.any(String) })
  })

  test('to a browser whose key is none', async () => {
    const { subscription } = service.addDevice()
    const keys = { ...subscription.keys, p256dh: 'B'.padEnd(87, 'A') }
    const outcome = await sendTo({ subscription: { ...subscription, keys } })
    expect(outcome).toEqual({ kind: 'refused', reason: expect.any(String) })
  })
})
