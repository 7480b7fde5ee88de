/** What a shard makes of a room's news, and when it would rather read (INBOX-1). */
import { describe, expect, test } from 'vitest'
import { isInterested } from '../../../../src/domain/inbox/hearing.ts'
import { UNREAD_MAX_COUNT } from '../../../../src/protocol/limits.ts'
import { facts, InboxBench, mentioned, news, part, said } from './inbox-builder.ts'

const lastActivity = (inbox: InboxBench, socket: string) => inbox.heardOf(socket, 'activity').at(-1)

describe('counting', () => {
  test('[INBOX-1] each has their own counts; own messages and notices are not unread', () => {
    const inbox = InboxBench.with('ann', 'bob')
    const three = [said(21), said(22, { sender_id: 'bob' }), said(23, { is_notice: true })]
    inbox.hears(news(20, 23, { said: three }))
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: 2, last_sequence: 13 })
    expect(lastActivity(inbox, 'bob')).toMatchObject({ unread_count: 1, last_sequence: 13 })
    expect(inbox.asked('read_parts')).toEqual([])
  })

  test('[INBOX-1] the same news again, or part of it earlier, counts once', () => {
    const inbox = InboxBench.with('ann')
    inbox.hears(news(20, 22, { whole: false }))
    expect(inbox.heardOf('ann', 'activity')).toEqual([])
    inbox.hears(news(20, 24))
    inbox.hears(news(20, 24))
    expect(inbox.heardOf('ann', 'activity')).toMatchObject([{ unread_count: 4, last_sequence: 14 }])
  })

  test('[INBOX-1] a mention is told at once with counts that include it, and once', () => {
    const inbox = InboxBench.with('ann', 'bob')
    const mention = { mentioned: [mentioned(22, 'bob')] }
    inbox.hears(news(20, 22, { ...mention, whole: false }))
    expect(inbox.heardOf('bob', 'mention')).toMatchObject([
      { sequence_number: 12, unread_count: 2, mention_count: 1, preview: 'look' },
    ])
    expect(inbox.heard('ann')).toEqual([])
    inbox.hears(news(20, 22, mention))
    expect(inbox.heardOf('bob', 'mention')).toHaveLength(1)
    expect(lastActivity(inbox, 'ann')).toMatchObject({ mention_count: 0, unread_count: 2 })
  })

  test('[INBOX-2] counts stop at the same place as the database’s', () => {
    const inbox = InboxBench.with('ann')
    const many = UNREAD_MAX_COUNT + 50
    inbox.hears(news(20, 20 + many))
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: UNREAD_MAX_COUNT })
  })
})

