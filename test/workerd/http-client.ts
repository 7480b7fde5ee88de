/** A caller of the Worker under test: signs in, sends JSON, reads JSON. */
import { env, exports } from 'cloudflare:workers'
import { Client, neonConfig } from '@neondatabase/serverless'
import { vi } from 'vitest'
import type { Room } from '../../src/protocol/room.ts'
import type { Message, MessagePage } from '../../src/protocol/message.ts'
import { JOIN_SILENTLY } from '../support/join-silently.ts'
import type { Role, Session } from '../../src/protocol/member.ts'

// One line per request is for those who run Muster, not for those who test it.
vi.spyOn(console, 'info').mockImplementation(() => {})

export const ORIGIN = 'http://muster.test'

export type Answer<Body> = {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export type Caller = {
  readonly user_id: string
  readonly display_name: string
  readonly token: string
  get<Body>(path: string): Promise<Answer<Body>>
  post<Body>(path: string, body?: unknown, headers?: HeadersInit): Promise<Answer<Body>>
  put<Body>(path: string, body?: unknown): Promise<Answer<Body>>
  patch<Body>(path: string, body: unknown): Promise<Answer<Body>>
  delete<Body>(path: string, body?: unknown): Promise<Answer<Body>>
}

export const send = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(new Request(`${ORIGIN}${path}`, init))

export const sendJson = async <Body>(path: string, init?: RequestInit): Promise<Answer<Body>> => {
  const response = await send(path, init)
  const text = await response.text()
  const body = (text === '' ? undefined : JSON.parse(text)) as Body
  return { status: response.status, headers: response.headers, body }
}

/** A person nobody else is: files share a database. */
export const signIn = async (name = 'person'): Promise<Caller> => {
  const user_id = `${name}-${crypto.randomUUID()}@example.com`
  const { body: session } = await sendJson<Session>('/api/auth/dev-login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id, display_name: `${name} of the night shift` }),
  })
  return callerWith(user_id, session.token, session.user.display_name)
}

export const callerWith = (user_id: string, token: string, display_name = ''): Caller => {
  const call = <Body>(method: string, path: string, body?: unknown, headers?: HeadersInit) => {
    const all = new Headers(headers)
    all.set('authorization', `Bearer ${token}`)
    if (body === undefined) return sendJson<Body>(path, { method, headers: all })
    if (!all.has('content-type')) all.set('content-type', 'application/json')
    return sendJson<Body>(path, { method, headers: all, body: JSON.stringify(body) })
  }
  return {
    user_id,
    display_name,
    token,
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path, body) => call('DELETE', path, body),
  }
}

export const openRoom = async (owner: Caller, overrides: Partial<Room> = {}): Promise<Room> => {
  const room = { title: 'Press 4', incident_type: 'other', severity: 'low', ...overrides }
  const { body } = await owner.post<Room>('/api/rooms', room)
  return body
}

/** Somebody who was there before anything was said; see JOIN_SILENTLY. */
export const addMember = (
  owner: Caller,
  room_id: string,
  { user_id, role }: { readonly user_id: string; readonly role: Role },
): Promise<void> =>
  inDatabase(JOIN_SILENTLY, [room_id, user_id, role, crypto.randomUUID(), owner.user_id])

/** The same in a room that is awake already: said in the room. */
export const invite = async (
  owner: Caller,
  room_id: string,
  member: { readonly user_id: string; readonly role: Role },
): Promise<void> => {
  await owner.post(`/api/rooms/${room_id}/members`, member)
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

/** What no call can do: straight in the database. */
const inDatabase = async (text: string, values: unknown[]): Promise<void> => {
  const { DATABASE_URL, DATABASE_PROXY } = env as unknown as Record<string, string>
  neonConfig.wsProxy = (host, port) => `${DATABASE_PROXY}/v1?address=${host}:${port}`
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
  const client = new Client(DATABASE_URL)
  // The bridge hangs up first when it ends.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text, values)
  } finally {
    await client.end()
  }
}

export const makeAdmin = (user_id: string): Promise<void> =>
  inDatabase('UPDATE tr_users SET is_admin = true WHERE user_id = $1', [user_id])

export const unmakeAdmin = (user_id: string): Promise<void> =>
  inDatabase('UPDATE tr_users SET is_admin = false WHERE user_id = $1', [user_id])

/** Many messages in the same few milliseconds, by a writer other than the room's actor. */
export const crowdInto = (room_id: string, actor_id: string, count: number): Promise<void> => {
  const items = Array.from({ length: count }, (_, index) => ({
    kind: 'message',
    change_id: crypto.randomUUID(),
    actor_id,
    client_message_id: String(index),
    content: `message ${index}`,
    data: null,
    message_type: 'text',
    mentions: [],
    reply_to: null,
    file_id: null,
    search: null,
  }))
  const call = 'CALL commit_room($1, NULL, false, NULL, $2, true, NULL)'
  return inDatabase(call, [room_id, JSON.stringify(items)])
}
