/** Where outcomes of one-way messages may be sent to: nowhere inside a network (SEC-3). */
import { describe, expect, test } from 'vitest'
import { readWebhookRule, webhookAddress } from '../../../src/channels/webhook-address.ts'
import { SettingsError } from '../../../src/lib/variables.ts'

const production = readWebhookRule({ ENVIRONMENT: 'production' })
const development = readWebhookRule({ ENVIRONMENT: 'development' })

test.each([
  'https://hooks.example.com/muster',
  'https://hooks.example.com:443/muster?key=1',
  'https://bücher.example/',
  'https://例え.jp/hook',
])('[SEC-3] [DISP-5] %s may be told', (text) => {
  expect(webhookAddress(production, text)?.href).toBe(new URL(text).href)
})

describe('[SEC-3] [DISP-5] nothing is sent', () => {
  test.each([
    ['without TLS', 'http://hooks.example.com/'],
    ['to another port', 'https://hooks.example.com:8443/'],
    ['with credentials', 'https://ann:secret@hooks.example.com/'],
    ['with a name alone', 'https://ann@hooks.example.com/'],
    ['to an IPv4 address', 'https://169.254.169.254/latest/meta-data'],
    ['to one written as a number', 'https://2130706433/'],
    ['to one written in hexadecimal', 'https://0x7f.1/'],
    ['to one written in octal', 'https://0177.0.0.1/'],
    ['to an IPv6 address', 'https://[fd00:ec2::254]/'],
    ['to this machine', 'https://localhost/'],
    ['to this machine by number', 'https://127.0.0.1/'],
    ['to this machine in IPv6', 'https://[::1]/'],
    ['to a name below localhost', 'https://muster.localhost/'],
    ['to a name without a dot', 'https://intranet/'],
    ['to a name that ends in a dot', 'https://localhost./'],
    ['to a name of a local network', 'https://printer.local/'],
    ['to a name of a private network', 'https://metadata.google.internal/'],
    ['by another protocol', 'ftp://hooks.example.com/'],
    ['to a file', 'file:///etc/passwd'],
    ['to no address', 'hooks.example.com'],
    ['to one that has no end', `https://hooks.example.com/${'a'.repeat(2_000)}`],
  ])('%s', (_why, text) => {
    expect(webhookAddress(production, text)).toBeUndefined()
  })

  test.each(['http://10.0.0.1/', 'https://192.168.1.1/', 'http://hooks.example.com/'])(
    'to %s in development either',
    (text) => {
      expect(webhookAddress(development, text)).toBeUndefined()
    },
  )
})

test.each(['http://localhost:9000/webhook', 'http://127.0.0.1:9000/', 'http://[::1]:9000/'])(
  '[DISP-9] in development %s may be told, so that a stand-in can hear it',
  (text) => {
    expect(webhookAddress(development, text)?.href).toBe(text)
  },
)

test('[SEC-3] WEBHOOK_HOSTS names the only ones', () => {
  const rule = readWebhookRule({ WEBHOOK_HOSTS: 'hooks.example.com, *.Partner.example' })
  const isTold = (text: string) => webhookAddress(rule, text) !== undefined
  expect(isTold('https://hooks.example.com/')).toBe(true)
  expect(isTold('https://a.partner.example/')).toBe(true)
  expect(isTold('https://partner.example/')).toBe(false)
  expect(isTold('https://evilpartner.example/')).toBe(false)
  expect(isTold('https://other.example.com/')).toBe(false)
  expect(() => readWebhookRule({ WEBHOOK_HOSTS: 'https://a.example' })).toThrow(SettingsError)
  expect(() => readWebhookRule({ WEBHOOK_HOSTS: 'https://a.example' })).toThrow('WEBHOOK_HOSTS')
})