describe('what does not fit', () => {
  test('[INBOX-1] [SEC-2] after a gap nothing is told before the parts are read, all in one', () => {
    const inbox = InboxBench.with('ann', 'bob')
    inbox.hears(news(22, 23))
    expect(inbox.heard('ann')).toEqual([])
    expect(inbox.asked('read_parts')).toMatchObject([
      {
        pairs: [
          ['room', 'ann'],
          ['room', 'bob'],
        ],
      },
    ])
    const now = facts({ revision: 23, last_sequence: 13 })
    inbox.partsAreRead([now], [part('ann', { unread_count: 3 })])
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: 3, last_sequence: 13 })
    // Bob is no member any more, and is told that alone.
    expect(inbox.heard('bob')).toEqual([{ type: 'room_removed', room_id: 'room' }])
    inbox.hears(news(23, 24))
    expect(inbox.heard('bob')).toHaveLength(1)
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: 4 })
  })

  test('[INBOX-1] a mention that the read counted already is told when the room tells it', () => {
    const inbox = InboxBench.with('ann', 'bob')
    inbox.hears(news(22, 23))
    const now = facts({ revision: 25, last_sequence: 15 })
    const [ann, bob] = [part('ann'), part('bob', { unread_count: 5, mention_count: 1 })]
    inbox.partsAreRead([now], [ann, bob])
    expect(inbox.heardOf('bob', 'mention')).toEqual([])
    const mention = { mentioned: [mentioned(25, 'bob')] }
    inbox.hears(news(23, 25, { ...mention, whole: false }))
    inbox.hears(news(23, 25, mention))
    expect(inbox.heardOf('bob', 'mention')).toMatchObject([
      { sequence_number: 15, unread_count: 5, mention_count: 1 },
    ])
    expect(inbox.heardOf('ann', 'mention')).toEqual([])
  })

  test('[INBOX-1] a read that is older than what was heard meanwhile is made again', () => {
    const inbox = InboxBench.with('ann')
    inbox.hears(news(22, 23))
    inbox.hears(news(23, 25))
    inbox.partsAreRead([facts({ revision: 23 })], [part('ann', { unread_count: 3 })])
    expect(inbox.heard('ann')).toEqual([])
    expect(inbox.asked('read_parts')).toHaveLength(2)
    inbox.partsAreRead([facts({ revision: 25 })], [part('ann', { unread_count: 5 })])
    expect(inbox.heardOf('ann', 'activity')).toMatchObject([{ unread_count: 5 }])
  })

  test('[INBOX-1] a read that is newer than the news: the news counts no more', () => {
    const inbox = InboxBench.with('ann')
    inbox.hears(news(22, 23))
    const ahead = facts({ revision: 26, last_sequence: 16 })
    inbox.partsAreRead([ahead], [part('ann', { unread_count: 6 })])
    inbox.hears(news(23, 26))
    inbox.hears(news(26, 27))
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: 7, last_sequence: 17 })
  })

  test('[INBOX-1] messages that were changed: the counts are read again', () => {
    const inbox = InboxBench.with('ann')
    inbox.hears(news(20, 21, { said: [], recount: true }))
    expect(inbox.asked('read_parts')).toHaveLength(1)
    inbox.partsAreRead([facts({ revision: 21 })], [part('ann')])
    inbox.hears(news(20, 21, { said: [], recount: true }))
    expect(inbox.asked('read_parts')).toHaveLength(1)
  })

  test('[INBOX-1] a mention during the read is told when it is there', () => {
    const inbox = InboxBench.with('ann')
    inbox.hears(news(22, 23, { mentioned: [mentioned(23, 'ann')] }))
    expect(inbox.heard('ann')).toEqual([])
    const counts = { unread_count: 3, mention_count: 1 }
    inbox.partsAreRead([facts({ revision: 23 })], [part('ann', counts)])
    expect(inbox.heardOf('ann', 'mention')).toMatchObject([{ sequence_number: 13, ...counts }])
  })

  test('[INBOX-1] a mention that was told is not told again where the part is read once more', () => {
    const inbox = InboxBench.with('ann')
    const mention = { mentioned: [mentioned(21, 'ann')] }
    inbox.hears(news(20, 21, { ...mention, whole: false }))
    expect(inbox.heardOf('ann', 'mention')).toHaveLength(1)
    // The whole of the window: an edit came after the mention.
    inbox.hears(news(20, 22, { ...mention, recount: true }))
    const counts = { unread_count: 1, mention_count: 1 }
    inbox.partsAreRead([facts({ revision: 22 })], [part('ann', counts)])
    expect(inbox.heardOf('ann', 'mention')).toHaveLength(1)
    // Control: one that came with the edit is.
    const another = { mentioned: [mentioned(23, 'ann')] }
    inbox.hears(news(22, 23, { ...another, recount: true, whole: false }))
    inbox.partsAreRead([facts({ revision: 23 })], [part('ann', { ...counts, mention_count: 2 })])
    expect(inbox.heardOf('ann', 'mention').slice(1)).toMatchObject([{ mention_count: 2 }])
  })

  test('[INBOX-1] where the database is away it is asked again, and nothing is told meanwhile', () => {
    const inbox = InboxBench.with('ann')
    inbox.hears(news(22, 23))
    const asked = inbox.asked('read_parts')[0]?.pairs ?? []
    inbox.give({ type: 'parts_read', asked, rows: undefined })
    expect(inbox.asked('read_parts')).toHaveLength(1)
    inbox.passes(1_000)
    expect(inbox.asked('read_parts')).toHaveLength(2)
    expect(inbox.heard('ann')).toEqual([])
  })
})

/** Ann was removed. */
const removed = (revision: number) => ({
  said: [],
  members: [{ revision, user_id: 'ann', role: null }],
})

describe('coming and going', () => {
  test('[INBOX-1] [SEC-2] who is removed is told so, and hears nothing more', () => {
    const inbox = InboxBench.with('ann', 'bob')
    inbox.hears(news(20, 21, removed(21)))
    inbox.hears(news(21, 22, { mentioned: [mentioned(22, 'ann')] }))
    expect(inbox.heard('ann')).toEqual([{ type: 'room_removed', room_id: 'room' }])
    expect(lastActivity(inbox, 'bob')).toMatchObject({ unread_count: 1 })
  })

  test('[INBOX-1] who is added is told of the room once it is read, and the room is watched', () => {
    const inbox = new InboxBench()
    inbox.connects('ann')
    inbox.isRead([], [])
    const added = { said: [], members: [{ revision: 21, user_id: 'ann', role: 'viewer' as const }] }
    inbox.hears(news(20, 21, added))
    inbox.partsAreRead([facts({ revision: 21 })], [part('ann', { my_role: 'viewer' })])
    expect(inbox.heardOf('ann', 'room_added')).toMatchObject([
      { room: { room_id: 'room', my_role: 'viewer', unread_count: 0 } },
    ])
    expect(inbox.asked('watch')).toEqual([{ type: 'watch', room_id: 'room' }])
  })

  test('[SEC-2] removed while the part is read after a wake: told so, and the late answer is nothing', () => {
    const inbox = InboxBench.with('ann')
    inbox.sleeps()
    inbox.hears(news(20, 21))
    inbox.hears(news(21, 22, removed(22)))
    inbox.partsAreRead([facts({ revision: 22 })], [part('ann')])
    expect(inbox.heard('ann')).toEqual([{ type: 'room_removed', room_id: 'room' }])
  })

  test('[SEC-2] removed while the greeting is read: it is read again', () => {
    const inbox = new InboxBench()
    inbox.connects('ann')
    inbox.hears(news(20, 21, removed(21)))
    inbox.isRead([facts()], [part('ann')])
    expect(inbox.heard('ann')).toEqual([])
    inbox.isRead([], [])
    expect(inbox.heardOf('ann', 'inbox_welcome')).toMatchObject([{ rooms: [] }])
  })

  test('[INBOX-1] another role and another status are told', () => {
    const inbox = InboxBench.with('ann')
    const members = [{ revision: 21, user_id: 'ann', role: 'viewer' as const }]
    inbox.hears(news(20, 21, { said: [], members, status: 'resolved' }))
    const changes = inbox.heardOf('ann', 'room_changed').map((frame) => frame.changes)
    expect(Object.assign({}, ...changes)).toMatchObject({ my_role: 'viewer', status: 'resolved' })
  })
})

