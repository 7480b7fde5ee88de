/** What people say of when they want to be told, and the browsers that they register (WEB-5). */
import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Env } from '../../src/env.ts'
import { createApp } from '../../src/http/app.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import type { NotificationSettings } from '../../src/protocol/notification.ts'
import { addMember, openRoom, signIn, type Caller } from './http-client.ts'
import { addDevice, subscribe } from './support/device.ts'
import { inSession } from './support/sql.ts'

const bindings = env as unknown as Env

const read = async (person: Caller): Promise<NotificationSettings> =>
  (await person.get<NotificationSettings>('/api/me/notifications')).body

const atNight = { start: '22:00', end: '07:00', time_zone: 'Asia/Taipei' }

describe('[WEB-5] when somebody wants to be told', () => {
  test('is of mentions, at any hour, until they say otherwise', async () => {
    expect(await read(await signIn())).toEqual({ level: 'mentions', quiet_hours: null, rooms: [] })
  })

  test('is theirs alone, is answered as it was said, and can be taken back', async () => {
    const [ann, ben] = [await signIn('ann'), await signIn('ben')]
    const said = { level: 'all', quiet_hours: atNight }
    const { status, body } = await ann.put('/api/me/notifications', said)
    expect([status, body]).toEqual([200, { ...said, rooms: [] }])
    expect(await read(ann)).toEqual({ ...said, rooms: [] })
    expect(await read(ben)).toMatchObject({ level: 'mentions' })
    await ann.put('/api/me/notifications', { level: 'nothing', quiet_hours: null })
    expect(await read(ann)).toEqual({ level: 'nothing', quiet_hours: null, rooms: [] })
  })

  test.each([
    ['level', { level: 'loud', quiet_hours: null }],
    ['quiet_hours.start', { level: 'all', quiet_hours: { ...atNight, start: '24:00' } }],
    ['quiet_hours.start', { level: 'all', quiet_hours: { ...atNight, start: '7:00' } }],
    ['quiet_hours.end', { level: 'all', quiet_hours: { ...atNight, end: '22:00' } }],
    [
      'quiet_hours.time_zone',
      { level: 'all', quiet_hours: { ...atNight, time_zone: 'Mars/Base' } },
    ],
    ['quiet_hours.time_zone', { level: 'all', quiet_hours: { ...atNight, time_zone: '+08:00' } }],
    ['quiet_hours', { level: 'all' }],
  ])('[API-7] %s is named where it cannot be', async (field, said) => {
    const ann = await signIn()
    const { status, body } = await ann.put<Problem>('/api/me/notifications', said)
    expect([status, body.field]).toEqual([400, field])
  })

  test('differs by room, for as long as they are a member', async () => {
    const [ann, ben] = [await signIn('ann'), await signIn('ben')]
    const { room_id } = await openRoom(ann)
    await addMember(ann, room_id, { user_id: ben.user_id, role: 'viewer' })
    const path = `/api/rooms/${room_id}/notifications`
    const { status, body } = await ben.put(path, { level: 'nothing' })
    expect([status, body]).toEqual([200, { room_id, level: 'nothing' }])
    expect((await read(ben)).rooms).toEqual([{ room_id, level: 'nothing' }])
    await ben.put(path, { level: 'all' })
    expect((await read(ben)).rooms).toEqual([{ room_id, level: 'all' }])
    expect((await read(ann)).rooms).toEqual([])
    await ben.put(path, { level: 'default' })
    expect((await read(ben)).rooms).toEqual([])
    await ben.put(path, { level: 'all' })
    await ann.delete(`/api/rooms/${room_id}/members/${encodeURIComponent(ben.user_id)}`)
    expect((await read(ben)).rooms).toEqual([])
  })
})

const subscriptionsOf = (person: Caller): Promise<string[]> =>
  inSession(async (client) => {
    const { rows } = await client.query<{ endpoint: string }>(
      'SELECT endpoint FROM push_subscriptions WHERE user_id = $1 ORDER BY updated_at',
      [person.user_id],
    )
    return rows.map(({ endpoint }) => endpoint)
  })

