import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyToken } from '../../../src/identity/tokens.ts'

const secret = 'a-secret-for-tests-only-of-32-characters'
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const

let server: Server
let url: string
let isDown = false
const pairs = new Map<string, CryptoKeyPair>()
let rsaPublicKey = ''

/** An identity provider that publishes its keys. */
beforeAll(async () => {
  const keys: JWK[] = []
  for (const alg of algorithms) {
    const pair = (await generateKeyPair(alg, { extractable: true })) as CryptoKeyPair
    pairs.set(alg, pair)
    keys.push({ ...(await exportJWK(pair.publicKey)), alg, kid: alg, use: 'sig' })
  }
  rsaPublicKey = JSON.stringify(keys[0])
  server = createServer((_, response) => {
    response.writeHead(isDown ? 500 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.close()
})

const variables = (path: string) => ({
  ENVIRONMENT: 'development',
  AUTH_JWKS_URL: `${url}${path}`,
  AUTH_ISSUER: 'https://login.example.com',
  AUTH_AUDIENCE: 'muster',
})

const signed = async (alg: string, kid = alg): Promise<string> => {
  const pair = pairs.get(alg)
  if (!pair) throw new Error(`there is no key for ${alg}`)
  return new SignJWT({ name: 'Lin' })
    .setProtectedHeader({ alg, kid })
    .setSubject('lin@example.com')
    .setIssuer('https://login.example.com')
    .setAudience('muster')
    .setExpirationTime('1h')
    .sign(pair.privateKey)
}

test.each(algorithms)('[SEC-1] a token that the provider signed with %s', async (alg) => {
  const verified = await verifyToken(variables('/keys'), await signed(alg))
  expect(verified).toMatchObject({ ok: true, value: { user_id: 'lin@example.com' } })
})

test('[SEC-1] a key that the provider does not have', async () => {
  const verified = await verifyToken(variables('/keys'), await signed('ES256', 'another'))
  expect(verified).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
})

test("[SEC-1] the provider's public key is no secret for HS256", async () => {
  const claims = { sub: 'admin@example.com', iss: 'https://login.example.com', aud: 'muster' }
  for (const key of [rsaPublicKey, secret]) {
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'RS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(key))
    const verified = await verifyToken(variables('/keys'), token)
    expect(verified).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
  }
})

test('a provider that does not answer is not the fault of the token', async () => {
  isDown = true
  const verified = await verifyToken(variables('/down'), await signed('RS256'))
  isDown = false
  expect(verified).toMatchObject({ ok: false, refusal: { code: 'unavailable' } })
})
