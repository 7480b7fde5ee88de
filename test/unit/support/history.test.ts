/** The checker is believed only because it finds what is planted here. */
import { describe, expect, test } from 'vitest'
import type { DownFrame } from '../../../src/protocol/down.ts'
import {
  violationsOf,
  type ClientEvent,
  type ClientHistory,
  type ViolationKind,
} from '../../support/history.ts'
import {
  ack,
  message,
  received,
  sent,
  snapshotOf,
  statusChange,
  story,
  type Rows,
  type Story,
} from './story.ts'

test('control: a clean history has no violations', () => {
  const { alice, bob, rows } = story()
  expect(violationsOf([alice, bob], rows)).toEqual([])
})

test('control: a message that was refused once has lost its place', () => {
  const { alice, bob, rows } = story()
  exchangeNumbers(rows, 'a2', 'a3')
  const kinds = () => violationsOf([alice, bob], rows).map(({ kind }) => kind)
  expect(kinds()).toContain('send_order')
  const refusal = { type: 'error', code: 'unavailable', message: '', ref: 'a2' } as const
  alice.events.push(received(1, refusal), sent(1, 'a2'))
  expect(kinds()).not.toContain('send_order')
})

test('control: who left early need not have heard the rest', () => {
  const { alice, bob, rows } = story()
  bob.events.splice(-2)
  bob.stayed = false
  expect(violationsOf([alice, bob], rows)).toEqual([])
})

test('control: a snapshot instead of a resume closes the gap', () => {
  const { alice, bob, rows } = story()
  replaceResume(bob, [
    received(2, { type: 'resumed', recovered: false, from_revision: 3, to_revision: 4 }),
    received(2, snapshotOf(4, [4, 3])),
  ])
  expect(violationsOf([alice, bob], rows)).toEqual([])
})

