/** Sockets of an inbox: limits, marks, heartbeat, slow ones (INBOX-2, CONN-6, CONN-10, CONN-11). */
import { expect, test } from 'vitest'
import { refuseSocket } from '../../../../src/domain/inbox/transition.ts'
import { facts, InboxBench, news, part } from './inbox-builder.ts'

const room_id = '0198c5a0-4444-7000-8000-000000000004'

test('[INBOX-2] marks asked for in a row are one write, of the furthest', () => {
  const inbox = InboxBench.with('ann')
  inbox.sends('ann', { type: 'read', room_id, sequence_number: 3 })
  for (const sequence_number of [5, 9, 7])
    inbox.sends('ann', { type: 'read', room_id, sequence_number })
  expect(inbox.asked('write_marks')).toMatchObject([{ marks: [{ sequence_number: 3 }] }])
  inbox.give({ type: 'marks_written', results: [] })
  inbox.passes(1_000)
  expect(inbox.asked('write_marks').slice(1)).toMatchObject([{ marks: [{ sequence_number: 9 }] }])
})

test('[INBOX-2] a mark moved elsewhere is told to all devices of the person, and never back', () => {
  const inbox = InboxBench.with('ann', 'bob')
  inbox.connects('ann', 'second')
  inbox.isRead([facts()], [part('ann')])
  inbox.hears(news(20, 24))
  inbox.listensAfresh()
  const mark = { user_id: 'ann', unread_count: 1, mention_count: 0, revision: 24 }
  const moved = (read_sequence: number) =>
    inbox.give({ type: 'marks_moved', room_id: 'room', marks: [{ ...mark, read_sequence }] })
  moved(13)
  moved(12)
  for (const socket of ['ann', 'second'])
    expect(inbox.heard(socket)).toMatchObject([
      { type: 'read', read_sequence: 13, unread_count: 1 },
    ])
  expect(inbox.heard('bob')).toEqual([])
  inbox.hears(news(24, 25))
  expect(inbox.heardOf('ann', 'activity')).toMatchObject([{ read_sequence: 13, unread_count: 2 }])
})

test('[INBOX-2] counts that are older than what was heard are read again before they are told', () => {
  const inbox = InboxBench.with('ann')
  inbox.hears(news(20, 24))
  inbox.listensAfresh()
  const mark = { user_id: 'ann', unread_count: 1, mention_count: 0, revision: 22 }
  inbox.give({ type: 'marks_moved', room_id: 'room', marks: [{ ...mark, read_sequence: 11 }] })
  expect(inbox.heard('ann')).toEqual([])
  const now = facts({ revision: 24, last_sequence: 14 })
  inbox.partsAreRead([now], [part('ann', { read_sequence: 11, unread_count: 3 })])
  expect(inbox.heardOf('ann', 'read')).toMatchObject([{ read_sequence: 11, unread_count: 3 }])
})

test('[CONN-6] who does not answer the heartbeat is closed, also where the shard slept in between', () => {
  const inbox = InboxBench.with('ann', 'bob')
  inbox.passes(30_000)
  inbox.sends('bob', { type: 'pong' })
  inbox.sleeps()
  inbox.passes(10_000)
  expect(inbox.closeOf('ann')).toBe(4408)
  expect(inbox.closeOf('bob')).toBeUndefined()
})

test('[CONN-10] who takes in nothing is closed before much is queued', () => {
  const inbox = new InboxBench({ unanswered_max_bytes: 5_000 })
  inbox.connects('ann')
  inbox.isRead([facts()], [part('ann')])
  inbox.give({ type: 'watch_answered', room_id: 'room', answer: { revision: 20 } })
  for (let revision = 20; revision < 60; revision += 1) {
    if (inbox.closeOf('ann') !== undefined) break
    inbox.hears(news(revision, revision + 1))
  }
  expect(inbox.closeOf('ann')).toBe(4408)
})

test('[CONN-11] limits: sockets of one person, sockets in all, memberships in memory', () => {
  const inbox = new InboxBench({ sockets_per_person_max_count: 2, sockets_max_count: 3 })
  inbox.connects('ann', 'one')
  expect(refuseSocket(inbox.state, 'ann')).toBeUndefined()
  inbox.connects('ann', 'two')
  expect(refuseSocket(inbox.state, 'ann')).toMatchObject({ code: 'rate_limited' })
  expect(refuseSocket(inbox.state, 'bob')).toBeUndefined()
  inbox.connects('bob')
  expect(refuseSocket(inbox.state, 'eve')).toMatchObject({ code: 'unavailable' })
})

test('[INBOX-1] a person who has gone leaves nothing behind in memory', () => {
  const inbox = InboxBench.with('ann', 'bob')
  for (const socket of ['ann', 'bob']) inbox.give({ type: 'closed', socket })
  expect(inbox.state).toMatchObject({ part_count: 0 })
  expect(inbox.state.rooms.size + inbox.state.people.size + inbox.state.stale.size).toBe(0)
})

test('[INBOX-1] where the inbox cannot be read the socket comes again', () => {
  const inbox = new InboxBench()
  inbox.connects('ann')
  inbox.give({ type: 'inboxes_read', rows: undefined })
  expect(inbox.closeOf('ann')).toBe(4409)
})
