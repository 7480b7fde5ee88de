import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { signToken, verifyToken } from '../../../src/identity/tokens.ts'

const secret = 'a-secret-for-tests-only-of-32-characters'
const variables = {
  ENVIRONMENT: 'development',
  AUTH_SECRET: secret,
  AUTH_ISSUER: 'muster',
  AUTH_AUDIENCE: 'muster',
}
const key = new TextEncoder().encode(secret)

type Claims = { iss: string; aud: string; sub: string; exp: number; [name: string]: unknown }

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600

const claims = (overrides: Partial<Claims> = {}): Claims => ({
  iss: 'muster',
  aud: 'muster',
  sub: 'mei@example.com',
  exp: inAnHour(),
  ...overrides,
})

const hs256 = (payload: Record<string, unknown>, by: Uint8Array = key): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(by)

const codeOf = async (token: string): Promise<string> => {
  const verified = await verifyToken(variables, token)
  return verified.ok ? 'accepted' : verified.refusal.code
}

test('[SEC-1] a token of our own names the person until it expires', async () => {
  const now = Date.now()
  const person = { user_id: 'mei@example.com', display_name: '陳美' }
  const { token, expires_at } = await signToken(variables, person, now)
  expect(expires_at).toBe(Math.floor(now / 1_000) * 1_000 + 12 * 3_600_000)
  expect(await verifyToken(variables, token)).toEqual({
    ok: true,
    value: { user_id: 'mei@example.com', display_name: '陳美', expires_at },
  })
})

test('[SEC-1] one that was accepted is refused as soon as it expires', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const token = await hs256(claims())
  expect([await codeOf(token), await codeOf(token)]).toEqual(['accepted', 'accepted'])
  vi.setSystemTime(Date.now() + 3_601_000)
  expect(await codeOf(token)).toBe('unauthenticated')
  vi.useRealTimers()
})

describe('[SEC-1] refused as unauthenticated', () => {
  test('control: the same token without a fault is accepted', async () => {
    expect(await codeOf(await hs256(claims()))).toBe('accepted')
  })

  test.each<[string, Record<string, unknown>]>([
    ['expired', claims({ exp: Math.floor(Date.now() / 1_000) - 1 })],
    ['from another issuer', claims({ iss: 'somebody' })],
    ['for another audience', claims({ aud: 'another' })],
    ['not valid yet', claims({ nbf: inAnHour() })],
    ['without a subject', { ...claims(), sub: undefined }],
    ['without an expiry', { ...claims(), exp: undefined }],
    ['for a person with a space in the id', claims({ sub: 'mei chen' })],
    ['for nobody', claims({ sub: '' })],
  ])('%s', async (_, payload) => {
    expect(await codeOf(await hs256(payload))).toBe('unauthenticated')
  })

  test('signed with another secret', async () => {
    const another = new TextEncoder().encode('another-secret-for-tests-of-32-characters')
    expect(await codeOf(await hs256(claims(), another))).toBe('unauthenticated')
  })

  test('changed after it was signed', async () => {
    const [header, , signature] = (await hs256(claims())).split('.')
    const forged = btoa(JSON.stringify(claims({ sub: 'admin@example.com' }))).replaceAll('=', '')
    expect(await codeOf(`${header}.${forged}.${signature}`)).toBe('unauthenticated')
  })

  test('without a signature (alg none)', async () => {
    const token = new UnsecuredJWT(claims()).encode()
    expect(await codeOf(token)).toBe('unauthenticated')
  })

  test('signed with HS512, though with the right secret', async () => {
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS512' }).sign(key)
    expect(await codeOf(token)).toBe('unauthenticated')
  })

  test('signed by a key pair where there is no provider', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    expect(await codeOf(token)).toBe('unauthenticated')
  })

  test.each(['', 'x', 'a.b.c', 'eyJhbGciOiJIUzI1NiJ9..', '....', '💥'])(
    'what is no token at all: "%s"',
    async (token) => {
      expect(await codeOf(token)).toBe('unauthenticated')
    },
  )
})

test('a name that cannot be shown is left out, and the person is let in', async () => {
  for (const name of ['', 'x'.repeat(101), 'a\u0000b', 7, null]) {
    const verified = await verifyToken(variables, await hs256(claims({ name })))
    expect(verified).toMatchObject({ ok: true, value: { display_name: undefined } })
  }
})

test('[SEC-5] a refusal does not repeat the token', async () => {
  const token = await hs256(claims({ iss: 'somebody' }))
  const verified = await verifyToken(variables, token)
  expect(JSON.stringify(verified)).not.toContain(token.split('.')[1])
})