describe('interest and wakes', () => {
  test('[INBOX-1] news of a room nobody here is in finds no interest, nor where nobody is left', () => {
    const inbox = InboxBench.with('ann')
    expect(isInterested(inbox.state, news(20, 21))).toBe(true)
    expect(isInterested(inbox.state, news(20, 21, { room_id: 'other' }))).toBe(false)
    inbox.give({ type: 'closed', socket: 'ann' })
    expect(isInterested(inbox.state, news(20, 21))).toBe(false)
    inbox.hears(news(20, 21))
    expect(inbox.asked('keep_watch')).toMatchObject([{ room_id: 'room', isWatched: false }])
  })

  test('[INBOX-1] after a wake the first news of a room reads everybody’s part in it, once', () => {
    const inbox = InboxBench.with('ann', 'bob')
    inbox.sleeps()
    inbox.hears(news(20, 21))
    inbox.hears(news(21, 22))
    expect(inbox.asked('read_parts')).toHaveLength(1)
    const now = facts({ revision: 22, last_sequence: 12 })
    inbox.partsAreRead([now], [part('ann', { unread_count: 2 })])
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: 2 })
    expect(inbox.heard('bob')).toEqual([])
    inbox.hears(news(22, 23))
    expect(lastActivity(inbox, 'ann')).toMatchObject({ unread_count: 3 })
    expect(inbox.asked('read_parts')).toHaveLength(1)
  })

  test('[INBOX-1] a watch that comes after changes: the parts are read again; otherwise not', () => {
    const inbox = new InboxBench()
    inbox.connects('ann')
    inbox.isRead([facts()], [part('ann')])
    inbox.give({ type: 'watch_answered', room_id: 'room', answer: { revision: 20 } })
    expect(inbox.asked('read_parts')).toEqual([])
    const late = new InboxBench()
    late.connects('ann')
    late.isRead([facts()], [part('ann')])
    late.give({ type: 'watch_answered', room_id: 'room', answer: { revision: 21 } })
    expect(late.asked('read_parts')).toHaveLength(1)
  })

  test('[INBOX-1] a room that did not answer is asked to tell its news again', () => {
    const inbox = new InboxBench()
    inbox.connects('ann')
    inbox.isRead([facts()], [part('ann')])
    inbox.give({ type: 'watch_answered', room_id: 'room', answer: undefined })
    inbox.passes(1_000)
    expect(inbox.asked('watch')).toHaveLength(2)
  })

  test('[INBOX-1] a shard that dies while it owes an answer greets everybody anew, by itself', () => {
    const inbox = InboxBench.with('ann', 'bob')
    inbox.hears(news(22, 23))
    inbox.listensAfresh()
    inbox.sleeps()
    inbox.passes(2_000)
    expect(inbox.asked('read_inboxes')).toMatchObject([{ user_ids: ['ann', 'bob'] }])
    const now = facts({ revision: 23 })
    inbox.isRead([now], [part('ann', { unread_count: 3 }), part('bob')])
    expect(inbox.heardOf('ann', 'inbox_welcome')).toMatchObject([{ rooms: [{ unread_count: 3 }] }])
  })

  test('[INBOX-1] control: a quiet shard that wakes for its heartbeat reads nothing', () => {
    const inbox = InboxBench.with('ann')
    inbox.sleeps()
    inbox.passes(35_000)
    expect(inbox.heardOf('ann', 'ping')).toHaveLength(1)
    expect(inbox.asked('read_inboxes')).toEqual([])
    expect(inbox.asked('read_parts')).toEqual([])
  })
})
