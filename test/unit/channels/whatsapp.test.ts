/** Messages to a server that speaks the WhatsApp Cloud API, and what its codes mean. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Whatsapp } from '../../../src/channels/whatsapp.ts'
import { readWhatsappSettings } from '../../../src/channels/whatsapp-settings.ts'
import { SettingsError, type Variables } from '../../../src/lib/variables.ts'
import { whatsappVars } from '../../../tools/fakes/outside-services.ts'
import { parcel as anyParcel, Scene } from './scene.ts'

const parcel = (content = '三號線停機 🔥') => anyParcel({ to: '+886912345678', content })

const channelWith = (variables: Variables): Whatsapp => {
  const settings = readWhatsappSettings({ ENVIRONMENT: 'development', ...variables })
  if (!settings) throw new Error('there are no settings')
  return new Whatsapp(settings)
}

let scene: Scene
let whatsapp: Whatsapp
beforeEach(async () => {
  scene = await Scene.make()
  whatsapp = channelWith(whatsappVars(scene.url))
})
afterAll(() => Scene.stop())

/** What a channel asks of the service. */
const askedOf = async (variables: Variables, content: string) => {
  const asked: { url: string | undefined; authorization: string | undefined; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    asked.push({ url: request.url, authorization: request.headers.authorization, body })
    response.end('{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.A=="}]}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const delivery = await channelWith({ ...whatsappVars(url), ...variables }).send(parcel(content))
  server.close()
  return { delivery, asked, body: JSON.parse(asked[0]?.body ?? '') as unknown }
}

test('[DISP-9] a message is asked for as Meta documents it', async () => {
  const { delivery, asked, body } = await askedOf({}, 'PT-104 https://example.com')
  expect(delivery).toEqual({ kind: 'delivered', provider_id: 'wamid.A==' })
  expect(asked).toMatchObject([
    { url: '/v23.0/106540352242922/messages', authorization: 'Bearer EAAG-stand-in' },
  ])
  expect(body).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '+886912345678',
    type: 'text',
    text: { preview_url: false, body: 'PT-104 https://example.com' },
  })
})

test('[DISP-9] with a template all go as it, on one line', async () => {
  const template = { WHATSAPP_TEMPLATE: 'notice', WHATSAPP_TEMPLATE_LANGUAGE: 'zh_TW' }
  const { body } = await askedOf(template, ' Line 3\n\tis      down ')
  expect(body).toMatchObject({
    type: 'template',
    template: {
      name: 'notice',
      language: { code: 'zh_TW' },
      components: [{ type: 'body', parameters: [{ type: 'text', text: 'Line 3 is down' }] }],
    },
  })
  expect(body).not.toHaveProperty('text')
})

test('[DISP-9] the stand-in takes it', async () => {
  expect(await whatsapp.send(parcel())).toMatchObject({
    ...{ kind: 'delivered', provider_id: expect.stringMatching(/^wamid\./) },
  })
  expect(scene.told('whatsapp')).toMatchObject({
    arrivals: [{ to: '+886912345678', text: '三號線停機 🔥' }],
    problems: [],
  })
})

test('[DISP-9] a text that is too long is not asked for', async () => {
  expect(await whatsapp.send(parcel('x'.repeat(4_097)))).toEqual({
    ...{ kind: 'refused', reason: 'WhatsApp takes at most 4096 characters' },
  })
  const short = channelWith({ ...whatsappVars(scene.url), WHATSAPP_TEMPLATE: 'notice' })
  expect((await short.send(parcel('x'.repeat(1_001)))).kind).toBe('refused')
  expect(scene.told('whatsapp').attempts).toBe(0)
})

const busy = { kind: 'later', trouble: 'busy', tried: false }
const away = { kind: 'later', trouble: 'away', tried: true }
const refused = { kind: 'refused' }

