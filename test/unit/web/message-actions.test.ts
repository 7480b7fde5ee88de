import { expect, test } from 'vitest'
import { en } from '../../../web/src/i18n/en.ts'
import { fileKind } from '../../../web/src/room/file-kind.ts'
import { messageActionsOf } from '../../../web/src/room/message-actions.ts'
import { reactionPeople } from '../../../web/src/room/reaction-people.ts'
import { toggleReaction } from '../../../web/src/room/toggle-reaction.ts'
import { fromWallClock, toWallClock } from '../../../web/src/time.ts'
import { aMessage, at } from './builders.ts'

const me = 'alice@muster.test'
const all = { can_answer: true, can_edit: true, can_delete: true }
const none = { can_answer: false, can_edit: false, can_delete: false }
const pin = { pinned_by: me, pinned_at: at, event_at: at }
const reactions = [{ emoji: '👍', count: 1, user_ids: [me], first_revision: 3 }]

const actions = (overrides: Partial<Parameters<typeof messageActionsOf>[0]>) =>
  messageActionsOf({
    message: aMessage(1),
    access: all,
    status: undefined,
    has_text: true,
    ...overrides,
  })

test('[WEB-3] an own new message offers all but what it has no use for', () => {
  expect(actions({})).toEqual(['reply', 'copy_text', 'copy_link', 'edit', 'pin', 'delete'])
})

test('[WEB-3] reactions, edits and pins bring their own ways', () => {
  const message = aMessage(1, { edited_at: at, pin, reactions })
  expect(actions({ message })).toEqual([
    'reply',
    'copy_text',
    'copy_link',
    'show_reactions',
    'edit',
    'show_history',
    'correct_time',
    'unpin',
    'delete',
  ])
})

test('[SEC-2] who may only read copies, and sees who reacted and what was said before', () => {
  const message = aMessage(1, { edited_at: at, pin, reactions })
  expect(actions({ message, access: none })).toEqual([
    'copy_text',
    'copy_link',
    'show_reactions',
    'show_history',
  ])
})

test('[MSG-8] nothing is offered of what was deleted', () => {
  expect(actions({ message: aMessage(1, { deleted_at: at }) })).toEqual([])
})

test('[WEB-3] an unsent message can be sent again or left', () => {
  const unsent = { message: undefined, access: undefined }
  expect(actions({ ...unsent, status: { kind: 'failed', code: 'forbidden' } })).toEqual([
    'retry',
    'copy_text',
    'discard',
  ])
  expect(actions({ ...unsent, status: { kind: 'pending' }, has_text: false })).toEqual([])
})

const people = (user_ids: string[], count = user_ids.length, named_max_count = 2) =>
  reactionPeople({
    reaction: { emoji: '👍', count, user_ids, first_revision: 1 },
    own_user_id: me,
    nameOf: (user_id) => user_id.toUpperCase(),
    named_max_count,
    t: en,
    language: 'en',
  })

test.each([
  [['a'], undefined, 'A'],
  [['a', me], undefined, 'You and A'],
  [['a', me, 'b'], undefined, 'You, A, and B'],
  [['a', me, 'b', 'c'], undefined, 'You, A, and 2 others'],
  [['a', 'b'], 40, 'A, B, and 38 others'],
])('[WEB-3] who reacted: %j of %s', (user_ids, count, expected) => {
  expect(people(user_ids, count)).toBe(expected)
})

test("[MSG-9] a press gives, or takes back one's own", () => {
  const message = aMessage(1, { reactions })
  expect(toggleReaction(message, '👍', me).type).toBe('remove_reaction')
  expect(toggleReaction(message, '👍', 'bob@muster.test').type).toBe('add_reaction')
  expect(toggleReaction(message, '🎉', me).type).toBe('add_reaction')
})

test('[WEB-2] a time is entered as Taipei has it, in any zone, also around midnight', () => {
  const at_ms = Date.parse('2026-11-22T16:30:05.000Z')
  expect(toWallClock(at_ms)).toBe('2026-11-23T00:30:05')
  expect(fromWallClock('2026-11-23T00:30:05')).toBe(at_ms)
  expect(fromWallClock('2026-11-23T00:30')).toBe(Date.parse('2026-11-22T16:30:00.000Z'))
  expect(fromWallClock('')).toBeUndefined()
  expect(fromWallClock('2026-11-23T')).toBeUndefined()
})

test.each([
  ['image/heic', 'image'],
  ['video/mp4', 'video'],
  ['text/csv', 'table'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'table'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'text'],
  ['application/pdf', 'text'],
  ['application/zip', 'archive'],
  ['application/octet-stream', 'other'],
])('[API-5] %s is shown as %s', (content_type, kind) => {
  expect(fileKind(content_type)).toBe(kind)
})
