/** E-mail to a server that speaks the Resend API, and all that such a service answers. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Email } from '../../../src/channels/email.ts'
import { readEmailSettings } from '../../../src/channels/email-settings.ts'
import { SettingsError, type Variables } from '../../../src/lib/variables.ts'
import { emailVars } from '../../../tools/fakes/outside-services.ts'
import { parcel, Scene } from './scene.ts'

const channelWith = (variables: Variables): Email => {
  const settings = readEmailSettings({ ENVIRONMENT: 'development', ...variables })
  if (!settings) throw new Error('there are no settings')
  return new Email(settings)
}

let scene: Scene
let email: Email
beforeEach(async () => {
  scene = await Scene.make()
  email = channelWith(emailVars(scene.url))
})
afterAll(() => Scene.stop())

test('[DISP-9] an e-mail is asked for as Resend documents it', async () => {
  const asked: { url: string | undefined; headers: object; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    asked.push({ url: request.url, headers: request.headers, body })
    response.end('{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const EMAIL_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const delivery = await channelWith({ ...emailVars(''), EMAIL_API_URL }).send(parcel())
  server.close()
  expect(delivery).toEqual({
    kind: 'delivered',
    provider_id: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794',
  })
  expect(asked).toMatchObject([
    {
      url: '/emails',
      headers: {
        authorization: 'Bearer re_stand-in',
        'content-type': 'application/json',
        'idempotency-key': '0198d7f2-6b02-7d10-b5a4-20f1c1de9a55',
      },
    },
  ])
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    from: 'Muster <muster@example.com>',
    to: ['lin@example.com'],
    subject: 'Line 3',
    text: '三號線停機 🔥\nPT-104 is at 9.1 bar',
  })
})

test('[DISP-11] asked twice it sends once, and both hear the same id', async () => {
  const [first, second] = [await email.send(parcel()), await email.send(parcel())]
  expect(second).toEqual(first)
  expect(scene.told('email')).toMatchObject({ attempts: 2, arrivals: [{ to: 'lin@example.com' }] })
})

test('[DISP-11] an answer that was lost costs no second e-mail', async () => {
  scene.behave('email', { kind: 'lose_answer' })
  expect(await email.send(parcel())).toMatchObject({ kind: 'later', tried: true, trouble: 'away' })
  scene.behave('email', { kind: 'take' })
  expect(await email.send(parcel())).toMatchObject({ kind: 'delivered' })
  expect(scene.told('email').arrivals).toHaveLength(1)
})

test('[DISP-11] nor does a sender who changed their name in between', async () => {
  await email.send(parcel({ subject: null, sender_display_name: 'Lin' }))
  const again = await email.send(parcel({ subject: null, sender_display_name: '林' }))
  expect(again).toEqual({ kind: 'delivered', provider_id: null })
  expect(scene.told('email').arrivals).toMatchObject([{ subject: 'Message from Lin' }])
})

test('[SEC-3] a subject is one line, and no longer than mail programs show', async () => {
  const subject = `Line 3\r\nBcc: all@example.com\u2028${'🔥'.repeat(300)}`
  await email.send(parcel({ subject }))
  const [arrival] = scene.told('email').arrivals
  expect(arrival?.subject).toMatch(/^Line 3 Bcc: all@example.com 🔥+$/u)
  expect([...(arrival?.subject ?? '')]).toHaveLength(200)
  expect(scene.told('email').problems).toEqual([])
})

describe('[DISP-9] [DISP-10] what an answer means', () => {
  test.each([
    [400, 'validation_error', { kind: 'refused', status: 400 }],
    [403, 'validation_error', { kind: 'refused', status: 403 }],
    [404, 'not_found', { kind: 'refused' }],
    [422, 'missing_required_field', { kind: 'refused' }],
    [451, 'security_error', { kind: 'refused' }],
    [302, 'moved', { kind: 'refused' }],
    [409, 'concurrent_idempotent_requests', { kind: 'later', trouble: 'receiver', tried: true }],
    [429, 'rate_limit_exceeded', { kind: 'later', trouble: 'busy', tried: false }],
    [429, 'daily_quota_exceeded', { kind: 'later', trouble: 'busy', retry_after_ms: 900_000 }],
    [429, 'monthly_quota_exceeded', { kind: 'later', trouble: 'busy', retry_after_ms: 900_000 }],
    [408, 'timeout', { kind: 'later', trouble: 'away', tried: true }],
    [425, 'too_early', { kind: 'later', trouble: 'away' }],
    [500, 'internal_server_error', { kind: 'later', trouble: 'away', tried: true }],
    [502, 'application_error', { kind: 'later', trouble: 'away' }],
  ])('%i %s', async (status, code, delivery) => {
    scene.behave('email', { kind: 'refuse', status, code })
    expect(await email.send(parcel())).toMatchObject(delivery)
  })

  test('Retry-After is heeded', async () => {
    scene.behave('email', { kind: 'refuse', status: 429, retry_after: '7' })
    expect(await email.send(parcel())).toMatchObject({ retry_after_ms: 7_000, trouble: 'busy' })
    scene.behave('email', { kind: 'refuse', status: 503, retry_after: '7' })
    expect(await email.send(parcel())).toMatchObject({ retry_after_ms: 7_000, trouble: 'busy' })
  })

  test('a refusal says why, in the words of the service’s own name for it', async () => {
    expect(await email.send(parcel({ to: 'nobody' }))).toEqual({
      kind: 'refused',
      status: 422,
      reason: 'the e-mail service refused it with 422 (validation_error)',
    })
  })

  test.each([['another key', { EMAIL_API_KEY: 're_of-somebody-else' }, 'invalid_api_key']])(
    '%s is ours to mend: it waits, and the log says so',
    async (_what, variables, code) => {
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
      email = channelWith({ ...emailVars(scene.url), ...variables })
      expect(await email.send(parcel())).toMatchObject({
        ...{ kind: 'later', trouble: 'denied', tried: false },
      })
      expect(logged.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
        {
          ...{ event: 'service_denied', level: 'error', at: expect.any(String) as string },
          ...{ service: 'email', code },
        },
      ])
      logged.mockRestore()
    },
  )

  test('nobody there', async () => {
    scene.behave('email', { kind: 'down' })
    expect(await email.send(parcel())).toEqual({
      ...{ kind: 'later', trouble: 'away', tried: true, retry_after_ms: undefined },
      reason: 'the e-mail service could not be reached',
    })
  })
})

test('[LIM-3] a service that never answers costs ten seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  scene.behave('email', { kind: 'hang' })
  const delivery = email.send(parcel())
  await vi.advanceTimersByTimeAsync(10_000)
  vi.useRealTimers()
  expect(await delivery).toMatchObject({
    ...{ kind: 'later', reason: 'the e-mail service did not answer in time', tried: true },
  })
})

test('[LIM-4] of an answer without end only the beginning is read', async () => {
  let sent = 0
  const server = createServer((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536
    }
    response.on('drain', more)
    more()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const EMAIL_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const delivery = await channelWith({ ...emailVars(''), EMAIL_API_URL }).send(parcel())
  expect(delivery).toEqual({ kind: 'delivered', provider_id: null })
  expect(sent).toBeLessThan(16_777_216)
  server.closeAllConnections()
  server.close()
})

describe('[DISP-9] the settings', () => {
  test('none: this deployment sends no e-mail', () => {
    expect(readEmailSettings({})).toBeUndefined()
  })

  test('the API is Resend’s unless another is named', () => {
    const settings = readEmailSettings({ EMAIL_API_KEY: 're_1', EMAIL_FROM: 'a@example.com' })
    expect(settings?.url.href).toBe('https://api.resend.com/')
  })

  test.each([
    [{ EMAIL_API_KEY: 're_1' }, 'EMAIL_FROM'],
    [{ EMAIL_FROM: 'a@example.com' }, 'EMAIL_API_KEY'],
    [{ EMAIL_API_URL: 'https://api.example.com' }, 'EMAIL_API_KEY'],
    [{ EMAIL_API_KEY: 're 1', EMAIL_FROM: 'a@example.com' }, 'EMAIL_API_KEY'],
    [{ EMAIL_API_KEY: 're_1', EMAIL_FROM: 'nobody' }, 'EMAIL_FROM'],
    [{ EMAIL_API_KEY: 're_1', EMAIL_FROM: 'A <a@example.com>\r\nBcc: b@b' }, 'EMAIL_FROM'],
    [{ ...emailVars('http://api.example.com') }, 'EMAIL_API_URL'],
    [{ ...emailVars('http://127.0.0.1:9'), ENVIRONMENT: 'production' }, 'EMAIL_API_URL'],
  ])('%j stops the start', (variables, name) => {
    expect(() => readEmailSettings(variables)).toThrow(SettingsError)
    expect(() => readEmailSettings(variables)).toThrow(name)
    expect(() => readEmailSettings(variables)).not.toThrow('re_1')
  })
})
