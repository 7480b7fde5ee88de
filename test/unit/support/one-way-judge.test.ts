/** The checker of the burst lane is believed only because it finds what is planted here. */
import { describe, expect, test } from 'vitest'
import type { OneWayTracking } from '../../../src/protocol/one-way.ts'
import type { MessageRow, RoomRows } from '../../support/history/rows.ts'
import { oneWayViolations, type OneWayViolation } from '../../support/one-way/judge.ts'
import type { Posted } from '../../support/one-way/poster.ts'

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }
type Story = { posted: Mutable<Posted>[]; messages: Mutable<MessageRow>[]; rows: RoomRows }

/** Three messages of one sender, numbered in the order in which they were accepted. */
function story(): Story {
  const messages = [1, 2, 3].map((number) => ({
    message_id: `m${number}`,
    sender_id: 'gateway',
    client_message_id: `post-${number}`,
    content: `reading ${number}`,
    sequence_number: number,
    revision: number,
    created_at: '',
    is_changed: false,
  }))
  const posted = [1, 2, 3].map((number) => ({
    sender_id: 'gateway',
    recipient: { type: 'room', id: 'room' } as const,
    content: `reading ${number}`,
    priority: 'normal' as const,
    idempotency_key: `post-${number}`,
    place: number,
    tracking_id: `t${number}`,
    answers: { 202: 1 },
    outcome: ended(number),
  }))
  const rows = { last_sequence: 3, last_revision: 3, last_hash: '', messages, revisions: [] }
  return { posted, messages, rows }
}

function ended(number: number, status: OneWayTracking['status'] = 'committed'): OneWayTracking {
  return {
    ...{ tracking_id: `t${number}`, recipient: { type: 'room', id: 'room' }, priority: 'normal' },
    ...{ status, idempotency_key: `post-${number}`, attempts: 1, accepted_at: '' },
    ...{ validated_at: null, finished_at: null, next_attempt_at: null, provider_id: null },
    reason: null,
    message: {
      message_id: `m${number}`,
      room_id: 'room',
      sequence_number: number,
      revision: number,
    },
  }
}

test('control: a clean history has no violations', () => {
  const { posted, rows } = story()
  expect(oneWayViolations(posted, rows)).toEqual([])
  expect(oneWayViolations(posted, rows, 'posted')).toEqual([])
})

test('control: a rejected one, and one that was refused, are in no room', () => {
  const { posted, messages, rows } = story()
  messages.splice(1)
  Object.assign(posted[1] ?? {}, { outcome: ended(2, 'rejected') })
  Object.assign(posted[2] ?? {}, {
    tracking_id: undefined,
    outcome: undefined,
    answers: { 503: 1 },
  })
  expect(oneWayViolations(posted, rows)).toEqual([])
})

describe('a planted anomaly is found', () => {
  const planted: [string, OneWayViolation['kind'], (story: Story) => void][] = [
    ['it is committed and in no room', 'lost', ({ messages }) => messages.pop()],
    ['nobody knows it', 'lost', ({ posted }) => change(posted, { outcome: undefined })],
    [
      'it is never finished',
      'unfinished',
      ({ posted }) => change(posted, { outcome: ended(1, 'retrying') }),
    ],
    [
      'it was given up',
      'unfinished',
      ({ posted }) => change(posted, { outcome: ended(1, 'dead') }),
    ],
    [
      'it was rejected and written',
      'unasked',
      ({ posted }) => change(posted, { outcome: ended(1, 'rejected') }),
    ],
    [
      'it was refused and written',
      'unasked',
      ({ posted }) => change(posted, { tracking_id: undefined, answers: { 503: 1 } }),
    ],
    ['two postings are one', 'duplicate', ({ posted }) => change(posted, { tracking_id: 't2' })],
    [
      'the status names another number',
      'status_contradicts_row',
      ({ posted }) => change(posted, { outcome: ended(2) }),
    ],
    [
      'other words were written',
      'row_contradicts_posted',
      ({ messages }) => Object.assign(messages[0] ?? {}, { content: '' }),
    ],
    [
      'a later one has the earlier number',
      'reorder',
      ({ posted }) => change(posted, { tracking_id: 't9' }),
    ],
  ]
  test.each(planted)('%s: %s', (_name, kind, plant) => {
    const planting = story()
    plant(planting)
    const kinds = oneWayViolations(planting.posted, planting.rows).map((one) => one.kind)
    expect(kinds).toContain(kind)
  })

  test('posted one after the other, and numbered otherwise: reorder', () => {
    const { posted, rows } = story()
    change(posted, { place: 9 })
    const kinds = oneWayViolations(posted, rows, 'posted').map((one) => one.kind)
    expect(kinds).toEqual(['reorder'])
  })
})

function change(posted: Mutable<Posted>[], changes: Partial<Posted>): void {
  Object.assign(posted[0] ?? {}, changes)
}
