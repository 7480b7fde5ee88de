/** One budget for all that a person writes, whichever the way (LIM-1), and what they are told of it. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { RateLimiter } from '../../src/durable/rate-limiter.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import type { AcceptedBatch } from '../../src/protocol/one-way.ts'
import type { MyLimits, UserTier } from '../../src/protocol/rate-limit.ts'
import { makeAdmin, openRoom, sendJson, signIn, type Answer, type Caller } from './http-client.ts'
import { evict, evictLimiter, limiterOf } from './support/bindings.ts'
import { join } from './support/socket.ts'

let ann: Caller
let room_id: string
beforeEach(async () => {
  ann = await signIn('ann')
  room_id = (await openRoom(ann)).room_id
})

/** Leaves so many of the budget to whoever comes first; what is held ahead of need is void. */
const leave = async (count: number): Promise<void> => {
  const { remaining } = await limiterOf(ann.user_id).standing()
  await limiterOf(ann.user_id).lease({ needed: remaining - count, spare: 0 })
}

const headersOf = ({ headers }: Answer<unknown>) =>
  ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].map((name) =>
    headers.get(name),
  )

const sayIt = (content: string) => ann.post<Problem>(`/api/rooms/${room_id}/messages`, { content })

const postOneWay = () =>
  ann.post<Problem>('/api/messages/one-way', {
    recipient: { type: 'room', id: room_id },
    content: 'one way',
  })

const postBatch = (count: number) =>
  sendJson<AcceptedBatch & Problem>('/api/messages/one-way/batch', {
    method: 'POST',
    headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/x-ndjson' },
    body: Array.from({ length: count }, (_, index) =>
      JSON.stringify({ recipient: { type: 'room', id: room_id }, content: `line ${index}` }),
    ).join('\n'),
  })

describe('[LIM-1] sockets, REST and one-way messages share one budget', () => {
  test.each(['none', 'hibernate'] as const)(
    'what one spends the others lack (eviction of room and counter: %s)',
    async (eviction) => {
      const other = (await openRoom(ann)).room_id
      const socket = await join(ann, room_id)
      const second = await join(ann, other)
      await leave(3)
      socket.say('by socket')
      await socket.next('ack')
      expect((await sayIt('by REST')).status).toBe(201)
      await evict(room_id, eviction)
      await evictLimiter(ann.user_id, eviction)
      // What this isolate had to spare for her is hers, too.
      let accepted = 0
      while ((await postOneWay()).status === 202) accepted += 1
      expect(accepted).toBeGreaterThanOrEqual(1)
      second.say('from another room')
      const error = await second.next('error')
      expect(error.code).toBe('rate_limited')
      expect(error.retry_after_ms).toBeGreaterThan(1_000)
      const refused = await sayIt('by REST again')
      expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    },
  )

  test('a batch is accepted as far as it goes', async () => {
    await leave(10)
    const batch = await postBatch(1_200)
    expect(batch.status).toBe(202)
    const { accepted, rejected, refused } = batch.body
    expect(accepted).toBeGreaterThanOrEqual(10)
    expect(accepted).toBeLessThan(600)
    expect(accepted + rejected).toBe(1_200)
    expect(refused[0]).toMatchObject({ code: 'rate_limited', line: accepted + 1 })
    expect(headersOf(batch)[0]).toBe('15000')
    const nothing = await postBatch(5)
    expect(nothing).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    expect(Number(headersOf(nothing)[3])).toBeGreaterThan(1)
  })

  test('three hundred posts at once ask the counter a few times', async () => {
    const lease = vi.spyOn(RateLimiter.prototype, 'lease')
    const answers = await Promise.all(Array.from({ length: 300 }, postOneWay))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(300)
    expect(lease.mock.calls.length).toBeLessThan(60)
    expect(lease.mock.calls.length).toBeGreaterThan(0)
    lease.mockRestore()
    const used = 15_000 - (await limiterOf(ann.user_id).standing()).remaining
    expect(used).toBeGreaterThanOrEqual(300)
  })
})

