/** Who is it (CONN-2, SEC-1, SEC-3): every way in, and every way that is none. */
import { SignJWT } from 'jose'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Session, User } from '../../src/protocol/member.ts'
import { callerWith, openRoom, ORIGIN, send, sendJson, signIn } from './http-client.ts'

const secretOf = (bindings: unknown): Uint8Array =>
  new TextEncoder().encode((bindings as { AUTH_SECRET: string }).AUTH_SECRET)

type Overrides = { alg?: string; issuer?: string; audience?: string; expires_in_s?: number }

const tokenFor = (user_id: string, overrides: Overrides = {}): Promise<string> => {
  const { alg = 'HS256', issuer = 'muster', audience = 'muster', expires_in_s = 60 } = overrides
  return new SignJWT({ name: 'New Person' })
    .setProtectedHeader({ alg })
    .setSubject(user_id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expires_in_s)
    .sign(secretOf(env))
}

const login = (body: unknown, headers: Record<string, string> = {}) =>
  send('/api/auth/dev-login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

test('[SEC-1] the development sign-in gives a session, and makes unknown people known', async () => {
  const response = await login({ user_id: 'mei@example.com', display_name: '陳美' })
  const session: Session = await response.json()
  expect(response.status).toBe(200)
  expect(session.user).toEqual({
    user_id: 'mei@example.com',
    display_name: '陳美',
    is_admin: false,
  })
  expect(Date.parse(session.expires_at)).toBeGreaterThan(Date.now() + 11 * 3_600_000)
  expect(response.headers.get('set-cookie')).toMatch(
    /^muster_session=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
  )

  const again: Session = await (await login({ user_id: 'mei@example.com' })).json()
  expect(again.user.display_name).toBe('陳美')

  const people = await sendJson<{ people: User[] }>('/api/auth/dev-people')
  expect(people.status).toBe(200)
  expect(people.body.people.length).toBeGreaterThan(0)
  expect(people.body.people.length).toBeLessThanOrEqual(12)
})

test('[SEC-1] a person with a token from elsewhere is recorded at first sight', async () => {
  const caller = callerWith('new@example.com', await tokenFor('new@example.com'))
  const me = await caller.get<User>('/api/me')
  expect(me).toMatchObject({
    status: 200,
    body: { user_id: 'new@example.com', display_name: 'New Person', is_admin: false },
  })
})

describe('[CONN-2] [SEC-1] refused with 401', () => {
  test('control: the same token without a fault is let in', async () => {
    const caller = callerWith('lin@example.com', await tokenFor('lin@example.com'))
    expect((await caller.get('/api/rooms')).status).toBe(200)
  })

  test.each<[string, Overrides]>([
    ['an expired token', { expires_in_s: -1 }],
    ['another algorithm', { alg: 'HS384' }],
    ['another issuer', { issuer: 'somebody' }],
    ['another audience', { audience: 'somebody' }],
  ])('%s', async (_, overrides) => {
    const token = await tokenFor('lin@example.com', overrides)
    const refused = await callerWith('lin@example.com', token).get<Problem>('/api/rooms')
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(JSON.stringify(refused.body)).not.toContain(token)
  })

  test.each([
    ['GET', '/api/me'],
    ['GET', '/api/rooms'],
    ['POST', '/api/rooms'],
    ['GET', '/api/rooms/01a202c5-0000-7000-8000-000000000000'],
    ['PATCH', '/api/rooms/01a202c5-0000-7000-8000-000000000000'],
    ['GET', '/api/rooms/01a202c5-0000-7000-8000-000000000000/members'],
    ['POST', '/api/rooms/01a202c5-0000-7000-8000-000000000000/members'],
    ['DELETE', '/api/rooms/01a202c5-0000-7000-8000-000000000000/members/a@b.c'],
    ['POST', '/api/rooms/01a202c5-0000-7000-8000-000000000000/transfer-ownership'],
    ['GET', '/api/rooms/01a202c5-0000-7000-8000-000000000000/messages'],
    ['POST', '/api/rooms/01a202c5-0000-7000-8000-000000000000/messages'],
  ])('no token: %s %s', async (method, path) => {
    expect(await sendJson<Problem>(path, { method })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    })
  })

  test('a token in the URL', async () => {
    const token = await tokenFor('lin@example.com')
    expect((await send(`/api/me?token=${token}&access_token=${token}`)).status).toBe(401)
  })
})

