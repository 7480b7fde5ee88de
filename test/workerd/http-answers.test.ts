/** What every answer has in common: problems (API-7), headers (SEC-3), settings, documents. */
import { createExecutionContext } from 'cloudflare:test'
import { endpoints } from '../../src/http/endpoints.ts'
import { env } from 'cloudflare:workers'
import * as z from 'zod/mini'
import { describe, expect, test, vi } from 'vitest'
import pageHeaders from '../../web/public/_headers?raw'
import type { Env } from '../../src/env.ts'
import { createApp } from '../../src/http/app.ts'
import { components } from '../../src/http/openapi-components.ts'
import { CONTENT_SECURITY_POLICY, commonHeaders } from '../../src/http/security-headers.ts'
import { Problem } from '../../src/protocol/errors.ts'
import type { Readiness } from '../../src/protocol/health.ts'
import { openRoom, send, sendJson, signIn } from './http-client.ts'

const bindings = env as unknown as Env

describe('[API-7] a problem', () => {
  test('has the shape of RFC 9457, a code, and the id of the request', async () => {
    const { status, headers, body } = await sendJson<Problem>('/api/nowhere', {
      headers: { 'x-request-id': 'request-0001' },
    })
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('x-request-id')).toBe('request-0001')
    expect(z.safeParse(Problem, body).success).toBe(true)
    expect(body).toEqual({
      type: 'urn:muster:problem:not_found',
      title: 'not found',
      status: 404,
      code: 'not_found',
      detail: 'there is nothing at this address',
      request_id: 'request-0001',
    })
  })

  test.each([
    ['not JSON', '{"title":', 'application/json', 400],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'application/json', 400],
    ['empty', '', 'application/json', 400],
    ['another type', 'title=Press', 'application/x-www-form-urlencoded', 400],
    ['too large', `"${'x'.repeat(262_144)}"`, 'application/json', 413],
  ])('of a body that is %s', async (_, body, type, expected) => {
    const { token } = await signIn()
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    const refused = await sendJson<Problem>('/api/rooms', { method: 'POST', headers, body })
    expect(refused.status).toBe(expected)
    expect(refused.body.code).toBe(expected === 413 ? 'too_large' : 'bad_request')
  })

  test('of a body without a declared length stops at the limit', async () => {
    const { token } = await signIn()
    const chunk = new TextEncoder().encode(' '.repeat(65_536))
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length
        controller.enqueue(chunk)
      },
    })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const refused = await sendJson<Problem>('/api/rooms', { method: 'POST', headers, body })
    expect(refused.status).toBe(413)
    expect(sent).toBeLessThan(1_000_000)
  })

  test('never tells of SQL, a stack or a token, whatever was sent', async () => {
    const caller = await signIn()
    const { room_id } = await openRoom(caller)
    const room = `/api/rooms/${room_id}`
    const nasty = `'; DROP TABLE messages; --`
    const answers = [
      await caller.get(`${room}/messages?before=${encodeURIComponent(nasty)}`),
      await caller.get(`/api/rooms/${encodeURIComponent(nasty)}`),
      await caller.get('/api/rooms/%ff'),
      await caller.delete(`${room}/members/${encodeURIComponent('%00')}`),
      await caller.delete(`${room}/members/%00`),
      await caller.post(`${room}/messages`, { content: 'x', reply_to: room_id }),
      await caller.post(`${room}/messages`, ['not', 'an', 'object']),
      await caller.post(
        `${room}/messages`,
        { content: 'x' },
        { 'idempotency-key': 'x'.repeat(129) },
      ),
    ]
    for (const { status, body } of answers) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      const text = JSON.stringify(body)
      expect(text).not.toContain(caller.token)
      expect(text).not.toMatch(/select|insert|drop table|syntax|\.ts:|\bat \w+ \(/i)
    }
  })
})

test('[API-7] a failure inside says that it happened, and no more', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const broken = { ...bindings, DATABASE_GATEWAY: undefined, ROOM: undefined } as unknown as Env
  const { token } = await signIn()
  const room = '/api/rooms/01a202c5-0000-7000-8000-000000000000'
  const response = await createApp(bindings).request(
    `${room}/messages`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'x' }),
    },
    broken,
    createExecutionContext(),
  )
  expect(response.status).toBeGreaterThanOrEqual(500)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({ code: 'unavailable' })
  expect(text).not.toMatch(/undefined|TypeError|\.ts/)
  logged.mockRestore()
})

describe('[SEC-3] headers', () => {
  const expected = { ...commonHeaders, 'content-security-policy': CONTENT_SECURITY_POLICY }

  test.each(['/health', '/api/me', '/api/nowhere'])('of %s', async (path) => {
    const { headers } = await send(path)
    for (const [name, value] of Object.entries(expected)) expect(headers.get(name)).toBe(value)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.has('strict-transport-security')).toBe(false)
  })

  test('over https insist on it', async () => {
    const { headers } = await createApp(bindings).request(
      'https://muster.test/health',
      {},
      bindings,
      createExecutionContext(),
    )
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/)
  })

  test("of a room's own refusal are the same", async () => {
    const [owner, stranger] = [await signIn(), await signIn()]
    const { room_id } = await openRoom(owner)
    const { status, headers } = await send(`/ws/${room_id}`, {
      headers: { upgrade: 'websocket', authorization: `Bearer ${stranger.token}` },
    })
    expect(status).toBe(403)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('of the files beside the Worker are the same', () => {
    for (const [name, value] of Object.entries(expected))
      expect(pageHeaders).toContain(`  ${name}: ${value}\n`)
  })
})

