import { describe, expect, test } from 'vitest'
import { isForeign, setSessionCookie, tokenOf } from '../../../src/identity/credentials.ts'

const origin = 'https://muster.example.com'

type Head = { method?: string; path?: string; headers?: Record<string, string> }

const request = ({ method = 'GET', path = '/api/rooms', headers = {} }: Head) => ({
  method,
  url: `${origin}${path}`,
  headers: new Headers(headers),
})

const upgrade = (headers: Record<string, string>) =>
  request({ path: '/ws/x', headers: { upgrade: 'websocket', ...headers } })

/** The token, or the code of the refusal. */
const found = (head: ReturnType<typeof request>): string => {
  const token = tokenOf(head)
  return token.ok ? token.value : token.refusal.code
}

describe('[CONN-2] the token is read from', () => {
  test.each([
    ['the Authorization header', request({ headers: { authorization: 'Bearer T' } })],
    ['whatever its case', request({ headers: { authorization: 'bearer  T' } })],
    ['the cookie', request({ headers: { cookie: 'a=b; muster_session=T; c=d' } })],
    ['the cookie of an upgrade', upgrade({ cookie: 'muster_session=T', origin })],
    ['the subprotocols', upgrade({ 'sec-websocket-protocol': 'muster.v1, bearer.T' })],
    ['in any order', upgrade({ 'sec-websocket-protocol': 'bearer.T,muster.v1' })],
  ])('%s', (_, head) => {
    expect(found(head)).toBe('T')
  })

  test('and what was given on purpose wins over the cookie', () => {
    const headers = { authorization: 'Bearer T', cookie: 'muster_session=other' }
    expect(found(request({ method: 'POST', headers }))).toBe('T')
  })
})

describe('[CONN-2] there is none', () => {
  test.each([
    ['at all', request({})],
    ['in the URL', request({ path: '/ws/x?token=T&access_token=T&bearer=T' })],
    ['with another scheme', request({ headers: { authorization: 'Basic T' } })],
    ['with an empty value', request({ headers: { authorization: 'Bearer ' } })],
    ['in a cookie of a longer name', request({ headers: { cookie: 'xmuster_session=T' } })],
    ['in subprotocols without ours', upgrade({ 'sec-websocket-protocol': 'bearer.T' })],
    [
      'in subprotocols without an upgrade',
      request({ headers: { 'sec-websocket-protocol': 'muster.v1, bearer.T' } }),
    ],
  ])('%s', (_, head) => {
    expect(found(head)).toBe('unauthenticated')
  })
})

describe('[SEC-3] a cookie acts only for our own page', () => {
  const cookie = 'muster_session=T'

  test.each<[string, string, Record<string, string>, string]>([
    ['POST', 'from us', { origin }, 'T'],
    ['POST', 'from elsewhere', { origin: 'https://evil.example.com' }, 'forbidden'],
    ['POST', 'from our host on another port', { origin: `${origin}:8443` }, 'forbidden'],
    ['POST', 'from our host without TLS', { origin: 'http://muster.example.com' }, 'forbidden'],
    ['POST', 'from a sandbox', { origin: 'null' }, 'forbidden'],
    ['POST', 'from nowhere', {}, 'forbidden'],
    ['DELETE', 'from elsewhere', { origin: 'https://evil.example.com' }, 'forbidden'],
    ['PATCH', 'from elsewhere', { origin: 'https://evil.example.com' }, 'forbidden'],
    ['GET', 'without an origin', {}, 'T'],
  ])('%s %s', (method, _, headers, expected) => {
    expect(found(request({ method, headers: { cookie, ...headers } }))).toBe(expected)
  })

  test.each<[string, Record<string, string>, string]>([
    ['us', { origin }, 'T'],
    ['elsewhere', { origin: 'https://evil.example.com' }, 'forbidden'],
    ['nowhere', {}, 'forbidden'],
  ])('an upgrade from %s', (_, headers, expected) => {
    expect(found(upgrade({ cookie, ...headers }))).toBe(expected)
  })

  test('other credentials come from no page by themselves', () => {
    const headers = { authorization: 'Bearer T', origin: 'https://tools.example.com' }
    expect(found(request({ method: 'POST', headers }))).toBe('T')
  })
})

test('a request is foreign when a browser says so', () => {
  expect(isForeign(request({ headers: { origin: 'https://evil.example.com' } }))).toBe(true)
  expect(isForeign(request({ headers: { origin } }))).toBe(false)
  expect(isForeign(request({}))).toBe(false)
})

test('[SEC-3] the cookie is HttpOnly, SameSite, and Secure over https', () => {
  const cookie = setSessionCookie('T', { url: `${origin}/api`, lifetime_s: 60 })
  expect(cookie).toBe('muster_session=T; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure')
  const local = setSessionCookie('T', { url: 'http://localhost:8000/api', lifetime_s: 60 })
  expect(local).not.toContain('Secure')
})
