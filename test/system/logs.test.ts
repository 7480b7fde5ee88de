/**
 * The log of a whole deployment (OPS-5): all that workerd prints, while people and machines say
 * things that no log may keep; and the way of one message through it.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { emailVars, OutsideServices, whatsappVars } from '../../tools/fakes/outside-services.ts'
import { events } from '../../src/telemetry/events.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { RoomClient } from '../support/client.ts'
import { createRoomOf, type Person, type RoomOfPeople } from '../support/people.ts'
import { within } from '../support/wait.ts'

const output: string[] = []
let outside: OutsideServices
let deployment: Deployment
let room: RoomOfPeople
let ann: Person
beforeAll(async () => {
  outside = await OutsideServices.start()
  const vars = { ...emailVars(outside.url), ...whatsappVars(outside.url), DB_SLOW_MS: '5' }
  deployment = await startDeployment({ vars, log: (line) => output.push(line) })
  room = await createRoomOf(deployment.pool, 2)
  ann = room.people[0] as Person
})
afterAll(async () => {
  await deployment.stop()
  await outside.stop()
})

type Line = Readonly<Record<string, unknown>> & { readonly event: string }

const isOurs = (line: string): boolean => line.startsWith('{')

const lines = (): Line[] => output.filter(isOurs).map((line) => JSON.parse(line) as Line)

const found = async (isIt: (line: Line) => boolean): Promise<Line> => {
  await within(15_000, async () => lines().some(isIt))
  const line = lines().find(isIt)
  expect(line, output.join('\n')).toBeDefined()
  return line as Line
}

type Asked = { readonly body?: unknown; readonly headers?: Record<string, string> }

const ask = (method: string, path: string, { body, headers = {} }: Asked = {}): Promise<Response> =>
  fetch(`${deployment.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ann.token}`,
      ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : {
          body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body),
        }),
  })

describe('[OPS-5] nothing that was said and no secret is printed', () => {
  /** Each is said in one place alone, so that a failure says where. */
  const markers = new Map<string, string>()
  const marker = (where: string): string => {
    const word = `zq${randomUUID().replaceAll('-', '')}`
    markers.set(where, word)
    return word
  }

  test('over REST, sockets, files, one-way messages, webhooks, bad tokens, and a database that fails', async () => {
    const { room_id } = room
    const messages = `/api/rooms/${room_id}/messages`
    const words = marker('message over REST')
    deployment.proxy.delay(25)
    expect((await ask('POST', messages, { body: { content: words } })).status).toBe(201)
    deployment.proxy.delay(0)
    // An id that is words.
    const client_message_id = `壓力 ${marker('client_message_id')}`
    await ask('POST', messages, { body: { content: 'x', client_message_id } })

    const socket = new RoomClient({ url: deployment.url, room_id, ...ann })
    await socket.joined
    await socket.say(marker('message over a socket'))

    const form = new FormData()
    form.append('file', new Blob([marker('content of a file')]), `${marker('name of a file')}.txt`)
    expect((await ask('POST', `/api/rooms/${room_id}/files`, { body: form })).status).toBe(201)

    const recipients = [
      { type: 'room', id: room_id },
      { type: 'email', id: `${marker('e-mail address')}@plant.example` },
      { type: 'whatsapp', id: '+886987654321' },
      { type: 'user', id: room.people[1]?.user_id },
    ]
    markers.set('phone number', '886987654321')
    for (const recipient of recipients) {
      const body = { recipient, content: marker(`one-way to a ${recipient.type}`) }
      expect((await ask('POST', '/api/messages/one-way', { body })).status).toBe(202)
    }
    // What is bad is refused later, and its sender told.
    outside.behave('email', { kind: 'refuse', status: 422 })
    const bad = { type: 'email', id: `${marker('refused address')}@plant.example` }
    await ask('POST', '/api/messages/one-way', { body: { recipient: bad, content: 'x' } })

    const path = `/${marker('path of a webhook')}?key=${marker('query of a webhook')}`
    const hook = await ask('PUT', '/api/me/webhook', {
      body: { url: `https://hooks.example${path}` },
    })
    expect(hook.status).toBe(200)
    const { secret } = (await hook.json()) as { secret: string }
    markers.set('secret of a webhook', secret)

    const head = Buffer.from('{"alg":"HS256"}').toString('base64url')
    for (const token of [marker('bad token'), `${head}.${marker('bad JWT')}.sig`])
      await ask('GET', '/api/rooms', { headers: { authorization: `Bearer ${token}` } })
    await ask('GET', `/ws?access_token=${marker('token in a query')}`)
    await ask('GET', `${messages}/search?q=${marker('search')}`)
    await ask('GET', `/api/nowhere/${marker('address in a path')}%40plant.example`)
    await ask('POST', messages, { body: `{"content": ${marker('body that is no JSON')}` })
    await ask('POST', messages, { body: { content: 1, [marker('unknown field')]: true } })

    // Statements fail on the way, and all that was under way is told of.
    const failed = marker('message while the database is away')
    deployment.proxy.refuse(true)
    deployment.proxy.cutAll()
    const saying = socket.say(failed)
    await found(({ event }) => event === 'commit_failed')
    deployment.proxy.refuse(false)
    await saying
    await socket.close()

    await found(({ event }) => event === 'carried')
    const said = new Set(lines().map(({ event }) => event))
    for (const event of ['request', 'commit_slow', 'carried', 'webhook_changed', 'commit_failed'])
      expect([...said], event).toContain(event)

    const { AUTH_SECRET = '' } = inject('workerBindings')
    const secrets: Record<string, string> = { ...emailVars(''), ...whatsappVars(''), AUTH_SECRET }
    markers.set('secret of tokens', AUTH_SECRET)
    markers.set('key of e-mail', secrets['EMAIL_API_KEY'] ?? '')
    markers.set('key of WhatsApp', secrets['WHATSAPP_ACCESS_TOKEN'] ?? '')
    markers.set('password of the database', ':muster@127.0.0.1')
    for (const { token } of room.people) markers.set(`token ${token.slice(-8)}`, token)
    const all = output.join('\n')
    for (const [where, word] of markers) {
      expect(word.length, where).toBeGreaterThan(8)
      expect(all, where).not.toContain(word)
    }
  }, 90_000)

  test('every line of ours is JSON, of an event that is known, with no field that it does not have', () => {
    expect(lines().length).toBeGreaterThan(20)
    for (const { event, level, at, ...rest } of lines()) {
      const known = events[event as keyof typeof events] as
        { fields: readonly string[] } | undefined
      expect(known, event).toBeDefined()
      expect(['info', 'warn', 'error']).toContain(level)
      expect(Number.isNaN(Date.parse(String(at)))).toBe(false)
      for (const field of Object.keys(rest)) expect(known?.fields, event).toContain(field)
    }
  })

  test('control: what the Worker prints is heard', async () => {
    const request_id = randomUUID()
    await ask('GET', '/api/rooms', { headers: { 'x-request-id': request_id } })
    await found((line) => line['request_id'] === request_id)
  })
})