test('[OPS-5] a request leaves one line with its ids, and its commit another, and nothing of what was said', async () => {
  const logged = vi.spyOn(console, 'info').mockImplementation(() => {})
  const caller = await signIn()
  const { room_id } = await openRoom(caller)
  logged.mockClear()
  await caller.post(`/api/rooms/${room_id}/messages?q=seen`, { content: 'between us' })
  const lines = logged.mock.calls.map(([line]) => JSON.parse(String(line)) as LogLine)
  expect(lines.map(({ event }) => event).toSorted()).toEqual(['committed', 'request'])
  const request = lines.find(({ event }) => event === 'request')
  expect(request).toMatchObject({
    request_id: expect.any(String) as string,
    method: 'POST',
    path: `/api/rooms/${room_id}/messages`,
    status: 201,
    duration_ms: expect.any(Number) as number,
    user_id: caller.user_id,
    room_id,
  })
  expect(lines.find(({ event }) => event === 'committed')).toMatchObject({
    ...{ room_id, lane: 'said', calls: 1, count: 1, items: [request?.item_id] },
    call_id: expect.any(String) as string,
  })
  for (const secret of ['between us', caller.token, 'seen'])
    expect(JSON.stringify(lines)).not.toContain(secret)
})

type LogLine = { readonly event: string; readonly item_id?: string }

describe('settings', () => {
  test.each<[string, Partial<Env>]>([
    ['AUTH_SECRET', { AUTH_SECRET: 'short' }],
    ['AUTH_DEV_LOGIN', { ENVIRONMENT: 'production', AUTH_DEV_LOGIN: 'true' }],
    ['PROOF_SECRET', { PROOF_SECRET: 'short' }],
    ['DB_POOL_SIZE', { DB_POOL_SIZE: '0' }],
    ['DATABASE_URL', { DATABASE_URL: '' }],
    ['DATABASE_READ_URL', { DATABASE_READ_URL: 'replica.example.com' }],
    ['DB_SLOW_MS', { DB_SLOW_MS: 'slow' }],
    ['VAPID_SUBJECT', { VAPID_SUBJECT: 'somebody' }],
  ])('[DB-2] [SEC-1] a bad %s is named by every answer', async (name, bad) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const broken: Env = { ...bindings, ...bad }
    const app = createApp(broken)
    for (const path of ['/api/rooms', '/health/ready', '/api/auth/dev-people']) {
      const response = await app.request(path, {}, broken, createExecutionContext())
      expect(response.status).toBe(503)
      const problem: Problem = await response.json()
      expect(problem).toMatchObject({ code: 'unavailable' })
      expect(problem.detail).toContain(name)
    }
    const told = logged.mock.calls.filter(([line]) => String(line).includes('bad_settings'))
    expect(told).toHaveLength(1)
    logged.mockRestore()
  })

  test('[SEC-1] there is no development sign-in where it is not switched on', async () => {
    const production: Env = { ...bindings, ENVIRONMENT: 'production', AUTH_DEV_LOGIN: 'false' }
    const app = createApp(production)
    const login = await app.request(
      '/api/auth/dev-login',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: 'admin@example.com' }),
      },
      production,
      createExecutionContext(),
    )
    expect(login.status).toBe(404)
    expect(login.headers.has('set-cookie')).toBe(false)
    expect(
      (await app.request('/api/auth/dev-people', {}, production, createExecutionContext())).status,
    ).toBe(404)
  })
})

describe('[OPS-1] health', () => {
  test('is alive', async () => {
    expect(await sendJson('/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
  })

  test('is ready, with the figures of the pool', async () => {
    await signIn()
    const { status, body } = await sendJson<Readiness>('/health/ready')
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'ready', reasons: [], database: 'reachable' })
    expect(body.pool.shards).toHaveLength(2)
    expect(body.pool.total?.open).toBeGreaterThan(0)
  })
})

describe('the OpenAPI document', () => {
  type Document = {
    openapi: string
    paths: Record<string, Record<string, { parameters: { name: string }[] }>>
    components: { schemas: Record<string, unknown> }
  }

  test('names every path with its parameters, and refers to nothing that is not there', async () => {
    const { body } = await sendJson<Document>('/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    const mounted = new Set(endpoints.map(({ path }) => path))
    expect(Object.keys(body.paths).toSorted()).toEqual([...mounted].toSorted())
    expect(mounted.size).toBeGreaterThan(15)
    for (const [path, operations] of Object.entries(body.paths))
      for (const { parameters } of Object.values(operations))
        for (const [, name] of path.matchAll(/\{(\w+)\}/g))
          expect(parameters).toContainEqual(
            expect.objectContaining({ name, in: 'path', required: true }),
          )
    for (const [, name] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(body.components.schemas).toHaveProperty(name ?? '')
  })

  test.each(Object.entries(components))('has a true example of %s', (_, { schema, example }) => {
    expect(z.safeParse(schema, example)).toMatchObject({ success: true })
  })

  test('is shown by a page that fetches nothing from elsewhere', async () => {
    const response = await send('/docs')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(await response.text()).not.toMatch(/(src|href)="(?!\/)/)
  })

  test('[API-6] says of a report that it is Markdown', async () => {
    const { body } = await sendJson<Document>('/openapi.json')
    expect(body.paths['/api/rooms/{room_id}/report']?.['get']).toMatchObject({
      responses: { 200: { content: { 'text/markdown': { schema: { type: 'string' } } } } },
    })
  })
})
