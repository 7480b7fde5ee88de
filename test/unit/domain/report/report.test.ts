/** What a report says, from given facts and rows. */
import { describe, expect, test } from 'vitest'
import {
  READING_COLUMNS_MAX_COUNT,
  READING_FIELDS_MAX_COUNT,
} from '../../../../src/domain/report/readings.ts'
import { reportSteps } from '../../../../src/domain/report/report.ts'
import {
  facts,
  message,
  options,
  person,
  reading,
  reportOf,
  rows,
  written,
  type RoomRows,
} from './builders.ts'

const transcriptOf = (count: number): RoomRows['transcript'] =>
  Array.from({ length: count }, (_, index) => ({
    message: message({ sequence_number: index + 1, content: `message ${index + 1}` }),
    reply_sequence: null,
  }))

const readingsOf = (list: readonly Record<string, unknown>[]) =>
  list.map((data, index) => reading(data, { sequence_number: index + 1 }))

/** Rows of the table below a heading, without its head. */
const tableBelow = (markdown: string, heading: string): string[][] => {
  const [, after = ''] = markdown.split(`${heading}\n\n`)
  const [table = ''] = after.split('\n\n')
  const [, , ...body] = table.split('\n')
  return body.map((row) => row.slice(2, -2).split(' | '))
}

test('[API-6] the same room gives the same bytes, however its rows are parted', () => {
  const room = rows({
    transcript: transcriptOf(7),
    readings: readingsOf([{ a: 1 }, { b: 2 }, { a: 3 }]),
    people: [person(), person({ user_id: 'lin', role: null })],
  })
  const counted = facts()
  const steps = () =>
    reportSteps({ ...counted, counts: { ...counted.counts, messages: 7 } }, options())
  const whole = written(steps(), room, 1_000)
  for (const size of [1, 2, 3, 7]) expect(written(steps(), room, size)).toBe(whole)
})

test('[API-6] the last line of a whole report tells its totals', () => {
  const markdown = reportOf(rows({ transcript: transcriptOf(3), people: [person()] }))
  expect(markdown.trimEnd().split('\n').at(-1)).toBe(
    '*End of the report as of revision 2: 1 people, 0 events, 0 readings, 0 attachments, ' +
      '3 messages, 3 of them in the transcript.*',
  )
  expect(reportOf(rows(), { as: options({ transcript: false }) })).not.toContain('Transcript')
})

test('[API-6] a transcript that came short is no report', () => {
  const counted = facts()
  const steps = reportSteps({ ...counted, counts: { ...counted.counts, messages: 4 } }, options())
  expect(() => written(steps, rows({ transcript: transcriptOf(3) }))).toThrow(
    'the transcript has 3 of 4 messages',
  )
})

describe('[API-6] readings', () => {
  const markdown = reportOf(
    rows({
      readings: readingsOf([
        { temperature: 80, line: 'A', pump: { bar: 4.5 } },
        { temperature: 95.5, pump: { bar: 4.5, on: true } },
        { temperature: -3, line: 'B', at: [1, 2] },
      ]),
    }),
  )

  test('name the least, the greatest and the last value with their messages', () => {
    expect(tableBelow(markdown, '## Readings')).toEqual([
      ['temperature', '3', '-3 (#3)', '95.5 (#2)', '-3 (#3)'],
      ['line', '2', '–', '–', 'B (#3)'],
      ['pump\\.bar', '2', '4.5 (#1)', '4.5 (#1)', '4.5 (#2)'],
      ['pump\\.on', '1', '–', '–', 'true (#2)'],
      ['at\\.0', '1', '1 (#3)', '1 (#3)', '1 (#3)'],
      ['at\\.1', '1', '2 (#3)', '2 (#3)', '2 (#3)'],
    ])
  })

  test('are all in a table over time, the most frequent fields first', () => {
    const all = tableBelow(markdown, '### All readings')
    expect(all.map((row) => row[0])).toEqual(['#1', '#2', '#3'])
    expect(all[0]?.slice(3)).toEqual(['80', 'A', '4.5', '', '', '', ''])
  })

  test('have a bounded number of columns, and of fields that are kept', () => {
    const wide = Object.fromEntries(
      Array.from({ length: READING_FIELDS_MAX_COUNT + 20 }, (_, index) => [`f${index}`, index]),
    )
    const wideReport = reportOf(rows({ readings: readingsOf([wide, { f7: 1 }]) }))
    expect(tableBelow(wideReport, '## Readings')).toHaveLength(READING_FIELDS_MAX_COUNT)
    expect(wideReport).toContain(`Only the first ${READING_FIELDS_MAX_COUNT} fields are listed`)
    const [first, second] = tableBelow(wideReport, '### All readings')
    expect(first).toHaveLength(3 + READING_COLUMNS_MAX_COUNT + 1)
    expect(first?.[3]).toBe('7')
    expect(first?.at(-1)).toBe(`+${READING_FIELDS_MAX_COUNT + 20 - READING_COLUMNS_MAX_COUNT}`)
    expect(second?.[3]).toBe('1')
  })
})

