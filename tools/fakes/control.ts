/** How tests, and people on the page, tell a stand-in what to do; and how it answers. */
import type { ServerResponse } from 'node:http'
import type { Behaviour, Service } from './behaviour.ts'
import type { Desk } from './desk.ts'
import { objectOf, type FakeRequest } from './request.ts'

/** GET tells; PUT changes the behaviour or a webhook's secret; POST is the page's buttons. */
export function control(
  desk: Desk,
  service: Service,
  { method, headers, body }: FakeRequest,
  response: ServerResponse,
): void {
  if (method === 'PUT') {
    const { behaviour, secret } = objectOf(body) as { behaviour?: Behaviour; secret?: string }
    if (behaviour !== undefined) desk.behaviours.set(service, behaviour)
    if (secret !== undefined) desk.webhook_secret = secret
  }
  if (method === 'POST') {
    // No other page may press them.
    if (headers['sec-fetch-site'] !== 'same-origin') return json(response, 403, {})
    const kind = new URLSearchParams(body).get('kind')
    desk.behaviours.set(
      service,
      kind === 'refuse' ? { kind, status: 500 } : { kind: kind === 'down' ? kind : 'take' },
    )
    return void response.writeHead(303, { location: '/' }).end()
  }
  json(response, 200, desk.told(service))
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

export function html(response: ServerResponse, page: string): void {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
  })
  response.end(page)
}
