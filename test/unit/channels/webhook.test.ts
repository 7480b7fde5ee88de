/** A webhook is called as Standard Webhooks says, checked without the library that signs it. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { Webhook } from '../../../src/channels/webhook.ts'
import { Scene } from './scene.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const id = '0198d7f2-6b02-7d10-b5a4-20f1c1de9a55'
const body = JSON.stringify({ status: 'committed', to: '三號線' })
const webhook = new Webhook()

let scene: Scene
beforeEach(async () => {
  scene = await Scene.make()
  scene.knowSecret(secret)
})
afterAll(() => Scene.stop())

const call = (path = '/webhook/line-3', over: Partial<Parameters<Webhook['send']>[0]> = {}) =>
  webhook.send({ id, url: new URL(`${scene.url}${path}`), secret, body, ...over })

test('[DISP-5] its receiver can tell who calls, when, and what', async () => {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    heard.push({ headers: request.headers, body: text })
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?line=3`)
  expect(await call('', { url })).toEqual({ kind: 'delivered', provider_id: null })
  server.close()
  const [{ headers, body: text } = { headers: {}, body: '' }] = heard
  const at = headers['webhook-timestamp']
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64')
  expect(text).toBe(body)
  expect(headers).toMatchObject({
    'webhook-id': id,
    'webhook-signature': `v1,${signature}`,
    'content-type': 'application/json',
  })
  expect(Math.abs(Number(at) - Date.now() / 1_000)).toBeLessThan(60)
})

test('[DISP-5] a receiver that checks takes it, and knows a repeat', async () => {
  await call()
  await call()
  expect(scene.told('webhook')).toMatchObject({
    attempts: 2,
    arrivals: [{ key: id, to: '/webhook/line-3', is_signed: true }],
    problems: [],
  })
})

test('[DISP-5] one that has another secret does not', async () => {
  scene.knowSecret('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')
  expect(await call()).toMatchObject({ kind: 'later', reason: 'the webhook answered 401' })
  expect(scene.told('webhook').arrivals).toEqual([])
})

describe('[DISP-5] [DISP-10] what an answer means', () => {
  test.each([
    [302, { kind: 'later', trouble: 'receiver', tried: true }],
    [400, { kind: 'later', trouble: 'receiver', tried: true }],
    [404, { kind: 'later', trouble: 'receiver', tried: true }],
    [410, { kind: 'refused', status: 410 }],
    [429, { kind: 'later', trouble: 'busy' }],
    [500, { kind: 'later', trouble: 'away' }],
  ])('%i', async (status, delivery) => {
    scene.behave('webhook', { kind: 'refuse', status })
    expect(await call()).toMatchObject(delivery)
  })
})

test('[SEC-3] a redirect is not followed', async () => {
  const elsewhere: string[] = []
  const server = createServer((request, response) => {
    elsewhere.push(request.url ?? '')
    response.writeHead(request.url === '/hook' ? 307 : 200, { location: '/inside' }).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`)
  expect(await call('', { url })).toMatchObject({ kind: 'later' })
  server.close()
  expect(elsewhere).toEqual(['/hook'])
})

test('[DISP-5] a secret that is none signs nothing', async () => {
  expect(await call('/webhook', { secret: 'whsec_' })).toMatchObject({ kind: 'refused' })
  expect(scene.told('webhook').attempts).toBe(0)
})
