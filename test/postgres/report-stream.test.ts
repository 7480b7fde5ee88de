/** A report of ten thousand messages is read as it is written, and never looks whole if it is not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PageAsk, ReportPage } from '../../src/domain/report/page.ts'
import type { Outcome } from '../../src/lib/outcome.ts'
import { failure } from '../../src/lib/outcome.ts'
import { refusal } from '../../src/protocol/errors.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, messages, oneTo, roomRow } from './builders.ts'
import { factsFor, options, pagesFor, streamFor } from './report-room.ts'

const total = 10_000
const pageMaxCount = 500
const pageMaxBytes = 1_048_576

let database: Database
let room_id: string
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  await addUser(database.pool, { user_id: 'ben' })
  room_id = await addRoom(database.pool, { ben: 'viewer' })
  for (const _ of oneTo(total / 1_000))
    await commit(database.pool, { room_id, items: messages(1_000), in_group: true })
}, 120_000)
afterAll(() => database.drop())

type Read = (ask: PageAsk) => Promise<Outcome<ReportPage>>

/** A reader of the report, and what was asked of the database for it. */
const startReading = async (
  user_id: string,
  { of = room_id, through = (read: Read): Read => read } = {},
) => {
  const reader = { user_id, room_id: of }
  const facts = await factsFor(database.pool, reader)
  const pages: { rows: number; bytes: number }[] = []
  const read = through(pagesFor(database.pool, reader, facts, options()))
  const counted: Read = async (ask) => {
    const page = await read(ask)
    if (page.ok)
      pages.push({ rows: page.value.rows.length, bytes: JSON.stringify(page.value.rows).length })
    return page
  }
  const stream = streamFor(counted, facts, options()).getReader()
  const decoder = new TextDecoder()
  const state = {
    pages,
    text: '',
    chunks: 0,
    /** False at the end. */
    async next(): Promise<boolean> {
      const { done, value } = await stream.read()
      if (value !== undefined) state.chunks += 1
      state.text += decoder.decode(value, { stream: true })
      return !done
    },
    async rest(): Promise<string> {
      while (await state.next());
      return state.text
    },
    cancel: () => stream.cancel(),
  }
  return state
}

const isWhole = (report: string): boolean => report.includes('*End of the report as of revision')

const untilTranscript = async (report: Awaited<ReturnType<typeof startReading>>) => {
  while (!report.text.includes('- **#1** ')) await report.next()
}

describe('[API-6] ten thousand messages', () => {
  test('are all there, in order and once, a page at a time', async () => {
    const report = await startReading('ann')
    const text = await report.rest()
    const numbers = [...text.matchAll(/^- \*\*#(\d+)\*\* .* message \d+$/gm)].map((match) =>
      Number(match[1]),
    )
    expect(numbers).toEqual(oneTo(total))
    expect(text.trimEnd().split('\n').at(-1)).toContain(`${total} of them in the transcript.`)
    expect(Math.max(...report.pages.map((page) => page.rows))).toBe(pageMaxCount)
    expect(report.pages.length).toBeGreaterThanOrEqual(total / pageMaxCount)
  })

  test('are asked for only as they are read: who pauses stops the reading', async () => {
    const report = await startReading('ann')
    expect(report.pages).toHaveLength(0)
    await untilTranscript(report)
    const asked = report.pages.length
    // Far longer than a page takes: as many round trips as the whole report has.
    for (const _ of oneTo(30)) await roomRow(database.pool, room_id)
    expect(report.pages).toHaveLength(asked)
    await report.next()
    expect(report.pages).toHaveLength(asked + 1)
    await report.cancel()
    await roomRow(database.pool, room_id)
    expect(report.pages).toHaveLength(asked + 1)
  })

  test('of the greatest length come in pages of bounded size', async () => {
    const long = await addRoom(database.pool)
    const content = '災'.repeat(16_000)
    await commit(database.pool, {
      room_id: long,
      items: messages(100, { content }),
      in_group: true,
    })
    const report = await startReading('ann', { of: long })
    const text = await report.rest()
    expect(text.split(content)).toHaveLength(101)
    expect(Math.max(...report.pages.map((page) => page.bytes))).toBeLessThan(pageMaxBytes * 1.5)
    expect(isWhole(text)).toBe(true)
  })
})

test('[API-6] people and events beyond a page, all of one instant: each once, in order', async () => {
  const crowded = await addRoom(database.pool)
  const count = 1_100
  await database.pool.query(
    `SELECT append_revision($1, 'member_added', gen_random_uuid(), NULL, 'ann', '2030-01-01T00:00:00Z',
        jsonb_build_object('user_id', 'p' || n, 'role', 'viewer'))
      FROM generate_series(1, $2::int) AS n`,
    [crowded, count],
  )
  const report = await startReading('ann', { of: crowded })
  const text = await report.rest()
  const everybody = oneTo(count).map((number) => `p${number}`)
  expect([...text.matchAll(/^\| (p\d+) \|/gm)].map((match) => match[1])).toEqual(everybody)
  expect([...text.matchAll(/added (p\d+) as viewer$/gm)].map((match) => match[1])).toEqual(
    everybody,
  )
  expect(Math.max(...report.pages.map((page) => page.rows))).toBe(pageMaxCount)
}, 60_000)

describe('[API-6] a report that cannot be finished breaks off', () => {
  test('[SEC-2] when its reader is removed, with the next page', async () => {
    const report = await startReading('ben')
    await untilTranscript(report)
    const removal = {
      kind: 'member_removed',
      change_id: crypto.randomUUID(),
      message_id: crypto.randomUUID(),
      actor_id: 'ann',
      user_id: 'ben',
    } as const
    await commit(database.pool, { room_id, items: [removal] })
    await expect(report.rest()).rejects.toThrow('the report broke off: you are not a member')
    expect(isWhole(report.text)).toBe(false)
    expect(report.text).not.toContain('**#501**')
  })

  test('when the database fails in the middle', async () => {
    const unavailable = failure(refusal('unavailable', 'the database cannot be reached'))
    let asked = 0
    const through =
      (read: Read): Read =>
      async (ask) => {
        asked += 1
        return asked > 8 ? unavailable : read(ask)
      }
    const report = await startReading('ann', { through })
    await expect(report.rest()).rejects.toThrow('the database cannot be reached')
    expect(report.text).toContain('**#1**')
    expect(isWhole(report.text)).toBe(false)
  })

  test('when a message is missing from the record', async () => {
    const torn = await addRoom(database.pool)
    await commit(database.pool, { room_id: torn, items: messages(3) })
    const report = await startReading('ann', { of: torn })
    await database.pool.query('DELETE FROM messages WHERE room_id = $1 AND sequence_number = 2', [
      torn,
    ])
    await expect(report.rest()).rejects.toThrow('the transcript has 2 of 3 messages')
    expect(isWhole(report.text)).toBe(false)
  })
})
