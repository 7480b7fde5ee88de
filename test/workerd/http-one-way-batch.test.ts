/** Many one-way messages in one request: taken as they come, each line for itself (DISP-1). */
import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/protocol/errors.ts'
import {
  ONE_WAY_ARRAY_MAX_BYTES,
  ONE_WAY_BATCH_MAX_BYTES,
  ONE_WAY_MAX_BYTES,
} from '../../src/protocol/limits.ts'
import type { AcceptedBatch, OneWayPage } from '../../src/protocol/one-way.ts'
import { send, signIn, type Answer, type Caller } from './http-client.ts'

const path = '/api/messages/one-way/batch'
const ndjson = 'application/x-ndjson'

const message = (content: unknown, overrides: object = {}) => ({
  recipient: { type: 'email', id: 'quality@example.com' },
  content,
  ...overrides,
})

const many = (count: number) => Array.from({ length: count }, (_, index) => message(index))

const linesOf = (messages: readonly object[]): string =>
  messages.map((one) => `${JSON.stringify(one)}\n`).join('')

type Posted = { readonly type?: string; readonly headers?: Record<string, string> }

const post = async <Body = AcceptedBatch>(
  sender: Caller,
  body: BodyInit,
  { type = ndjson, headers = {} }: Posted = {},
): Promise<Answer<Body>> => {
  const authorization = `Bearer ${sender.token}`
  const response = await send(path, {
    method: 'POST',
    headers: { authorization, 'content-type': type, ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, body: await response.json<Body>() }
}

/** A body that the test writes piece by piece. */
const slowBody = () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  return {
    readable,
    write: (text: string) => writer.write(encoder.encode(text)),
    close: () => writer.close(),
  }
}

const listed = async (person: Caller): Promise<string[]> => {
  const ids: string[] = []
  for (let before = ''; ;) {
    const { body } = await person.get<OneWayPage>(`/api/messages/one-way?limit=200${before}`)
    ids.push(...body.messages.map(({ tracking_id }) => tracking_id))
    if (!body.pagination.has_more) return ids
    before = `&before=${body.pagination.next_before}`
  }
}

const untilListed = async (person: Caller, count: number): Promise<void> => {
  while ((await listed(person)).length < count) await scheduler.wait(20)
}

describe('[DISP-1] a batch of lines', () => {
  test('is accepted line by line, each with an id of its own, in the order of the lines', async () => {
    const ann = await signIn('ann')
    const { status, body } = await post(ann, linesOf(many(1_234)))
    expect([status, body.accepted, body.rejected]).toEqual([202, 1_234, 0])
    expect(body.refused).toEqual([])
    expect(body.retry_after_ms).toBeUndefined()
    expect(body.tracking_ids).toHaveLength(1_234)
    // One sender, one recipient: one shard, in which ids rise.
    expect(body.tracking_ids.toSorted()).toEqual(body.tracking_ids)
    expect((await listed(ann)).toReversed()).toEqual(body.tracking_ids)
  })

  test('to many recipients comes to all of them, and nothing is counted twice', async () => {
    const ann = await signIn('ann')
    const messages = many(900).map((one, index) => ({
      ...one,
      recipient: { type: 'email', id: `line-${index % 30}@example.com` },
    }))
    const { body } = await post(ann, linesOf(messages))
    expect(body.accepted).toBe(900)
    expect(new Set(body.tracking_ids).size).toBe(900)
    expect(new Set(await listed(ann))).toEqual(new Set(body.tracking_ids))
  })

  test('bad lines are refused by number and take no others with them; blank ones are none', async () => {
    const ann = await signIn('ann')
    const good = JSON.stringify(message('good'))
    const lines = [
      good,
      '{"recipient": ',
      '',
      JSON.stringify({ content: 'to nobody' }),
      '   \r',
      JSON.stringify(message('x'.repeat(ONE_WAY_MAX_BYTES))),
      JSON.stringify(message('urgent', { priority: 'urgent' })),
      '[]',
      `${good}\r`,
      good,
    ]
    const { status, body } = await post(ann, lines.join('\n'))
    expect([status, body.accepted, body.rejected]).toEqual([202, 3, 5])
    expect(body.refused.map(({ line, code }) => [line, code])).toEqual([
      [2, 'bad_request'],
      [4, 'bad_request'],
      [6, 'too_large'],
      [7, 'bad_request'],
      [8, 'bad_request'],
    ])
    expect(body.refused[1]?.message).toContain('recipient')
    const isAccepted = body.tracking_ids.map((id) => id !== null)
    expect(isAccepted).toEqual([true, false, false, false, false, false, true, true])
    expect(await listed(ann)).toHaveLength(3)
  })

  test('bytes that are not UTF-8 are refused, not changed', async () => {
    const ann = await signIn('ann')
    const line = new TextEncoder().encode(`${JSON.stringify(message('?'))}\n`)
    line[line.indexOf('?'.charCodeAt(0))] = 0xff
    const { body } = await post(ann, line)
    expect(body).toMatchObject({ accepted: 0, rejected: 1, refused: [{ code: 'bad_request' }] })
  })

  test('of many bad lines the first hundred are named, and all are counted', async () => {
    const ann = await signIn('ann')
    const { body } = await post(ann, 'bad\n'.repeat(250))
    expect([body.accepted, body.rejected, body.refused.length]).toEqual([0, 250, 100])
    expect(body.refused.at(-1)?.line).toBe(100)
  })

  test('a repeat is recognised line by line by its keys', async () => {
    const ann = await signIn('ann')
    const messages = many(20).map((one, index) => ({ ...one, idempotency_key: `k${index}` }))
    const first = await post(ann, linesOf(messages))
    const again = await post(ann, linesOf([...messages, message('new')]))
    expect(again.body.tracking_ids.slice(0, 20)).toEqual(first.body.tracking_ids)
    expect(await listed(ann)).toHaveLength(21)
    const other = await post(ann, linesOf([{ ...messages[3], content: 'other' }, message('a')]))
    expect(other.body).toMatchObject({ accepted: 1, refused: [{ line: 1, code: 'conflict' }] })
  })

  test('[API-7] without a line, or of another type, it is refused', async () => {
    const ann = await signIn('ann')
    for (const empty of ['', '\n\n \n'])
      expect((await post<Problem>(ann, empty)).body).toMatchObject({ code: 'bad_request' })
    const typed = await post<Problem>(ann, linesOf(many(1)), { type: 'text/plain' })
    expect([typed.status, typed.body.code]).toEqual([400, 'bad_request'])
  })
})

describe('[DISP-1] a body that takes its time', () => {
  test('its lines are kept as they come, long before it ends', async () => {
    const ann = await signIn('ann')
    const body = slowBody()
    const posted = post(ann, body.readable)
    await body.write(linesOf(many(3)))
    await untilListed(ann, 3)
    const [half = '', rest = ''] = linesOf(many(1)).split(/(?<=content)/)
    await body.write(half)
    await body.write(`${rest}${linesOf(many(2))}`)
    await untilListed(ann, 6)
    await body.close()
    const { status, body: answer } = await posted
    expect([status, answer.accepted]).toEqual([202, 6])
    expect(new Set(await listed(ann))).toEqual(new Set(answer.tracking_ids))
  })

  test('[LIM-4] larger than it may be, it is refused by what it declares, or from there on', async () => {
    const ann = await signIn('ann')
    const declared = { 'content-length': String(ONE_WAY_BATCH_MAX_BYTES + 1) }
    const refused = await post<Problem>(ann, linesOf(many(1)), { headers: declared })
    expect([refused.status, refused.body.code]).toEqual([413, 'too_large'])
    const body = slowBody()
    const posted = post(ann, body.readable)
    await body.write(linesOf(many(2)))
    // Blank lines are let go of as they come: 64 MiB of them are never held.
    const blank = ' '.repeat(65_535) + '\n'
    const blanks = blank.repeat(16)
    for (let written = 0; written <= ONE_WAY_BATCH_MAX_BYTES; written += blanks.length)
      await body.write(blanks).catch(() => {})
    await body.close().catch(() => {})
    const { status, body: answer } = await posted
    expect([status, answer.accepted, answer.rejected]).toEqual([202, 2, 1])
    expect(answer.refused).toMatchObject([{ code: 'too_large' }])
    expect(await listed(ann)).toHaveLength(2)
  })
})

describe('[DISP-1] an array', () => {
  const type = 'application/json'

  test('is taken as lines are', async () => {
    const ann = await signIn('ann')
    const items = [message('a'), { content: 'to nobody' }, 17, message('b')]
    const { status, body } = await post(ann, JSON.stringify(items), { type })
    expect([status, body.accepted, body.rejected]).toEqual([202, 2, 2])
    expect(body.refused.map(({ line }) => line)).toEqual([2, 3])
    expect(body.tracking_ids.map((id) => id === null)).toEqual([false, true, true, false])
  })

  test('[API-7] of no messages, or that is none, is refused', async () => {
    const ann = await signIn('ann')
    for (const body of ['[]', '{}', '[', JSON.stringify(message('not in a list'))])
      expect((await post<Problem>(ann, body, { type })).status, body).toBe(400)
    const large = JSON.stringify(['x'.repeat(ONE_WAY_ARRAY_MAX_BYTES)])
    expect((await post<Problem>(ann, large, { type })).status).toBe(413)
  })
})
