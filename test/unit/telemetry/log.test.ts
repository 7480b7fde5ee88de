/** The log's lines: what is in them, and what never is (OPS-5). */
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { events, type EventName } from '../../../src/telemetry/events.ts'
import { fields } from '../../../src/telemetry/fields.ts'
import { log } from '../../../src/telemetry/log.ts'
import { scrub } from '../../../src/telemetry/scrub.ts'
import { logsDocument, tellings } from '../../../tools/log-events.ts'

const projectDir = resolve(import.meta.dirname, '../../..')
const room_id = '01a202c5-0000-7000-8000-000000000000'

const written = vi.spyOn(console, 'warn').mockImplementation(() => {})
afterEach(() => written.mockClear())

const lineOf = (event: EventName, given: object): Record<string, unknown> => {
  log.warn(event, given as never)
  return JSON.parse(String(written.mock.lastCall?.[0])) as Record<string, unknown>
}

describe('[OPS-5] a line', () => {
  test('has its event, its level, when it was, and its fields', () => {
    const before = Date.now()
    const line = lineOf('inbox_not_told', { room_id, shard: 3 })
    expect(line).toEqual({
      ...{ event: 'inbox_not_told', level: 'warn', at: expect.any(String) as string },
      ...{ room_id, shard: 3 },
    })
    expect(Date.parse(String(line['at']))).toBeGreaterThanOrEqual(before)
    expect(written.mock.lastCall?.[0]).not.toContain('\n')
  })

  test('has no field that its event does not have, whoever passes it', () => {
    const sneaked = {
      content: 'between us',
      token: 'abc',
      duration_ms: 3,
      __proto__: { code: 'x' },
    }
    expect(Object.keys(lineOf('inbox_not_told', { room_id, ...sneaked }))).toEqual([
      'event',
      'level',
      'at',
      'room_id',
    ])
  })

  test('has no value of another kind than its field', () => {
    const given = {
      ...{ room_id: 'anna@plant.example', statement: 'the press is hot', status: '200' },
      ...{ duration_ms: Number.NaN, user_id: undefined },
    }
    const { event, level, at, ...rest } = lineOf('request', given)
    expect([event, level, typeof at]).toEqual(['request', 'warn', 'string'])
    expect(rest).toEqual({ duration_ms: null })
    expect(lineOf('slow_statement', given)).toMatchObject({ statement: '?' })
  })

  test('is bounded, however much is passed', () => {
    const much = 'word '.repeat(100_000)
    for (const event of Object.keys(events) as EventName[]) {
      const given = Object.fromEntries(Object.keys(fields).map((name) => [name, much]))
      lineOf(event, { ...given, problems: Array.from({ length: 1_000 }, () => much) })
      expect(String(written.mock.lastCall?.[0]).length, event).toBeLessThan(16_000)
    }
  })
})

describe('[OPS-5] text loses', () => {
  test.each([
    ['a password', 'cannot reach postgres://muster:s3cret@db.example/muster', 's3cret'],
    ['a token', 'bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln here', 'eyJ'],
    ['a bearer', 'authorization: Bearer k3y-of-ours', 'k3y'],
    ['a key', 'api_key=k3y-of-ours', 'k3y'],
    ['a webhook’s secret', 'signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ'],
    ['where a webhook is', 'fetch of https://hooks.example/T00/B00/k3y?x=1 failed', 'k3y'],
    ['a query', 'GET /api/search?q=pressure', 'pressure'],
    ['an e-mail address', 'no such mailbox: anna.lin@plant.example', 'anna'],
    ['one in an address', '/api/members/anna.lin%40plant.example', 'anna'],
    ['a phone number', 'cannot reach +886 912 345 678 now', '912'],
    ['a phone number in one', 'whatsapp:886912345678', '912'],
    ['what was not JSON', `Unexpected token 'p', "pressure" is not valid JSON`, 'pressure'],
    ['more of it', `Unexpected token, "..."the press"... is not valid JSON`, 'press'],
    ['what is quoted', 'bad name "Press 4 is hot.jpg"', 'hot'],
  ])('%s', (_what, text, secret) => {
    expect(text).toContain(secret)
    expect(scrub(text)).not.toContain(secret)
  })

  test.each([
    'relation "tr_messages" does not exist',
    `/api/rooms/${room_id}/messages`,
    'at Object.fetch (file:///worker.js:1234:56)',
    'Connection terminated unexpectedly after 12000 ms',
  ])('nothing else: %s', (text) => {
    expect(scrub(text)).toBe(text)
  })
})

describe('[OPS-5] the list of events', () => {
  const told = tellings()

  test('has no event that nobody tells', () => {
    expect(new Set(told.map(({ event }) => event))).toEqual(new Set(Object.keys(events)))
  })

  test('and no field that no event has', () => {
    const used = Object.values(events).flatMap((event): readonly string[] => event.fields)
    expect(new Set(used)).toEqual(new Set(Object.keys(fields)))
  })

  test('is the list of docs/logs.md; if not: node tools/log-events.ts', async () => {
    expect(readFileSync(join(projectDir, 'docs/logs.md'), 'utf8')).toBe(await logsDocument())
  })

  test('nothing else writes to the console', () => {
    const paths = globSync('src/**/*.ts', { cwd: projectDir })
    const writing = paths.filter((path) =>
      readFileSync(join(projectDir, path), 'utf8').includes('console'),
    )
    expect(writing).toEqual([join('src', 'telemetry', 'log.ts')])
  })
})
