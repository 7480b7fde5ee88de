/** The report of a room that is in Postgres (API-6), compared byte by byte and read in pages. */
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readReportFacts, readReportPage } from '../../src/database/report.ts'
import { createDatabase, type Database } from '../support/database.ts'
import {
  RoomWriter,
  factsFor,
  options,
  pagesFor,
  reportFor,
  ROOM_ID,
  streamFor,
} from './report-room.ts'

const [mei, lin, kai] = ['mei@example.com', 'lin@example.com', 'kai@example.com'] as const

let database: Database
let room: RoomWriter
beforeAll(async () => {
  database = await createDatabase()
  room = new RoomWriter(database.pool)
  await room.open('01:00:00.000')
  await room.add('01:00:10.000', mei, lin, 'editor')
  await room.add('01:00:20.000', mei, kai, 'viewer')
  await room.say('01:01:00.000', mei, { content: 'The belt of press 4 stopped.' })
  await room.say('01:02:00.500', lin, {
    content: 'On my way.\n\n# I am no heading\n[nor](https://example.com) | a link',
    reply_to: 1,
  })
  await room.say('01:03:00.000', lin, {
    message_type: 'incident_data',
    data: { temperature: 80.5, line: 'A|1', pump: { bar: 4 } },
  })
  await room.say('01:04:00.000', lin, {
    message_type: 'incident_data',
    data: { temperature: 95, pump: { bar: 2.5, on: false } },
  })
  await room.upload(1, 'motor](x).png', 'image/png', 123_456)
  await room.say('01:05:00.000', mei, { message_type: 'image_ref', content: 'the motor', file: 1 })
  await room.upload(2, '報告.pdf', 'application/pdf', 900)
  await room.say('01:06:00.000', mei, { message_type: 'file_ref', file: 2 })
  await room.say('01:07:00.000', lin, { content: 'a secret that was taken back' })
  await room.delete('01:08:00.000', lin, 7)
  await room.edit('01:09:00.000', mei, 1, 'The belt of press 4 stopped at 08:55.')
  await room.react('01:10:00.000', lin, 1, '👍')
  await room.react('01:10:01.000', kai, 1, '👍')
  await room.react('01:10:02.000', kai, 1, '👀')
  await room.pin('01:11:00.000', mei, 1, '01:01:00.000')
  await room.pin('01:12:00.000', lin, 1, '00:55:00.000')
  await room.pin('01:13:00.000', lin, 3, '01:03:00.000')
  await room.pin('01:14:00.000', lin, 2, '01:02:00.000')
  await room.unpin('01:15:00.000', lin, 2)
  await room.remove('01:16:00.000', kai, kai)
  await room.update('01:17:00.000', lin, { severity: 'critical', location: 'Hall B, 2nd floor' })
  await room.say('15:59:59.000', 'root', { content: 'Seen by the shift lead.' })
  await room.update('16:00:00.000', mei, { status: 'resolved' })
})
afterAll(() => database.drop())

/** Compares with what was agreed on; `vitest -u` writes it anew. */
const golden = (name: string): string => resolve(import.meta.dirname, 'golden', `${name}.md`)

describe('[API-6] to the byte', () => {
  test('with the transcript', async () => {
    await expect(await reportFor(database.pool, { user_id: mei })).toMatchFileSnapshot(
      golden('report-with-transcript'),
    )
  })

  test('of a range, in another zone and language', async () => {
    const as = options({
      from: '2026-11-24T01:03:00.000000Z',
      to: '2026-11-24T16:00:00.000000Z',
      time_zone: 'America/New_York',
      language: 'zh-TW',
      transcript: false,
    })
    await expect(await reportFor(database.pool, { user_id: lin }, as)).toMatchFileSnapshot(
      golden('report-of-a-range'),
    )
  })

  test('whoever reads it, and however often', async () => {
    const first = await reportFor(database.pool, { user_id: mei })
    expect(await reportFor(database.pool, { user_id: lin })).toBe(first)
    expect(await reportFor(database.pool, { user_id: 'root' })).toBe(first)
  })
})

