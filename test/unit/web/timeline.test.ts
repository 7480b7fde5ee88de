import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  applyRevision,
  emptyTimeline,
  fromSnapshot,
  hasOlder,
  keepNewest,
  mergeMessages,
  missingBefore,
  startAt,
} from '../../../web/src/sync/timeline.ts'
import { aMessage, aRoom, messages } from './builders.ts'

const numbers = (timeline: { messages: readonly { sequence_number: number }[] }) =>
  timeline.messages.map((message) => message.sequence_number)

const started = startAt(emptyTimeline, { last_revision: 11, last_sequence: 10 })

test('[SEQ-6] shows sequence order, whatever order pages and frames come in', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(messages(1, 10), { minLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 10 })),
      (shuffled, repeated) => {
        const page = [...shuffled, ...repeated.map((n) => aMessage(n))]
        expect(numbers(mergeMessages(started, page))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      },
    ),
  )
})

test('[WEB-11] the next revision is applied, an old one is known, a later one is a gap', () => {
  const applied = applyRevision(started, 12, aMessage(11))
  expect(applied).toMatchObject({ kind: 'applied', timeline: { last_revision: 12 } })
  expect(applyRevision(started, 11, aMessage(10))).toEqual({ kind: 'known' })
  expect(applyRevision(started, 13, aMessage(12))).toEqual({ kind: 'gap' })
})

test('[WEB-11] a revision without a message moves the position too', () => {
  expect(applyRevision(started, 12, undefined)).toMatchObject({ timeline: { last_revision: 12 } })
})

test('[WEB-11] nothing is applied before the position is known', () => {
  expect(applyRevision(emptyTimeline, 1, aMessage(1))).toEqual({ kind: 'gap' })
})

test('[CONN-5] of two forms of one message the later revision stays', () => {
  const later = aMessage(5, { revision: 20, content: 'edited' })
  const earlier = aMessage(5)
  expect(mergeMessages(mergeMessages(started, [later]), [earlier]).messages).toEqual([later])
  expect(mergeMessages(mergeMessages(started, [earlier]), [later]).messages).toEqual([later])
})

test('[CONN-5] a snapshot replaces all', () => {
  const before = mergeMessages(started, messages(1, 10))
  const room = aRoom({ last_sequence: 900 })
  const after = fromSnapshot({ revision: 1000, room, messages: messages(851, 900).toReversed() })
  expect(before.messages).toHaveLength(10)
  expect(numbers(after)[0]).toBe(851)
  expect(after).toMatchObject({ last_revision: 1000, last_sequence: 900 })
})

test('[WEB-3] there is older history until message 1 is held', () => {
  expect(hasOlder(startAt(emptyTimeline, { last_revision: 1, last_sequence: 0 }))).toBe(false)
  expect(hasOlder(started)).toBe(true)
  expect(hasOlder(mergeMessages(started, messages(2, 10)))).toBe(true)
  expect(hasOlder(mergeMessages(started, messages(1, 10)))).toBe(false)
})

test('[WEB-11] a hole is found, wherever it is', () => {
  expect(missingBefore(started)).toBe(11)
  expect(missingBefore(mergeMessages(started, messages(6, 10)))).toBeUndefined()
  expect(missingBefore(mergeMessages(started, messages(6, 8)))).toBe(11)
  expect(missingBefore(mergeMessages(started, [...messages(3, 5), ...messages(9, 10)]))).toBe(9)
})

test('[LIM-4] far history is let go of, and known to be there', () => {
  const kept = keepNewest(mergeMessages(started, messages(1, 10)), 4)
  expect(numbers(kept)).toEqual([7, 8, 9, 10])
  expect(hasOlder(kept)).toBe(true)
  expect(missingBefore(kept)).toBeUndefined()
})