describe('[API-6] the summary', () => {
  const resolved = {
    resolved_at: '2026-11-22T11:00:00.000Z',
    archived_at: '2026-11-23T11:00:00.000Z',
  }

  test('of a room that is done says since when, and how long it took', () => {
    const markdown = reportOf(rows(), { of: { ...facts({ status: 'archived' }), ...resolved } })
    expect(markdown).toContain('- **Resolved**: 2026-11-22 19:00:00 +08:00')
    expect(markdown).toContain('- **Archived**: 2026-11-23 19:00:00 +08:00')
    expect(markdown).toContain('- **Duration**: 1 h 30 min')
  })

  test('of a room that was opened again says that it is open', () => {
    const markdown = reportOf(rows(), { of: { ...facts({ status: 'active' }), ...resolved } })
    expect(markdown).not.toContain('**Resolved**')
    expect(markdown).toContain('- **Duration**: still open')
  })

  test('names the range, the zone, the revision and its hash', () => {
    const as = options({ from: '2026-11-22T00:00:00.000000Z', time_zone: 'America/New_York' })
    const markdown = reportOf(rows(), { as })
    expect(markdown).toContain(`as of revision 2, hash \`${'ab'.repeat(32)}\``)
    expect(markdown).toContain('From 2026-11-21 19:00:00 -05:00 on.')
    expect(markdown).toContain('Times are those of America/New\\_York.')
  })

  test('comes in the languages of the page', () => {
    const markdown = reportOf(rows(), { as: options({ language: 'zh-TW' }) })
    expect(markdown).toMatch(/^# 事件報告：Press 4 stopped\n/)
    expect(markdown).toContain('- **嚴重程度**：高')
  })
})

test('[API-6] [MSG-8] a deleted message keeps its place and has no words', () => {
  const gone = message({ deleted_at: '2026-11-22T10:00:00.000Z', content: '' })
  const markdown = reportOf(rows({ transcript: [{ message: gone, reply_sequence: null }] }))
  expect(markdown).toContain('- **#1** 2026-11-22 17:32:42 +08:00 陳美: *message deleted*\n')
})

const at = '2026-11-22 17:32:42 +08:00'
const lineOf = (overrides: Parameters<typeof message>[0], reply_sequence: number | null = null) => {
  const markdown = reportOf(rows({ transcript: [{ message: message(overrides), reply_sequence }] }))
  return markdown.split('\n').find((line) => line.startsWith('- **#1**'))
}

test('[API-6] a message has its marks: edited, a reply, reactions, a file, the server itself', () => {
  expect(lineOf({ edited_at: '2026-11-22T10:00:00.000Z' }, 7)).toBe(
    `- **#1** ${at} 陳美 *(edited)* ↩ #7: the belt is hot`,
  )
  const reactions = [{ emoji: '👍', count: 3, user_ids: [], first_revision: 4 }]
  expect(lineOf({ reactions })).toBe(`- **#1** ${at} 陳美: the belt is hot · 👍 3`)
  expect(lineOf({ message_type: 'system', content: 'Status changed to resolved' })).toBe(
    `- **#1** ${at} 陳美: *Status changed to resolved*`,
  )
  expect(lineOf({ message_type: 'incident_data', content: { temperature: 80, line: 'A' } })).toBe(
    `- **#1** ${at} 陳美: temperature = 80, line = A`,
  )
  const file_id = '0198d7f2-0000-7d10-b5a4-20f1c1de9a55'
  const file = {
    file_id,
    name: 'log.txt',
    size: 2_048,
    content_type: 'text/plain',
    width: null,
    height: null,
  }
  expect(lineOf({ message_type: 'file_ref', content: '', file_id, file })).toBe(
    `- **#1** ${at} 陳美: [log\\.txt](/api/files/${file_id}) (text/plain, 2.0 KiB)`,
  )
})