describe('[WEB-5] a browser', () => {
  test('subscribes with the key of this deployment', async () => {
    const { status, body } = await (await signIn()).get('/api/push/key')
    expect([status, body]).toEqual([200, { public_key: bindings.VAPID_PUBLIC_KEY }])
  })

  test('cannot subscribe where there are no keys', async () => {
    const without: Env = {
      ...bindings,
      VAPID_PUBLIC_KEY: '',
      VAPID_PRIVATE_KEY: '',
      VAPID_SUBJECT: '',
    }
    const { token } = await signIn()
    const { subscription } = await addDevice()
    const authorization = `Bearer ${token}`
    const key = await createApp(without).request(
      '/api/push/key',
      { headers: { authorization } },
      without,
      createExecutionContext(),
    )
    expect(key.status).toBe(404)
    const put = await createApp(without).request(
      '/api/me/push-subscriptions',
      {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(subscription),
      },
      without,
      createExecutionContext(),
    )
    expect(put.status).toBe(404)
  })

  test('is registered once, however often', async () => {
    const ann = await signIn()
    const device = await subscribe(ann)
    await subscribe(ann, device)
    expect(await subscriptionsOf(ann)).toEqual([device.subscription.endpoint])
  })

  test('is one person’s: whoever used it last', async () => {
    const [ann, ben] = [await signIn('ann'), await signIn('ben')]
    const device = await subscribe(ann)
    await subscribe(ben, device)
    expect(await subscriptionsOf(ann)).toEqual([])
    expect(await subscriptionsOf(ben)).toEqual([device.subscription.endpoint])
  })

  test('[SEC-2] is forgotten when its person says so, and no one else', async () => {
    const [ann, ben] = [await signIn('ann'), await signIn('ben')]
    const { subscription } = await subscribe(ann)
    const remove = (person: Caller) =>
      person.delete('/api/me/push-subscriptions', { endpoint: subscription.endpoint })
    expect((await remove(ben)).status).toBe(204)
    expect(await subscriptionsOf(ann)).toHaveLength(1)
    expect((await remove(ann)).status).toBe(204)
    expect((await remove(ann)).status).toBe(204)
    expect(await subscriptionsOf(ann)).toEqual([])
  })

  test('[LIM-4] is one of twenty at most: the one that was not renewed for longest goes', async () => {
    const ann = await signIn()
    const devices = []
    for (let count = 0; count < 21; count += 1) {
      devices.push(await subscribe(ann))
      // The first is still in use.
      if (count === 19 && devices[0]) await subscribe(ann, devices[0])
    }
    const kept = await subscriptionsOf(ann)
    expect(kept).toHaveLength(20)
    expect(kept).toContain(devices[0]?.subscription.endpoint)
    expect(kept).not.toContain(devices[1]?.subscription.endpoint)
  })

  test.each([
    ['a host that is no push service', { endpoint: 'https://intranet.example/push' }],
    ['an address inside', { endpoint: 'http://169.254.169.254/latest' }],
    ['another port of a push service', { endpoint: 'https://fcm.googleapis.com:8443/fcm/send/1' }],
    ['a name and password', { endpoint: 'https://a:b@fcm.googleapis.com/fcm/send/1' }],
    ['a host that only ends alike', { endpoint: 'https://evil-fcm.googleapis.com.example/1' }],
    ['no address', { endpoint: 'fcm' }],
    ['a key off the curve', { keys: { p256dh: 'B'.padEnd(87, 'A'), auth: 'A'.repeat(22) } }],
    ['a short secret', { keys: { p256dh: 'B'.padEnd(87, 'A'), auth: 'AA' } }],
  ])('[SEC-3] is refused with %s', async (_, overrides) => {
    const ann = await signIn()
    const { subscription } = await addDevice()
    const { status, body } = await ann.put<Problem>('/api/me/push-subscriptions', {
      ...subscription,
      ...overrides,
    })
    expect([status, body.code]).toEqual([400, 'bad_request'])
    expect(await subscriptionsOf(ann)).toEqual([])
  })

  test.each([
    'https://fcm.googleapis.com/fcm/send/1',
    'https://updates.push.services.mozilla.com/1',
  ])('may be at %s', async (endpoint) => {
    const { subscription } = await addDevice()
    const ann = await signIn()
    const { status } = await ann.put('/api/me/push-subscriptions', {
      ...subscription,
      endpoint: `${endpoint}-${crypto.randomUUID()}`,
    })
    expect(status).toBe(204)
  })
})