describe('a planted anomaly is found', () => {
  const planted: [string, ViolationKind, (story: Story) => void][] = [
    ['an acked message is not in Postgres', 'lost', ({ rows }) => removeLast(rows)],
    ['a message was heard and is not in Postgres', 'uncommitted', ({ rows }) => removeLast(rows)],
    [
      'a change was heard and is not in Postgres',
      'uncommitted',
      ({ bob }) => bob.events.push(received(2, statusChange(5)), received(2, statusChange(6))),
    ],
    [
      'a receiver hears a revision twice',
      'duplicate',
      ({ bob }) => bob.events.push(received(2, message(5))),
    ],
    [
      'a resume repeats what the client has',
      'duplicate',
      ({ bob }) => bob.events.splice(indexOfResume(bob), 0, received(2, message(3))),
    ],
    [
      'a sequence number is taken twice',
      'duplicate',
      ({ rows }) => edit(rows.messages, 2, { sequence_number: 2 }),
    ],
    [
      'a client_message_id is committed twice',
      'duplicate',
      ({ rows }) => edit(rows.messages, 2, { client_message_id: 'a2' }),
    ],
    [
      'a sequence number is missing',
      'gap',
      ({ rows }) => edit(rows.messages, 2, { sequence_number: 4 }),
    ],
    ['a revision is missing', 'gap', ({ rows }) => rows.revisions.splice(2, 1)],
    ['the room counts more than there is', 'gap', ({ rows }) => (rows.last_sequence = 9)],
    [
      'a live revision never reaches a receiver',
      'gap',
      ({ alice }) => remove(alice, (frame) => frame.type === 'message' && frame.revision === 4),
    ],
    [
      'the last revision never reaches a receiver',
      'gap',
      ({ alice }) => remove(alice, (frame) => frame.type === 'message' && frame.revision === 5),
    ],
    [
      'two revisions come in the wrong order',
      'reorder',
      ({ alice }) => {
        const [first, second] = [3, 4].map((revision) =>
          alice.events.findIndex(
            (event) =>
              event.type === 'received' &&
              event.frame.type === 'message' &&
              event.frame.revision === revision,
          ),
        )
        exchange(alice.events, first ?? -1, second ?? -1)
      },
    ],
    [
      'the second message of a connection is numbered before the first',
      'send_order',
      ({ rows }) => exchangeNumbers(rows, 'a1', 'a2'),
    ],
    [
      'an ack names another number than the row',
      'ack_contradicts_row',
      ({ rows }) => exchangeNumbers(rows, 'a1', 'a2'),
    ],
    [
      'a frame has another text than the row',
      'frame_contradicts_row',
      ({ rows }) => edit(rows.messages, 1, { content: 'something else' }),
    ],
    [
      'a change is told as another',
      'frame_contradicts_row',
      ({ rows }) => edit(rows.revisions, 1, { kind: 'member_removed' }),
    ],
    [
      'a message is committed with another text than it was sent with',
      'row_contradicts_sent',
      ({ rows }) => edit(rows.messages, 1, { content: 'something else' }),
    ],
    [
      'the same message is acked with two numbers',
      'acks_differ',
      ({ alice }) => alice.events.push(received(1, ack('a1', 7))),
    ],
    [
      'a message is never answered',
      'unanswered',
      ({ alice }) =>
        remove(alice, (frame) => frame.type === 'ack' && frame.client_message_id === 'a2'),
    ],
    [
      'a resume leaves one out',
      'incomplete_resume',
      ({ bob }) => bob.events.splice(indexOfResume(bob), 1),
    ],
    [
      'a resume ends too early',
      'incomplete_resume',
      ({ bob }) =>
        replaceResume(bob, [
          received(2, message(4)),
          received(2, { type: 'resumed', recovered: true, from_revision: 3, to_revision: 5 }),
        ]),
    ],
    [
      'a snapshot leaves the newest message out',
      'incomplete_resume',
      ({ bob }) =>
        replaceResume(bob, [
          received(2, { type: 'resumed', recovered: false, from_revision: 3, to_revision: 4 }),
          received(2, snapshotOf(4, [3])),
        ]),
    ],
    [
      'a revision was changed after it was hashed',
      'broken_chain',
      ({ rows }) => edit(rows.revisions, 2, { computed_hash: 'f00' }),
    ],
    [
      'a revision links to another than the one before',
      'broken_chain',
      ({ rows }) => edit(rows.revisions, 2, { previous_hash: 'f00' }),
    ],
    [
      'the room ends with another revision than its last',
      'broken_chain',
      ({ rows }) => (rows.last_hash = 'f00'),
    ],
    [
      'a message was changed behind the back of its revision',
      'broken_chain',
      ({ rows }) => edit(rows.messages, 1, { content: 'something else' }),
    ],
    [
      'a message was removed behind the back of its revision',
      'broken_chain',
      ({ rows }) => rows.messages.splice(1, 1),
    ],
  ]
  test.each(planted)('%s: %s', (_what, kind, plant) => {
    const planting = story()
    plant(planting)
    const kinds = violationsOf([planting.alice, planting.bob], planting.rows).map((one) => one.kind)
    expect(kinds).toContain(kind)
  })
})

function removeLast(rows: Rows): void {
  rows.messages.pop()
  rows.revisions.pop()
  Object.assign(rows, { last_sequence: 2, last_revision: 4, last_hash: 'hash4' })
}

function edit<Row extends object>(rows: Row[], index: number, changes: Partial<Row>): void {
  Object.assign(rows[index] ?? {}, changes)
}

/** As if the second had been committed first. */
function exchangeNumbers(rows: Rows, ...ids: [string, string]): void {
  const [one, other] = ids.map((id) =>
    rows.messages.findIndex((row) => row.client_message_id === id),
  )
  const numbers = [one, other].map((index) => rows.messages[index ?? -1]?.sequence_number ?? 0)
  edit(rows.messages, one ?? -1, { sequence_number: numbers[1] ?? 0 })
  edit(rows.messages, other ?? -1, { sequence_number: numbers[0] ?? 0 })
}

function exchange<Item>(items: Item[], one: number, other: number): void {
  const [first, second] = [items[one], items[other]]
  if (first === undefined || second === undefined) throw new Error('there is nothing to exchange')
  items[one] = second
  items[other] = first
}

function remove(client: ClientHistory, which: (frame: DownFrame) => boolean): void {
  const index = client.events.findIndex((event) => event.type === 'received' && which(event.frame))
  client.events.splice(index, 1)
}

/** Of the one change that Bob's resume replays; the `resumed` frame follows it. */
function indexOfResume(bob: ClientHistory): number {
  return (
    bob.events.findIndex((event) => event.type === 'received' && event.frame.type === 'resumed') - 1
  )
}

function replaceResume(bob: ClientHistory, events: ClientEvent[]): void {
  bob.events.splice(indexOfResume(bob), 2, ...events)
}
