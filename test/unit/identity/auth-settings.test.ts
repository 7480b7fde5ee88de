import { describe, expect, test } from 'vitest'
import { readAuthSettings } from '../../../src/identity/auth-settings.ts'
import type { Variables } from '../../../src/lib/variables.ts'

const good: Variables = {
  ENVIRONMENT: 'development',
  AUTH_SECRET: 'a-secret-for-tests-only-of-32-characters',
  AUTH_DEV_LOGIN: 'true',
}

test('what is not said has a safe value', () => {
  const settings = readAuthSettings({ AUTH_SECRET: good.AUTH_SECRET ?? '' })
  expect(settings).toMatchObject({ issuer: 'muster', audience: 'muster', dev_login: false })
})

describe('[SEC-1] a bad value is named', () => {
  test('control: the same values without a fault are read', () => {
    expect(readAuthSettings(good).dev_login).toBe(true)
  })

  test.each<[string, Variables]>([
    ['AUTH_SECRET', { ...good, AUTH_SECRET: 'short' }],
    ['AUTH_SECRET', { ENVIRONMENT: 'development' }],
    ['AUTH_JWKS_URL', { ...good, AUTH_JWKS_URL: 'keys' }],
    ['AUTH_JWKS_URL', { ...good, AUTH_JWKS_URL: 'http://login.example.com/keys' }],
    [
      'AUTH_JWKS_URL',
      {
        ...good,
        AUTH_DEV_LOGIN: '',
        ENVIRONMENT: 'production',
        AUTH_JWKS_URL: 'http://localhost/keys',
      },
    ],
    ['AUTH_DEV_LOGIN', { ...good, AUTH_DEV_LOGIN: 'yes' }],
    ['AUTH_DEV_LOGIN', { ...good, ENVIRONMENT: 'production' }],
    ['AUTH_DEV_LOGIN', { ...good, ENVIRONMENT: 'staging' }],
    ['AUTH_DEV_LOGIN', { ...good, ENVIRONMENT: '' }],
    ['ENVIRONMENT', { ...good, ENVIRONMENT: 'prod' }],
  ])('%s', (name, variables) => {
    expect(() => readAuthSettings(variables)).toThrow(name)
  })
})

test('[SEC-5] a secret that is refused is not repeated', () => {
  const variables = { ...good, AUTH_SECRET: 'hunter2' }
  expect(() => readAuthSettings(variables)).toThrow(/^AUTH_SECRET is too short/)
  expect(() => readAuthSettings(variables)).not.toThrow(/hunter2/)
})