describe('[LIM-1] what an answer says of the budget', () => {
  test('every write says it, and reading does not', async () => {
    const said = await sayIt('first')
    const { message_id } = said.body as unknown as { message_id: string }
    const at = `/api/rooms/${room_id}/messages/${message_id}`
    const answers = [
      said,
      await ann.patch(at, { content: 'better' }),
      await ann.put(`${at}/pin`, {}),
      await ann.delete(`${at}/pin`),
      await ann.delete(at),
      await ann.patch(`/api/rooms/${room_id}`, { title: 'Press 5' }),
      await ann.post('/api/rooms', { title: 'x', incident_type: 'other', severity: 'low' }),
      await postOneWay(),
    ]
    for (const answer of answers) {
      expect(answer.status).toBeLessThan(300)
      const [limit, remaining, reset, retry] = headersOf(answer)
      expect(limit).toBe('15000')
      expect(Number(remaining)).toBeLessThan(15_000)
      expect(Number(remaining)).toBeGreaterThan(14_000)
      expect(Number(reset)).toBeGreaterThan(0)
      expect(Number(reset)).toBeLessThan(70)
      expect(retry).toBeNull()
    }
    expect(headersOf(await ann.get(`/api/rooms/${room_id}`))).toEqual([null, null, null, null])
  })

  test('a refusal says when to come back', async () => {
    await leave(0)
    const refused = await sayIt('too much')
    expect(refused.status).toBe(429)
    const [limit, remaining, reset, retry] = headersOf(refused)
    expect([limit, remaining]).toEqual(['15000', '0'])
    expect(Number(retry)).toBeGreaterThan(50)
    expect(Number(reset)).toBeGreaterThanOrEqual(Number(retry))
  })

  test('the person may ask, which costs nothing', async () => {
    await limiterOf(ann.user_id).lease({ needed: 100, spare: 0 })
    const before = (await ann.get<MyLimits>('/api/me/limits')).body
    expect(before).toMatchObject({ tier: 'basic', limit: 15_000 })
    expect(before.remaining).toBeLessThanOrEqual(14_900)
    expect(before.reset).toBeGreaterThan(50)
    expect((await ann.get<MyLimits>('/api/me/limits')).body.remaining).toBe(before.remaining)
  })
})

test('[LIM-1] [SEC-2] an admin gives another tier, and it holds at once', async () => {
  const admin = await signIn('admin')
  await makeAdmin(admin.user_id)
  await sayIt('first')
  const path = `/api/admin/users/${encodeURIComponent(ann.user_id)}`
  const log = vi.spyOn(console, 'info')
  const changed = await admin.patch<UserTier>(path, { tier: 'premium' })
  expect(changed).toMatchObject({ status: 200, body: { user_id: ann.user_id, tier: 'premium' } })
  const logged = log.mock.calls.map(([line]) => String(line)).find((line) => /tier_ch/.test(line))
  expect(JSON.parse(logged ?? '{}')).toMatchObject({
    ...{ by: admin.user_id, user_id: ann.user_id },
    ...{ from: 'basic', to: 'premium' },
  })
  expect((await ann.get<MyLimits>('/api/me/limits')).body).toMatchObject({
    tier: 'premium',
    limit: 60_000,
  })
  expect((await ann.patch(path, { tier: 'enterprise' })).status).toBe(403)
  expect((await admin.patch(path, { tier: 'gold' })).status).toBe(400)
  const nobody = '/api/admin/users/nobody@example.com'
  expect((await admin.patch(nobody, { tier: 'basic' })).status).toBe(404)
})

describe('[LIM-3] without the counter people write on', () => {
  test.each(['fails', 'is silent'] as const)('it %s', async (how) => {
    const silence = Promise.withResolvers<never>()
    silence.promise.catch(() => {})
    const socket = await join(ann, room_id)
    const lease = vi.spyOn(RateLimiter.prototype, 'lease')
    lease.mockImplementation(() =>
      how === 'fails' ? Promise.reject(new Error('planted')) : silence.promise,
    )
    for (let index = 0; index < 20; index += 1) {
      socket.say(`${index}`, `c${index}`)
      expect((await sayIt('by REST')).status).toBe(201)
    }
    await socket.next('ack', ({ client_message_id }) => client_message_id === 'c19')
    expect((await postOneWay()).status).toBe(202)
    expect(lease.mock.calls.length).toBeLessThan(10)
    lease.mockRestore()
    silence.reject(new Error('reset'))
  })
})
