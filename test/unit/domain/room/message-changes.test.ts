/** Changes of messages in the room: who may ask, who is told, and what is never told again. */
import { describe, expect, test } from 'vitest'
import type { Change } from '../../../../src/protocol/change.ts'
import type { UpFrame } from '../../../../src/protocol/up.ts'
import {
  aMember,
  aMessage,
  aSnapshot,
  committed,
  messageChange,
  RoomBench,
  someDetails,
  someMembers,
  uuid,
} from './room-builder.ts'

const message_id = aMessage(2).message_id
const done = (revision: number) => ({
  revision,
  message_id,
  actor_id: 'ann',
  timestamp: '2026-01-01T00:01:00.000Z',
})

const deleted = (revision: number): Change => ({
  type: 'message_deleted',
  ...done(revision),
  deleted_at: '2026-01-01T00:01:00.000Z',
  deleted_by: 'ann',
})

const edited = (revision: number, content: string): Change => ({
  type: 'message_edited',
  ...done(revision),
  content,
  mentions: [],
  edited_at: '2026-01-01T00:01:00.000Z',
})

/** At revision 3: a secret was said and edited. */
const roomWithASecret = (settings = {}, remembered = 2): RoomBench =>
  RoomBench.known(
    settings,
    aSnapshot({
      details: someDetails({ last_sequence: 1, last_revision: 3 }),
      recent: [messageChange(2, { content: 'secret' }), edited(3, 'more secret')].slice(
        2 - remembered,
      ),
    }),
  )

const frames: UpFrame[] = [
  { type: 'edit_message', message_id, content: 'better', ref: 'r' },
  { type: 'delete_message', message_id, ref: 'r' },
  { type: 'add_reaction', message_id, emoji: '👍', ref: 'r' },
  { type: 'remove_reaction', message_id, emoji: '👍', ref: 'r' },
  { type: 'pin_message', message_id, event_at: '2026-01-01T00:00:00Z', ref: 'r' },
  { type: 'unpin_message', message_id, ref: 'r' },
]

const kindOf = {
  edit_message: 'message_edited',
  delete_message: 'message_deleted',
  add_reaction: 'reaction_added',
  remove_reaction: 'reaction_removed',
  pin_message: 'message_pinned',
  unpin_message: 'message_unpinned',
} as Record<string, string>

describe.each(frames)('$type', (frame) => {
  test('[MSG-7] [MSG-8] [MSG-9] [MSG-11] waits in the same FIFO, is acked, then told to all', () => {
    const room = roomWithASecret()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.listensAfresh()
    room.says(ann, 'first')
    room.sends(ann, frame)
    room.writes()
    expect(room.commit().items).toMatchObject([
      { kind: kindOf[frame.type], actor_id: 'ann', message_id },
    ])
    expect(room.heardOf(ann, 'change_ack')).toEqual([])
    const change = { ...deleted(5) }
    room.answers({ kind: 'answered', results: [{ status: 'changed' }], changes: [change] })
    expect(room.heard(ann).at(-2)).toEqual({
      type: 'change_ack',
      message_id,
      status: 'changed',
      ref: 'r',
    })
    for (const socket of [ann, bob]) expect(room.heard(socket).at(-1)).toEqual(change)
  })

  test('[MSG-1] a viewer is refused at once, with the reference', () => {
    const room = roomWithASecret()
    const eve = room.joins('eve')
    room.sends(eve, frame)
    expect(room.heard(eve).at(-1)).toMatchObject({ type: 'error', code: 'forbidden', ref: 'r' })
    expect(room.asked('commit')).toEqual([])
  })

  test('what the database refuses, and what was so already, is told to the asker alone', () => {
    const room = roomWithASecret()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.listensAfresh()
    room.sends(ann, frame)
    const refused = { status: 'refused', code: 'too_late', message: 'over' } as const
    room.answers({ kind: 'answered', results: [refused], changes: [] })
    expect(room.heard(ann)).toEqual([
      { type: 'error', code: 'too_late', message: 'over', ref: 'r' },
    ])
    room.sends(ann, frame)
    room.answers({ kind: 'answered', results: [{ status: 'unchanged' }], changes: [] })
    expect(room.heard(ann).at(-1)).toMatchObject({ type: 'change_ack', status: 'unchanged' })
    expect(room.heard(bob)).toEqual([])
  })
})

const textOf = (room: RoomBench, socket: string): string => JSON.stringify(room.heard(socket))

