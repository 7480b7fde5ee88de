/** The variables of pushing: taken, or named where they are bad. */
import { describe, expect, test } from 'vitest'
import { pushEndpoint } from '../../../src/channels/push-endpoint.ts'
import { readPushSettings, readPushShards } from '../../../src/channels/push-settings.ts'
import { retryAfterMs } from '../../../src/channels/retry-after.ts'
import { SettingsError, type Variables } from '../../../src/lib/variables.ts'
import { makeVapidKeys } from '../../../tools/dev/vapid-keys.ts'

const keys = await makeVapidKeys()
const good: Variables = { ...keys, VAPID_SUBJECT: 'mailto:night-shift@example.com' }

describe('[WEB-5] VAPID', () => {
  test('may be left out: then there is no push', () => {
    expect(readPushSettings({})).toBeUndefined()
    const empty = { VAPID_PUBLIC_KEY: '', VAPID_PRIVATE_KEY: '', VAPID_SUBJECT: '' }
    expect(readPushSettings(empty)).toBeUndefined()
  })

  test('is what it says', () => {
    expect(readPushSettings(good)).toMatchObject({
      public_key: keys.VAPID_PUBLIC_KEY,
      subject: 'mailto:night-shift@example.com',
      allows_local_http: false,
    })
    expect(readPushSettings({ ...good, VAPID_SUBJECT: 'https://example.com' })).toBeDefined()
  })

  test.each<[string, Variables]>([
    ['VAPID_PRIVATE_KEY and VAPID_SUBJECT', { VAPID_PUBLIC_KEY: keys.VAPID_PUBLIC_KEY }],
    ['VAPID_SUBJECT', { ...good, VAPID_SUBJECT: '' }],
    ['VAPID_SUBJECT', { ...good, VAPID_SUBJECT: 'night-shift@example.com' }],
    ['VAPID_PUBLIC_KEY', { ...good, VAPID_PUBLIC_KEY: 'BAAA' }],
    ['VAPID_PUBLIC_KEY', { ...good, VAPID_PUBLIC_KEY: 'C'.padEnd(87, 'A') }],
    ['VAPID_PRIVATE_KEY', { ...good, VAPID_PRIVATE_KEY: 'short-secret' }],
    ['VAPID_PRIVATE_KEY', { ...good, VAPID_PRIVATE_KEY: 'not base64, a secret' }],
    ['PUSH_HOSTS', { ...good, PUSH_HOSTS: 'https://push.example.com' }],
    ['PUSH_HOSTS', { PUSH_HOSTS: '*' }],
    ['PUSH_HOSTS', { PUSH_HOSTS: 'a.example,,b.example' }],
  ])('[SEC-5] %s is named where it is bad, and no secret is repeated', (name, variables) => {
    const read = () => readPushSettings(variables)
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(name)
    expect(read).not.toThrow(/secret|night-shift@/)
  })
})

test.each(['0', '257', '1.5'])('PUSH_SHARDS may not be %s', (PUSH_SHARDS) => {
  expect(() => readPushShards({ PUSH_SHARDS })).toThrow(/PUSH_SHARDS/)
})

const goesTo = (endpoint: string, variables: Variables = {}) => {
  const settings = readPushSettings({ ...good, ...variables })
  return settings !== undefined && pushEndpoint(settings, endpoint) !== undefined
}

describe('[SEC-3] pushes go', () => {
  test.each([
    'https://fcm.googleapis.com/fcm/send/a:b',
    'https://updates.push.services.mozilla.com/wpush/v2/a',
    'https://wns2-par02p.notify.windows.com/w/?token=a',
    'https://web.push.apple.com/a',
  ])('to %s', (endpoint) => expect(goesTo(endpoint)).toBe(true))

  test.each([
    'http://fcm.googleapis.com/a',
    'https://fcm.googleapis.com.evil.example/a',
    'https://push.services.mozilla.com.evil.example/a',
    'https://evilpush.apple.com/a',
    'https://push.apple.com/a',
    'https://user@fcm.googleapis.com/a',
    'https://fcm.googleapis.com:22/a',
    'https://localhost/a',
    'https://[::1]/a',
    'https://2130706433/a',
  ])('not to %s', (endpoint) => expect(goesTo(endpoint)).toBe(false))

  test('without TLS only on this machine, in development, where it is named', () => {
    const local = 'http://localhost:4000/push'
    const named = { PUSH_HOSTS: 'localhost,fcm.googleapis.com' }
    expect(goesTo(local, { ...named, ENVIRONMENT: 'development' })).toBe(true)
    expect(goesTo(local, named)).toBe(false)
    expect(goesTo(local, { ENVIRONMENT: 'development' })).toBe(false)
    const open = 'http://fcm.googleapis.com/a'
    expect(goesTo(open, { ...named, ENVIRONMENT: 'development' })).toBe(false)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T09:00:00Z')
  test.each([
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    ['120', 120_000],
    ['Sun, 22 Nov 2026 09:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 08:00:00 GMT', 0],
  ])('%s is %s', (value, ms) => expect(retryAfterMs(value, now)).toBe(ms))
})
