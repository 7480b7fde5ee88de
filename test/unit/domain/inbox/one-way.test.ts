/** What a person's sockets are told of one-way messages, posted by them and to them (DISP-1, DISP-5). */
import { expect, test } from 'vitest'
import { InboxBench } from './inbox-builder.ts'

const told = { committed: 499, delivered: 0, outcomes: [], more: 0 }

const notice = {
  notice_id: '0198d7f6-10a2-7c33-8a5b-91d0c3e7f001',
  sender_id: 'line-3',
  sender_display_name: 'Line 3',
  content: 'Chiller 3 is back at 4.1 °C',
  priority: 'high',
  created_at: '2026-01-01T00:00:00.000Z',
  read_at: null,
} as const

const tellBoth = (inbox: InboxBench, user_id: string): void => {
  inbox.give({ type: 'one_way_told', user_id, told })
  inbox.give({ type: 'noticed', user_id, notice })
}

const both = [
  { type: 'one_way', ...told },
  { type: 'notice', notice },
]

test('[DISP-5] outcomes and notices reach all sockets of that person, and nobody else', () => {
  const inbox = InboxBench.with('ann', 'bob')
  inbox.connects('ann', 'second')
  inbox.isRead([], [])
  inbox.listensAfresh()
  tellBoth(inbox, 'ann')
  expect(inbox.heard('ann')).toEqual(both)
  expect(inbox.heard('second')).toEqual(both)
  expect(inbox.heard('bob')).toEqual([])
})

test('[DISP-5] they reach a person whose shard slept in between', () => {
  const inbox = InboxBench.with('ann')
  inbox.sleeps()
  inbox.listensAfresh()
  tellBoth(inbox, 'ann')
  expect(inbox.heard('ann')).toEqual(both)
})

test('[DISP-5] nothing is told before the greeting, and nothing is kept for it', () => {
  const inbox = new InboxBench()
  inbox.connects('ann')
  tellBoth(inbox, 'ann')
  tellBoth(inbox, 'nobody')
  expect(inbox.heard('ann')).toEqual([])
  inbox.isRead([], [])
  expect(inbox.heard('ann')).toMatchObject([{ type: 'inbox_welcome' }])
})
