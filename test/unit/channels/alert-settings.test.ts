import { describe, expect, test } from 'vitest'
import { readAlertWebhook } from '../../../src/channels/alert-settings.ts'
import { SettingsError } from '../../../src/lib/variables.ts'

const url = 'https://alerts.example.com/muster?team=night'
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='
const read = (
  ALERT_WEBHOOK_URL: string,
  ALERT_WEBHOOK_SECRET: string,
  ENVIRONMENT = 'production',
) => readAlertWebhook({ ALERT_WEBHOOK_URL, ALERT_WEBHOOK_SECRET, ENVIRONMENT })

describe('[OPS-2] the webhook of alerts', () => {
  test('is none, or both of its variables', () => {
    expect(readAlertWebhook({})).toBeUndefined()
    expect(read('', '')).toBeUndefined()
    expect(read(url, secret)).toEqual({ url: new URL(url), secret })
    expect(() => read(url, '')).toThrow(SettingsError)
    expect(() => read('', secret)).toThrow(SettingsError)
  })

  test('is https; in development this machine may go without', () => {
    const local = 'http://localhost:9000/alerts'
    expect(() => read(local, secret)).toThrow('ALERT_WEBHOOK_URL must be an https: address')
    expect(read(local, secret, 'development')?.url.href).toBe(local)
    expect(() => read('http://alerts.example.com/', secret, 'development')).toThrow(SettingsError)
    expect(() => read('https://a:b@alerts.example.com/', secret)).toThrow('no password')
    expect(() => read('alerts', secret)).toThrow(SettingsError)
  })

  test.each(['secret', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(200)}`, 'whsec_*&^%'])(
    'has no secret such as %s, and does not repeat it',
    (bad) => {
      const message = (() => {
        try {
          return String(read(url, bad))
        } catch (error) {
          return (error as Error).message
        }
      })()
      expect(message).toContain('ALERT_WEBHOOK_SECRET must be whsec_')
      if (bad !== 'whsec_') expect(message).not.toContain(bad.slice(6) || bad)
    },
  )
})