describe('[SEC-3] the cookie', () => {
  test('reads from anywhere, and writes only from our own page', async () => {
    const { token } = await signIn()
    const cookie = `muster_session=${token}`
    expect((await send('/api/me', { headers: { cookie } })).status).toBe(200)

    const open = (headers: Record<string, string>) =>
      send('/api/rooms', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ title: 'Press', incident_type: 'other', severity: 'low' }),
      })
    expect((await open({ origin: ORIGIN })).status).toBe(201)
    expect((await open({ origin: 'https://evil.example.com' })).status).toBe(403)
    expect((await open({})).status).toBe(403)
  })

  test('goes when signing out, which no other page can do for one', async () => {
    const out = await send('/api/auth/logout', { method: 'POST', headers: { origin: ORIGIN } })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/^muster_session=; .*Max-Age=0/)
    const foreign = { origin: 'https://evil.example.com' }
    expect((await send('/api/auth/logout', { method: 'POST', headers: foreign })).status).toBe(403)
    expect((await login({ user_id: 'mei@example.com' }, foreign)).status).toBe(403)
  })
})

describe('[CONN-1] [CONN-2] the socket', () => {
  const upgrade = { upgrade: 'websocket' }

  test('opens for a bearer, a cookie of our page, and a subprotocol, which is echoed', async () => {
    const owner = await signIn()
    const path = `/ws/${(await openRoom(owner)).room_id}`
    const ways: Record<string, string>[] = [
      { authorization: `Bearer ${owner.token}` },
      { cookie: `muster_session=${owner.token}`, origin: ORIGIN },
      { 'sec-websocket-protocol': `muster.v1, bearer.${owner.token}` },
    ]
    for (const headers of ways) {
      const response = await send(path, { headers: { ...upgrade, ...headers } })
      expect(response.status).toBe(101)
      const offered = 'sec-websocket-protocol' in headers ? 'muster.v1' : null
      expect(response.headers.get('sec-websocket-protocol')).toBe(offered)
      response.webSocket?.accept()
      response.webSocket?.close()
    }
  })

  test('does not open without an upgrade, a token, a room, a membership, our origin', async () => {
    const [owner, stranger] = [await signIn(), await signIn()]
    const { room_id } = await openRoom(owner)
    const authorization = `Bearer ${owner.token}`
    const cookie = `muster_session=${owner.token}`
    const nowhere = '01a202c5-0000-7000-8000-000000000000'

    const tries: [number, string, Record<string, string>][] = [
      [426, room_id, { authorization }],
      [401, room_id, upgrade],
      [401, room_id, { ...upgrade, authorization: 'Bearer nonsense' }],
      [401, `${room_id}?token=${owner.token}`, upgrade],
      [403, room_id, { ...upgrade, authorization: `Bearer ${stranger.token}` }],
      [403, room_id, { ...upgrade, cookie, origin: 'https://evil.example.com' }],
      [403, room_id, { ...upgrade, cookie }],
      [404, nowhere, { ...upgrade, authorization }],
      [404, 'not-an-id', { ...upgrade, authorization }],
    ]
    for (const [status, room, headers] of tries) {
      const refused = await sendJson<Problem>(`/ws/${room}`, { headers })
      expect(refused.status, `${status} ${room}`).toBe(status)
      expect(refused.headers.get('content-type')).toBe('application/problem+json')
      expect(refused.body.status).toBe(status)
    }
  })

  test('does not believe who a caller says it is', async () => {
    const [owner, stranger] = [await signIn(), await signIn()]
    const { room_id } = await openRoom(owner)
    const claim = { user_id: owner.user_id, token_expires_at: Date.now() + 60_000 }
    const refused = await send(`/ws/${room_id}`, {
      headers: {
        ...upgrade,
        authorization: `Bearer ${stranger.token}`,
        'x-muster-user': encodeURIComponent(JSON.stringify(claim)),
      },
    })
    expect(refused.status).toBe(403)
  })
})