describe('[MSG-8] what was deleted is never sent again', () => {
  test('not to one who resumes from what the room remembers', () => {
    const room = roomWithASecret()
    const control = room.joins('bob', { since_revision: 1 })
    expect(textOf(room, control)).toContain('secret')
    room.hears(deleted(4))
    const bob = room.joins('bob', { since_revision: 1 })
    expect(textOf(room, bob)).not.toContain('secret')
    expect(room.revisions(bob)).toEqual([2, 3, 4])
    expect(room.heardOf(bob, 'message')[0]?.message).toMatchObject({
      content: '',
      // The changes that follow make it what it is now.
      changed_revision: 2,
    })
  })

  test('not to one who resumed before the deletion, and hears of it after the read came back', () => {
    const room = roomWithASecret({}, 0)
    const bob = room.joins('bob', { since_revision: 1 })
    expect(room.asked('read_changes')).toMatchObject([{ after: 1, upto: 3 }])
    room.hears(deleted(4))
    room.give({
      type: 'changes_read',
      purpose: 'replay',
      chance: 0,
      result: {
        ok: true,
        changes: [messageChange(2, { content: 'secret' }), edited(3, 'more secret')],
        last_sequence: 1,
        last_revision: 3,
      },
    })
    expect(room.revisions(bob)).toEqual([2, 3, 4])
    expect(textOf(room, bob)).not.toContain('secret')
  })

  test('not in a snapshot that was read before it', () => {
    const room = roomWithASecret({ resume_max_changes: 1 }, 0)
    const bob = room.joins('bob', { since_revision: 1 })
    room.hears(deleted(4))
    const messages = [aMessage(2, { content: 'secret' })]
    room.give({ type: 'messages_read', socket: bob, upto: 3, messages })
    expect(room.heardOf(bob, 'snapshot')).toHaveLength(1)
    expect(textOf(room, bob)).not.toContain('secret')
  })

  test('not to one for whom it was held back', () => {
    const room = roomWithASecret()
    const bob = room.joins('bob', { stays_greeting: true })
    room.hears({ ...edited(4, 'secret of the moment') })
    room.hears(deleted(5))
    room.sends(bob, { type: 'pong' })
    expect(room.revisions(bob)).toEqual([4, 5])
    expect(textOf(room, bob)).not.toContain('secret')
  })

  test('not even where it was said and deleted in one call', () => {
    const room = roomWithASecret()
    const ann = room.joins('ann')
    const bob = room.joins('bob')
    room.says(ann, 'first')
    room.says(ann, 'secret of the call', { client_message_id: 'c' })
    room.writes()
    const said = room.commit().items[0]
    if (said?.kind !== 'message') throw new Error('no message')
    const change = { ...deleted(6), message_id: said.change_id }
    room.answers({ kind: 'answered', results: [committed(5)], changes: [change] })
    expect(room.heardOf(ann, 'ack')).toHaveLength(2)
    expect(room.revisions(bob)).toEqual([4, 5, 6])
    expect(textOf(room, bob)).not.toContain('secret of the call')
  })
})

describe('[MSG-10] mentions', () => {
  const members = [...someMembers(), aMember('mei', { display_name: '陳美' })]

  test('the server finds them in the text, and tells which name is nobody’s', () => {
    const room = RoomBench.known({}, aSnapshot({ members }))
    const ann = room.joins('ann')
    room.says(ann, '請@陳美看 @Nobody', { mentions: ['stranger'] })
    expect(room.committedItems()).toMatchObject([{ mentions: ['mei', 'stranger'] }])
    room.answers({ kind: 'answered', results: [committed(2, { mentions: ['mei'] })], changes: [] })
    expect(room.heardOf(ann, 'ack')).toMatchObject([{ dropped_mentions: ['stranger', '@Nobody'] }])
    expect(room.heardOf(ann, 'message')[0]?.message.mentions).toEqual(['mei'])
  })

  test('who joined is found from then on, who was removed no longer', () => {
    const room = RoomBench.known({}, aSnapshot({ members }))
    const ann = room.joins('ann')
    room.says(ann, '@陳美 one')
    room.writes()
    const by = { type: 'system', timestamp: '2026-01-01T00:00:00.000Z', actor_id: 'olga' } as const
    room.hears({ ...by, revision: 3, event: 'member_removed', user_id: 'mei' })
    room.says(ann, '@陳美 two')
    expect(room.committedItems()).toMatchObject([{ mentions: [] }])
    room.writes()
    const member = aMember('lin', { display_name: '陳美' })
    room.hears({ ...by, revision: 5, event: 'member_added', member })
    room.says(ann, '@陳美 three')
    expect(room.committedItems()).toMatchObject([{ mentions: ['lin'] }])
  })

  test('@here is who is online now, also over REST', () => {
    const room = RoomBench.known({}, aSnapshot({ members }))
    room.joins('ann')
    room.joins('bob')
    room.give({
      type: 'submitted',
      request: 'r',
      is_admin: false,
      item: {
        ...{ kind: 'message', change_id: uuid(7), actor_id: 'ann', client_message_id: 'c' },
        ...{ content: '@here', data: null, message_type: 'text', mentions: [], reply_to: null },
        ...{ file_id: null, search: null },
      } as const,
    })
    expect(room.committedItems()).toMatchObject([{ mentions: ['bob'] }])
  })

  test('[DB-6] a changed display name is known a minute later, without a message waiting for it', () => {
    const room = RoomBench.known({}, aSnapshot({ members }))
    const ann = room.joins('ann')
    room.says(ann, '@陳美 one')
    expect(room.asked('read_names')).toEqual([])
    room.writes()
    room.now += 60_000
    room.says(ann, '@陳玲 two')
    expect(room.asked('read_names')).toHaveLength(1)
    expect(room.committedItems()).toMatchObject([{ mentions: [] }])
    room.writes()
    room.give({ type: 'names_read', names: new Map([['mei', '陳玲']]) })
    room.says(ann, '@陳玲 three')
    expect(room.committedItems()).toMatchObject([{ mentions: ['mei'] }])
    room.writes()
    room.says(ann, '@陳玲 four')
    expect(room.asked('read_names')).toHaveLength(1)
  })

  test('[SEC-2] names that were read say nothing of who is a member', () => {
    const room = RoomBench.known({}, aSnapshot({ members }))
    room.give({ type: 'names_read', names: new Map([['stranger', 'Stranger']]) })
    const ann = room.joins('ann')
    room.says(ann, '@Stranger')
    expect(room.committedItems()).toMatchObject([{ mentions: [] }])
  })
})