describe('[DISP-9] [DISP-10] what a code means, whatever the status beside it', () => {
  test.each([
    [400, 4, busy],
    [400, 80007, busy],
    [400, 130429, busy],
    [429, 130429, busy],
    [400, 131056, { kind: 'later', trouble: 'receiver', tried: true, retry_after_ms: 10_000 }],
    [400, 1, away],
    [400, 2, away],
    [500, 131000, away],
    [400, 131016, away],
    [503, 133004, away],
    [400, 100, refused],
    [403, 368, refused],
    [400, 131009, refused],
    [400, 131021, refused],
    [500, 131026, refused],
    [400, 131030, refused],
    [400, 131047, refused],
    [400, 131048, refused],
    [400, 131049, refused],
    [400, 131051, refused],
    [404, 132001, refused],
    [400, 999_999, refused],
    [500, 999_999, away],
    [429, 999_999, busy],
  ])('%i with %i', async (status, code, delivery) => {
    scene.behave('whatsapp', { kind: 'refuse', status, code })
    const found = await whatsapp.send(parcel())
    expect(found).toMatchObject(delivery)
    if (found.kind !== 'delivered' && code < 900_000) expect(found.reason).toContain(String(code))
  })

  test.each([0, 3, 10, 33, 190, 200, 299, 131005, 131031, 131042])(
    '%i is ours to mend: it waits, and the log says so',
    async (code) => {
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
      scene.behave('whatsapp', { kind: 'refuse', status: 400, code })
      expect(await whatsapp.send(parcel())).toMatchObject({
        ...{ kind: 'later', trouble: 'denied', tried: false },
      })
      expect(logged.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
        {
          ...{ event: 'service_denied', level: 'error', at: expect.any(String) as string },
          ...{ service: 'whatsapp', code },
        },
      ])
      logged.mockRestore()
    },
  )

  test('another token, as the stand-in sees it', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const other = { ...whatsappVars(scene.url), WHATSAPP_ACCESS_TOKEN: 'EAAG-of-somebody-else' }
    expect(await channelWith(other).send(parcel())).toMatchObject({ trouble: 'denied' })
    expect(JSON.stringify(logged.mock.calls)).not.toContain('EAAG')
    logged.mockRestore()
  })

  test('a number that is none', async () => {
    expect(await whatsapp.send(anyParcel({ to: '12' }))).toMatchObject({
      kind: 'refused',
      reason: 'WhatsApp refused it: it found a parameter invalid (131009)',
    })
  })

  test('an answer that is no JSON goes by its status', async () => {
    scene.behave('whatsapp', { kind: 'down' })
    expect(await whatsapp.send(parcel())).toMatchObject(away)
  })
})

describe('[DISP-9] the settings', () => {
  const own = { WHATSAPP_ACCESS_TOKEN: 'EAAG', WHATSAPP_PHONE_NUMBER_ID: '1065' }

  test('none: this deployment sends no WhatsApp messages', () => {
    expect(readWhatsappSettings({})).toBeUndefined()
  })

  test('the API is Meta’s unless another is named', () => {
    expect(readWhatsappSettings(own)).toMatchObject({
      ...{ url: new URL('https://graph.facebook.com/v23.0'), template: undefined },
    })
  })

  test.each([
    [{ WHATSAPP_ACCESS_TOKEN: 'EAAG' }, 'WHATSAPP_PHONE_NUMBER_ID'],
    [{ WHATSAPP_PHONE_NUMBER_ID: '1065' }, 'WHATSAPP_ACCESS_TOKEN'],
    [{ WHATSAPP_TEMPLATE: 'notice' }, 'WHATSAPP_ACCESS_TOKEN'],
    [{ ...own, WHATSAPP_PHONE_NUMBER_ID: '+886912345678' }, 'WHATSAPP_PHONE_NUMBER_ID'],
    [{ ...own, WHATSAPP_ACCESS_TOKEN: 'EA AG' }, 'WHATSAPP_ACCESS_TOKEN'],
    [{ ...own, WHATSAPP_TEMPLATE: 'Notice!' }, 'WHATSAPP_TEMPLATE'],
    [
      { ...own, WHATSAPP_TEMPLATE: 'a', WHATSAPP_TEMPLATE_LANGUAGE: 'Chinese' },
      'WHATSAPP_TEMPLATE_LANGUAGE',
    ],
    [{ ...own, WHATSAPP_API_URL: 'http://graph.example.com' }, 'WHATSAPP_API_URL'],
  ])('%j stops the start', (variables, name) => {
    expect(() => readWhatsappSettings(variables)).toThrow(SettingsError)
    expect(() => readWhatsappSettings(variables)).toThrow(name)
  })
})
