import { expect, test } from 'vitest'
import { en } from '../../../web/src/i18n/en.ts'
import { failureText } from '../../../web/src/i18n/failure-text.ts'
import { Api } from '../../../web/src/sync/api.ts'

const setUp = (answer: () => Response | Promise<Response>) => {
  const calls: { path: string; init: RequestInit }[] = []
  const waits: number[] = []
  let signed_out_count = 0
  const api = new Api({
    fetch: async (path, init) => {
      calls.push({ path, init })
      return answer()
    },
    onSignedOut: () => (signed_out_count += 1),
    onRateLimited: (retry_after_ms) => waits.push(retry_after_ms),
  })
  return { api, calls, waits, signedOutCount: () => signed_out_count }
}

const problem = (status: number, code: string, field?: string) =>
  Response.json(
    { type: 'about:blank', title: code, status, code, detail: 'because', field },
    { status },
  )

test('[API-7] a problem is a value with its code and field', async () => {
  const { api } = setUp(() => problem(400, 'bad_request', 'title'))
  const body = { title: '', incident_type: 'other', severity: 'low' } as const
  expect(await api.createRoom(body)).toEqual({
    ok: false,
    failure: { code: 'bad_request', detail: 'because', field: 'title' },
  })
})

test('[CONN-8] a 401 anywhere means signed out', async () => {
  const { api, signedOutCount } = setUp(() => problem(401, 'unauthenticated'))
  expect(await api.rooms()).toMatchObject({ ok: false, failure: { code: 'unauthenticated' } })
  expect(signedOutCount()).toBe(1)
})

test('[LIM-1] every 429 is told with the time to wait, also a proxy’s own', async () => {
  const limited = { code: 'rate_limited', detail: 'slower', retry_after_ms: 12_000 }
  const { api, waits } = setUp(() => Response.json(limited, { status: 429 }))
  expect(await api.rooms()).toEqual({ ok: false, failure: limited })
  expect(waits).toEqual([12_000])
  const proxy = setUp(() => new Response('slow down', { status: 429 }))
  expect(await proxy.api.rooms()).toMatchObject({ failure: { code: 'rate_limited' } })
  expect(proxy.waits).toHaveLength(1)
  const busy = setUp(() => problem(503, 'unavailable'))
  await busy.api.rooms()
  expect(busy.waits).toEqual([])
})

test('[WEB-3] no answer is a value too', async () => {
  const { api } = setUp(() => Promise.reject(new TypeError('network')))
  expect(await api.me()).toMatchObject({ ok: false, failure: { code: 'unreachable' } })
})

test("[WEB-3] a proxy's own error page is named by its status", async () => {
  const { api } = setUp(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  expect(await api.me()).toMatchObject({ ok: false, failure: { code: 'unavailable' } })
})

test('[API-1] pages of history are asked for by sequence number', async () => {
  const { api, calls } = setUp(() => Response.json({ messages: [], pagination: {} }))
  await api.messages('r', { limit: 50 })
  await api.messages('r', { limit: 50, before_sequence: 7 })
  expect(calls.map((call) => call.path)).toEqual([
    '/api/rooms/r/messages?limit=50',
    '/api/rooms/r/messages?limit=50&before_sequence=7',
  ])
})

test('[API-4] ids are escaped in the path, 204 has no body', async () => {
  const { api, calls } = setUp(() => new Response(null, { status: 204 }))
  expect(await api.removeMember('r', 'a+b@c.test')).toEqual({ ok: true, value: undefined })
  expect(calls[0]).toMatchObject({
    path: '/api/rooms/r/members/a%2Bb%40c.test',
    init: { method: 'DELETE', credentials: 'same-origin' },
  })
})

test('[OPS-5] each call names itself, and a failure says by which name the log knows it', async () => {
  const { api, calls } = setUp(() => Response.json({ rooms: [] }))
  await api.rooms()
  await api.signIn('ann')
  const names = calls.map(({ init }) => new Headers(init.headers).get('x-request-id') ?? '')
  // The form that the server takes over.
  for (const name of names) expect(name).toMatch(/^[\w-]{8,64}$/)
  expect(new Set(names).size).toBe(2)

  const [request_id = ''] = names
  const body = { code: 'internal', detail: 'because', request_id }
  const failing = setUp(() => Response.json(body, { status: 500 }))
  const failed = await failing.api.rooms()
  expect(failed).toMatchObject({ failure: { request_id: names[0] } })
  expect(failed.ok ? '' : failureText(failed.failure, en)).toContain(names[0])
  const refused = { code: 'forbidden', detail: '', request_id } as const
  expect(failureText(refused, en)).not.toContain(names[0])

  const away = setUp(() => Promise.reject(new TypeError('offline')))
  const unheard = await away.api.rooms()
  const sent = new Headers(away.calls[0]?.init.headers).get('x-request-id')
  expect(unheard).toMatchObject({ failure: { code: 'unreachable', request_id: sent } })
})
