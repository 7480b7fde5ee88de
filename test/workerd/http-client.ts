/** A caller of the Worker under test: signs in, sends JSON, reads JSON. */
import { exports } from 'cloudflare:workers'
import type { Room } from '../../src/protocol/room.ts'
import type { Message, MessagePage } from '../../src/protocol/message.ts'
import type { Session } from '../../src/protocol/member.ts'

export const ORIGIN = 'http://muster.test'

export type Answer<Body> = {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export type Caller = {
  readonly user_id: string
  readonly token: string
  get<Body>(path: string): Promise<Answer<Body>>
  post<Body>(path: string, body?: unknown, headers?: HeadersInit): Promise<Answer<Body>>
  patch<Body>(path: string, body: unknown): Promise<Answer<Body>>
  delete<Body>(path: string): Promise<Answer<Body>>
}

export const send = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(new Request(`${ORIGIN}${path}`, init))

export const sendJson = async <Body>(path: string, init?: RequestInit): Promise<Answer<Body>> => {
  const response = await send(path, init)
  const text = await response.text()
  const body = (text === '' ? undefined : JSON.parse(text)) as Body
  return { status: response.status, headers: response.headers, body }
}

let people = 0

/** A person nobody else in this file is. */
export const signIn = async (name = 'person'): Promise<Caller> => {
  people += 1
  const user_id = `${name}-${people}@example.com`
  const { body: session } = await sendJson<Session>('/api/auth/dev-login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id, display_name: `${name} ${people}` }),
  })
  return callerWith(user_id, session.token)
}

export const callerWith = (user_id: string, token: string): Caller => {
  const call = <Body>(method: string, path: string, body?: unknown, headers?: HeadersInit) => {
    const all = new Headers(headers)
    all.set('authorization', `Bearer ${token}`)
    if (body === undefined) return sendJson<Body>(path, { method, headers: all })
    if (!all.has('content-type')) all.set('content-type', 'application/json')
    return sendJson<Body>(path, { method, headers: all, body: JSON.stringify(body) })
  }
  return {
    user_id,
    token,
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  }
}

export const openRoom = async (owner: Caller, overrides: Partial<Room> = {}): Promise<Room> => {
  const room = { title: 'Press 4', incident_type: 'other', severity: 'low', ...overrides }
  const { body } = await owner.post<Room>('/api/rooms', room)
  return body
}

export const say = async (sender: Caller, room_id: string, content: string): Promise<Message> => {
  const { body } = await sender.post<Message>(`/api/rooms/${room_id}/messages`, { content })
  return body
}

export const readPage = async (
  reader: Caller,
  room_id: string,
  query = '',
): Promise<MessagePage> => {
  const { body } = await reader.get<MessagePage>(`/api/rooms/${room_id}/messages${query}`)
  return body
}