/** Sequence numbers in the transcript of a range. */
const numbersIn = async (from: string | null, to: string | null): Promise<number[]> => {
  const report = await reportFor(database.pool, { user_id: mei }, options({ from, to }))
  const [, said = ''] = report.split('## Transcript')
  return [...said.matchAll(/^- \*\*#(\d+)/gm)].map(([, number]) => Number(number))
}

test('[API-6] from is part of the range, and to is not', async () => {
  expect(await numbersIn('2026-11-24T01:03:00.000Z', '2026-11-24T01:05:00.000Z')).toEqual([3, 4])
  expect(await numbersIn('2026-11-24T01:03:00.000001Z', '2026-11-24T01:05:00.000001Z')).toEqual([
    4, 5,
  ])
  expect(await numbersIn(null, '2026-11-24T01:02:00.500Z')).toEqual([1])
  expect(await numbersIn('2026-11-25T00:00:00.000Z', null)).toEqual([])
})

test('[API-6] [MSG-8] words that were taken back are nowhere in it', async () => {
  expect(await reportFor(database.pool, { user_id: mei })).not.toContain('secret')
})

test('[API-6] [SEC-2] who is no member is given neither facts nor rows', async () => {
  const facts = await factsFor(database.pool, { user_id: mei })
  const common = { room_id: ROOM_ID, from: null, to: null }
  for (const user_id of [kai, 'stranger@example.com']) {
    const mine = { ...common, user_id }
    expect(await readReportFacts(database.pool, mine)).toMatchObject({ role: null, facts: null })
    for (const section of ['people', 'timeline', 'readings', 'attachments', 'transcript'] as const)
      expect(
        await readReportPage(database.pool, {
          ...{ ...mine, section, after: null, counts: facts.counts },
          revision: facts.room.last_revision,
        }),
      ).toEqual({ role: null, is_admin: false, page: null })
  }
  const nowhere = { ...common, room_id: '0198d7f0-0000-7000-8000-00000000ffff', user_id: mei }
  expect(await readReportFacts(database.pool, nowhere)).toBeNull()
})

/** The rest of a report of which the facts were read before `meanwhile`. */
const readingDuring = async (meanwhile: () => Promise<void>): Promise<string> => {
  const facts = await factsFor(database.pool, { user_id: mei })
  await meanwhile()
  const read = pagesFor(database.pool, { user_id: mei }, facts, options())
  return new Response(streamFor(read, facts, options())).text()
}

describe('[API-6] what happens while it is read', () => {
  test('comes later than the report: messages, edits, reactions, pins, members', async () => {
    const before = await reportFor(database.pool, { user_id: mei })
    const during = await readingDuring(async () => {
      await room.say('16:01:00.000', mei, { content: 'said later' })
      await room.edit('16:02:00.000', mei, 1, 'edited later')
      await room.edit('16:03:00.000', lin, 2, 'edited later')
      await room.react('16:04:00.000', mei, 1, '🎉')
      await room.react('16:05:00.000', mei, 4, '🎉')
      await room.unpin('16:06:00.000', mei, 1)
      await room.pin('16:07:00.000', mei, 4, '01:00:00.000')
      await room.add('16:08:00.000', mei, kai, 'editor')
      await room.update('16:09:00.000', mei, { status: 'active' })
    })
    expect(during).toBe(before)
    const after = await reportFor(database.pool, { user_id: mei })
    expect(after).toContain('said later')
    expect(after).toContain('edited later')
  })

  test('[MSG-8] but words that are taken back are not given out any more', async () => {
    const during = await readingDuring(() => room.delete('16:10:00.000', mei, 1))
    expect(during).not.toContain('The belt of press 4')
    expect(during.match(/\*message deleted\*/g)?.length).toBeGreaterThan(1)
  })
})
