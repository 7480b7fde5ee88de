import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import { applyMessageChange } from '../../../web/src/sync/message-changes.ts'
import { aMessage, at } from './builders.ts'
import { FakeRecord, anAct, type Act } from './record.ts'

const done = { actor_id: 'bob@muster.test', timestamp: at, message_id: 'message-1' }
const reaction = (
  type: 'reaction_added' | 'reaction_removed',
  revision: number,
  rest: { user_id: string; count: number; first_revision: number | null; emoji?: string },
): MessageChange => ({ type, revision, ...done, emoji: '👍', ...rest })

test('[MSG-7] an edit brings words, mentions and when', () => {
  const edited = applyMessageChange(aMessage(1), {
    type: 'message_edited',
    revision: 9,
    ...done,
    content: 'better',
    mentions: ['alice@muster.test'],
    edited_at: at,
  })
  expect(edited).toEqual(
    aMessage(1, {
      content: 'better',
      mentions: ['alice@muster.test'],
      edited_at: at,
      changed_revision: 9,
    }),
  )
})

test('[MSG-8] a deleted message keeps its place and nothing of what it said', () => {
  const before = aMessage(1, {
    message_type: 'image_ref',
    file_id: 'file-1',
    file_url: '/api/files/file-1',
    mentions: ['alice@muster.test'],
    pin: { pinned_by: 'bob@muster.test', pinned_at: at, event_at: at },
    reactions: [{ emoji: '👍', count: 1, user_ids: ['bob@muster.test'], first_revision: 3 }],
    changed_revision: 4,
  })
  const gone = { deleted_at: at, deleted_by: 'bob@muster.test' }
  const after = applyMessageChange(before, {
    type: 'message_deleted',
    revision: 9,
    ...done,
    ...gone,
  })
  expect(after).toEqual(
    aMessage(1, { message_type: 'image_ref', content: '', ...gone, changed_revision: 9 }),
  )
  const late = reaction('reaction_added', 10, { user_id: 'a', count: 1, first_revision: 10 })
  expect(applyMessageChange(after, late).reactions).toEqual([])
})

test('[MSG-9] people stand in the order of reacting, groups in the order of their first', () => {
  const changes = [
    reaction('reaction_added', 3, { user_id: 'a', count: 1, first_revision: 3 }),
    reaction('reaction_added', 4, { user_id: 'b', count: 1, first_revision: 4, emoji: '🎉' }),
    reaction('reaction_added', 5, { user_id: 'b', count: 2, first_revision: 3 }),
    reaction('reaction_removed', 6, { user_id: 'a', count: 1, first_revision: 5 }),
    reaction('reaction_added', 7, { user_id: 'a', count: 2, first_revision: 5 }),
  ]
  expect(changes.reduce(applyMessageChange, aMessage(1)).reactions).toEqual([
    { emoji: '🎉', count: 1, user_ids: ['b'], first_revision: 4 },
    { emoji: '👍', count: 2, user_ids: ['b', 'a'], first_revision: 5 },
  ])
})

test('[MSG-9] the last one who takes back takes the group away', () => {
  const changes = [
    reaction('reaction_added', 3, { user_id: 'a', count: 1, first_revision: 3 }),
    reaction('reaction_removed', 4, { user_id: 'a', count: 0, first_revision: null }),
  ]
  expect(changes.reduce(applyMessageChange, aMessage(1)).reactions).toEqual([])
})

test('[MSG-11] a pin comes, is corrected, and goes', () => {
  const pin = { pinned_by: 'bob@muster.test', pinned_at: at, event_at: at }
  const corrected = { ...pin, event_at: '2026-11-21T23:00:00.000Z' }
  const pinned = applyMessageChange(aMessage(1), {
    type: 'message_pinned',
    revision: 3,
    ...done,
    pin,
  })
  const again = applyMessageChange(pinned, {
    type: 'message_pinned',
    revision: 4,
    ...done,
    pin: corrected,
  })
  const gone = applyMessageChange(again, { type: 'message_unpinned', revision: 5, ...done })
  expect([pinned.pin, again.pin, gone.pin]).toEqual([pin, corrected, null])
})

test('[CONN-5] a change of another message, or one that is in already, leaves it as it is', () => {
  const message = aMessage(1, { changed_revision: 9 })
  const change = reaction('reaction_added', 9, { user_id: 'a', count: 1, first_revision: 9 })
  expect(applyMessageChange(message, change)).toBe(message)
  const foreign = { ...change, revision: 10, message_id: 'message-2' }
  expect(applyMessageChange(message, foreign)).toBe(message)
})

test('[CONN-5] from any form of a message, any replay leads to the same message', () => {
  const acts = fc.array(anAct, { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(acts, fc.nat(), fc.nat(), (todo: Act[], form, start) => {
      const record = new FakeRecord()
      record.say()
      const forms: Message[] = [...record.messages]
      for (const act of todo) {
        record.do(act.act === 'say' ? act : { ...act, nth: 0 })
        forms.push(...record.messages.slice(0, 1))
      }
      const held = forms[form % forms.length] as Message
      // Whatever is replayed starts no later than what the form lacks.
      const from = start % (held.changed_revision + 1)
      const applied = record
        .since(from)
        .filter((change): change is MessageChange => 'message_id' in change)
        .reduce(applyMessageChange, held)
      expect(applied).toEqual(record.messages[0])
    }),
  )
})
