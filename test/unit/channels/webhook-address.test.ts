/** Which addresses are told of outcomes, and which never are (DISP-5, SSRF). */
import { describe, expect, test } from 'vitest'
import { readWebhookRule, webhookAddress } from '../../../src/channels/webhook-address.ts'

const production = readWebhookRule({ ENVIRONMENT: 'production' })
const development = readWebhookRule({ ENVIRONMENT: 'development' })

const isCalled = (url: string, rule = production) => webhookAddress(rule, url) !== undefined

describe('[DISP-5] in a deployment', () => {
  test.each([
    'https://hooks.example.com/one-way?line=3',
    'https://hooks.example.com:8443/',
    'https://例え.jp/hook',
  ])('%s is called', (url) => expect(isCalled(url)).toBe(true))

  test.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'https://ann:secret@hooks.example.com/',
    'https://ann@hooks.example.com/',
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.8/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://localhost/',
    'https://localhost./',
    'https://press.localhost/',
    'https://intranet/',
    'https://db.internal/',
    'https://printer.local/',
    'not a url',
    '',
  ])('%s is not', (url) => expect(isCalled(url)).toBe(false))
})

test('[DISP-5] on a developer’s own machine it may be called, and without TLS', () => {
  expect(isCalled('http://localhost:9000/hook', development)).toBe(true)
  expect(isCalled('http://127.0.0.1:9000/hook', development)).toBe(true)
  expect(isCalled('http://10.0.0.8/hook', development)).toBe(false)
  expect(isCalled('http://hooks.example.com/', development)).toBe(false)
  expect(isCalled('ftp://localhost/', development)).toBe(false)
})

test('[DISP-5] WEBHOOK_HOSTS narrows it down', () => {
  const rule = readWebhookRule({ WEBHOOK_HOSTS: 'hooks.example.com, *.plant.example' })
  expect(isCalled('https://hooks.example.com/a', rule)).toBe(true)
  expect(isCalled('https://line.plant.example/a', rule)).toBe(true)
  expect(isCalled('https://plant.example/a', rule)).toBe(false)
  expect(isCalled('https://other.example.com/a', rule)).toBe(false)
  expect(() => readWebhookRule({ WEBHOOK_HOSTS: 'https://hooks.example.com' })).toThrow(
    /WEBHOOK_HOSTS has "https:/,
  )
})
