/** Posting one-way messages over REST, one at a time, and asking what became of them (DISP-1, DISP-6). */
import { describe, expect, test } from 'vitest'
import { shardOfTracking } from '../../src/domain/dispatch/tracking-id.ts'
import { dispatchStub } from '../../src/durable/stubs.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import { ONE_WAY_MAX_BYTES } from '../../src/protocol/limits.ts'
import type { AcceptedOneWay, OneWayPage, OneWayTracking } from '../../src/protocol/one-way.ts'
import { makeAdmin, send, signIn, type Caller } from './http-client.ts'
import { bindings } from './support/bindings.ts'
import { evictDispatch } from './support/dispatch.ts'

const path = '/api/messages/one-way'

const recipient = { type: 'email', id: 'quality@example.com' }
const message = { recipient, content: 'Chiller 3 is back at 4.1 °C' }

const post = async (sender: Caller, overrides: object = {}): Promise<AcceptedOneWay> => {
  const { status, body } = await sender.post<AcceptedOneWay>(path, { ...message, ...overrides })
  expect(status, JSON.stringify(body)).toBe(202)
  return body
}

const read = async (reader: Caller, query = ''): Promise<OneWayPage> => {
  const { status, body } = await reader.get<OneWayPage>(`${path}${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

const idsOf = ({ messages }: OneWayPage): string[] => messages.map((one) => one.tracking_id)

describe('[DISP-1] one message', () => {
  test.each(['none', 'hibernate'] as const)(
    '[DISP-2] is durable when it is answered, and found at its status_url (eviction: %s)',
    async (eviction) => {
      const ann = await signIn('ann')
      const accepted = await post(ann, { priority: 'high' })
      expect(accepted).toEqual({
        tracking_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        status: 'accepted',
        status_url: `${path}/${accepted.tracking_id}`,
      })
      const shard = shardOfTracking(accepted.tracking_id)
      await evictDispatch(dispatchStub(bindings, shard), eviction)
      const { status, body } = await ann.get<OneWayTracking>(accepted.status_url)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        tracking_id: accepted.tracking_id,
        ...{ recipient, priority: 'high', idempotency_key: null, message: null },
      })
      expect(body).not.toHaveProperty('sender_id')
    },
  )

  test('is of normal priority where it says none', async () => {
    const ann = await signIn('ann')
    const { status_url } = await post(ann)
    expect((await ann.get<OneWayTracking>(status_url)).body.priority).toBe('normal')
  })

  test('is accepted whatever its content is: that is checked afterwards', async () => {
    const ann = await signIn('ann')
    for (const content of ['', 17, { line: 3 }, null, ['a']]) await post(ann, { content })
  })

  test.each([
    ['recipient', { content: 'to nobody' }],
    ['recipient.type', { ...message, recipient: { type: 'fax', id: '1' } }],
    ['recipient.id', { ...message, recipient: { type: 'room' } }],
    ['recipient.id', { ...message, recipient: { type: 'room', id: '' } }],
    ['recipient.id', { ...message, recipient: { type: 'user', id: 'x'.repeat(255) } }],
    ['priority', { ...message, priority: 'urgent' }],
    ['idempotency_key', { ...message, idempotency_key: '' }],
  ])('[API-7] without a good %s it is refused at once', async (field, body) => {
    const ann = await signIn('ann')
    const answer = await ann.post<Problem>(path, body)
    expect([answer.status, answer.body.field]).toEqual([400, field])
    expect((await read(ann)).messages).toEqual([])
  })

  test('[API-7] too large, no JSON, or of nobody, it is refused by its code', async () => {
    const ann = await signIn('ann')
    const large = await ann.post<Problem>(path, {
      ...message,
      content: 'x'.repeat(ONE_WAY_MAX_BYTES),
    })
    expect([large.status, large.body.code]).toEqual([413, 'too_large'])
    const authorization = `Bearer ${ann.token}`
    const headers = { authorization, 'content-type': 'application/json' }
    expect((await send(path, { method: 'POST', headers, body: '{' })).status).toBe(400)
    const anonymous = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers: anonymous, body: JSON.stringify(message) }
    expect((await send(path, init)).status).toBe(401)
  })
})

describe('[DISP-1] [API-8] a repeat with the same key', () => {
  test('is answered with the first message, whether the key is in the body or the header', async () => {
    const ann = await signIn('ann')
    const first = await post(ann, { idempotency_key: 'batch-17/4' })
    expect(await post(ann, { idempotency_key: 'batch-17/4' })).toMatchObject({
      tracking_id: first.tracking_id,
    })
    const header = { 'idempotency-key': 'batch-17/4' }
    const again = await ann.post<AcceptedOneWay>(path, message, header)
    expect([again.status, again.body.tracking_id]).toEqual([202, first.tracking_id])
    expect(idsOf(await read(ann))).toEqual([first.tracking_id])
    const { body } = await ann.get<OneWayTracking>(first.status_url)
    expect(body.idempotency_key).toBe('batch-17/4')
  })

  test('and other words is a conflict; of another sender it is another message', async () => {
    const [ann, bob] = [await signIn('ann'), await signIn('bob')]
    const key = { idempotency_key: 'k' }
    const first = await post(ann, key)
    const { status, body } = await ann.post<Problem>(path, { ...message, ...key, content: 'other' })
    expect([status, body.code]).toEqual([409, 'conflict'])
    expect((await post(bob, key)).tracking_id).not.toBe(first.tracking_id)
  })

  test.each([
    ['differ', 'a', { idempotency_key: 'b' }],
    ['is too long', 'x'.repeat(129), {}],
  ])('[API-7] is refused where the key %s', async (_, header, fields) => {
    const ann = await signIn('ann')
    const answer = await ann.post(path, { ...message, ...fields }, { 'idempotency-key': header })
    expect(answer.status).toBe(400)
  })
})

describe('[DISP-6] [SEC-2] what became of a message', () => {
  test('is seen by its sender and by admins, and for others there is none', async () => {
    const [ann, bob, admin] = [await signIn('ann'), await signIn('bob'), await signIn('admin')]
    await makeAdmin(admin.user_id)
    const { status_url } = await post(ann)
    expect((await ann.get(status_url)).status).toBe(200)
    expect((await admin.get(status_url)).status).toBe(200)
    expect((await bob.get<Problem>(status_url)).body).toMatchObject({ code: 'not_found' })
    for (const caller of [bob, ann]) {
      const { status } = await caller.post<Problem>(`${status_url}/retry`)
      // Hers is not dead; his is none.
      expect(status).toBe(caller === bob ? 404 : 409)
    }
  })

  test('is unknown for ids that nobody gave', async () => {
    const ann = await signIn('ann')
    const { tracking_id } = await post(ann)
    const strange = [
      crypto.randomUUID(),
      `${tracking_id.slice(0, -3)}fff`,
      `${tracking_id.slice(0, -4)}${tracking_id.at(-4) === '7' ? '8' : '7'}${tracking_id.slice(-3)}`,
      'batch',
      'nonsense',
    ]
    for (const id of strange) expect((await ann.get(`${path}/${id}`)).status, id).toBe(404)
    for (const id of strange) expect((await ann.post(`${path}/${id}/retry`)).status, id).toBe(404)
  })
})

describe('[DISP-6] the list', () => {
  test('has all of my messages from all shards, newest first, in pages', async () => {
    const [ann, bob] = [await signIn('ann'), await signIn('bob')]
    const ids: string[] = []
    for (let count = 0; count < 12; count += 1) {
      const id = `line-${count}@example.com`
      ids.push((await post(ann, { recipient: { type: 'email', id } })).tracking_id)
      await scheduler.wait(2)
    }
    await post(bob)
    expect(new Set(ids.map(shardOfTracking)).size).toBeGreaterThan(1)
    const seen: string[] = []
    for (let before = ''; ;) {
      const page = await read(ann, `?limit=5${before}`)
      seen.push(...idsOf(page))
      if (!page.pagination.has_more) break
      before = `&before=${page.pagination.next_before}`
    }
    expect(seen).toEqual(ids.toReversed())
  })

  test('can be narrowed down to a recipient and a status', async () => {
    const ann = await signIn('ann')
    const mail = await post(ann)
    const user = await post(ann, { recipient: { type: 'user', id: 'nobody@example.com' } })
    expect(idsOf(await read(ann, '?recipient_type=user'))).toEqual([user.tracking_id])
    const by_id = `?recipient_id=${encodeURIComponent(recipient.id)}`
    expect(idsOf(await read(ann, by_id))).toEqual([mail.tracking_id])
    expect(idsOf(await read(ann, '?status=dead'))).toEqual([])
  })

  test.each([
    ['status', '?status=lost'],
    ['recipient_type', '?recipient_type=fax'],
    ['before', '?before=today'],
    ['limit', '?limit=201'],
  ])('[API-7] %s is named where it cannot be', async (field, query) => {
    const ann = await signIn('ann')
    const { status, body } = await ann.get<Problem>(`${path}${query}`)
    expect([status, body.field]).toEqual([400, field])
  })
})