describe('[OPS-5] one message is followed from the browser to its commit', () => {
  test('by the id of its request: to the commit call, and to the statement', async () => {
    const { room_id } = room
    const request_id = randomUUID()
    const client_message_id = randomUUID()
    // Far enough away to be slow, whatever the machine.
    deployment.proxy.delay(25)
    const answer = await ask('POST', `/api/rooms/${room_id}/messages`, {
      body: { content: 'which way?', client_message_id },
      headers: { 'x-request-id': request_id },
    })
    deployment.proxy.delay(0)
    expect(answer.headers.get('x-request-id')).toBe(request_id)
    const { revision } = (await answer.json()) as { revision: number }

    const request = await found((line) => line['request_id'] === request_id)
    expect(request).toMatchObject({ item_id: client_message_id, user_id: ann.user_id, room_id })
    const commit = await found(
      ({ event, items }) =>
        event === 'commit_slow' && (items as string[]).includes(client_message_id),
    )
    expect(commit).toMatchObject({ room_id, first_revision: revision, last_revision: revision })
    const statement = await found(
      ({ event, call_id }) => event === 'slow_statement' && call_id === commit['call_id'],
    )
    expect(statement).toMatchObject({ statement: 'commit-room', database: 'primary' })
  }, 60_000)

  test('by its revision, where a busy room tells of many calls at once', async () => {
    const { room_id } = room
    const socket = new RoomClient({ url: deployment.url, room_id, ...ann })
    await socket.joined
    const acks = []
    for (let count = 0; count < 30; count += 1) acks.push(await socket.say(`one of many ${count}`))
    await socket.close()
    for (const { revision } of acks)
      await found(
        ({ event, room_id: of, first_revision, last_revision }) =>
          ['committed', 'commit_slow'].includes(event) &&
          of === room_id &&
          Number(first_revision) <= revision &&
          revision <= Number(last_revision),
      )
  }, 60_000)

  test('a refusal repeats the id of its request, in the header and in the body', async () => {
    const request_id = randomUUID()
    const answer = await ask('GET', '/api/rooms/none', { headers: { 'x-request-id': request_id } })
    expect(answer.headers.get('x-request-id')).toBe(request_id)
    expect(await answer.json()).toMatchObject({ request_id })
  })
})
