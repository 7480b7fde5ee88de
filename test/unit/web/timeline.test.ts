import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import {
  UNPLACED_KEPT_COUNT,
  applyRevision,
  emptyTimeline,
  fromSnapshot,
  hasOlder,
  isPageUsable,
  keepNewest,
  mergeMessages,
  missingBefore,
  startAt,
} from '../../../web/src/sync/timeline.ts'
import { aMessage, aMessageFrame, aRoom, at, messages } from './builders.ts'
import { FakeRecord, anAct } from './record.ts'

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
  const applied = applyRevision(started, aMessageFrame(aMessage(11)))
  expect(applied).toMatchObject({ kind: 'applied', timeline: { last_revision: 12 } })
  expect(applyRevision(started, aMessageFrame(aMessage(10)))).toEqual({ kind: 'known' })
  expect(applyRevision(started, aMessageFrame(aMessage(12)))).toEqual({ kind: 'gap' })
})

test('[WEB-11] a revision without a message moves the position too', () => {
  const member_removed = {
    type: 'system',
    event: 'member_removed',
    revision: 12,
    timestamp: at,
    actor_id: 'alice@muster.test',
    user_id: 'bob@muster.test',
  } as const
  expect(applyRevision(started, member_removed)).toMatchObject({ timeline: { last_revision: 12 } })
})

test('[WEB-11] nothing is applied before the position is known', () => {
  expect(applyRevision(emptyTimeline, aMessageFrame(aMessage(1)))).toEqual({ kind: 'gap' })
})

test('[CONN-5] of two forms of one message the later revision stays', () => {
  const later = aMessage(5, { changed_revision: 20, content: 'edited' })
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

const edited = (n: number, revision: number): MessageChange => ({
  type: 'message_edited',
  revision,
  actor_id: 'bob@muster.test',
  timestamp: at,
  message_id: `message-${n}`,
  content: `edited by ${revision}`,
  mentions: [],
  edited_at: at,
})

const apply = (timeline: typeof started, change: Parameters<typeof applyRevision>[1]) => {
  const applied = applyRevision(timeline, change)
  if (applied.kind !== 'applied') throw new Error(applied.kind)
  return applied.timeline
}

test('[MSG-7] a change of a message that is held shows at once', () => {
  const after = apply(mergeMessages(started, messages(1, 10)), edited(4, 12))
  expect(after.messages[3]).toMatchObject({ content: 'edited by 12', changed_revision: 12 })
  expect(after.last_revision).toBe(12)
})

test('[CONN-5] a page read before a change and arriving after it does not undo it', () => {
  const after = mergeMessages(apply(started, edited(4, 12)), messages(1, 10))
  expect(after.messages[3]).toMatchObject({ content: 'edited by 12', changed_revision: 12 })
})

test('[CONN-5] a page already in its newer form takes no change twice', () => {
  const newer = aMessage(4, { content: 'edited by 12', changed_revision: 12 })
  const after = mergeMessages(apply(started, edited(4, 12)), [newer])
  expect(after.messages[0]).toBe(newer)
})

test('[LIM-4] a page older than what is remembered must be asked for again', () => {
  let timeline = started
  for (let n = 0; n < UNPLACED_KEPT_COUNT; n += 1) timeline = apply(timeline, edited(4, 12 + n))
  expect(isPageUsable(timeline, 11)).toBe(true)
  timeline = apply(timeline, edited(4, 12 + UNPLACED_KEPT_COUNT))
  expect(timeline.unplaced).toHaveLength(UNPLACED_KEPT_COUNT)
  expect(isPageUsable(timeline, 11)).toBe(false)
  expect(isPageUsable(timeline, 12)).toBe(true)
})

test('[LIM-4] a page asked for before far history was let go of must be asked for again', () => {
  const asked_revision = 11
  const full = apply(mergeMessages(started, messages(1, 10)), edited(4, 12))
  expect(isPageUsable(full, asked_revision)).toBe(true)
  const kept = keepNewest(full, 4)
  expect(isPageUsable(kept, asked_revision)).toBe(false)
  expect(isPageUsable(kept, 12)).toBe(true)
})

const pageStep = fc.record({
  step: fc.constantFrom('ask' as const, 'answer' as const, 'forget' as const),
  nth: fc.nat(9),
})
const stepOfLife = fc.oneof(
  { weight: 4, arbitrary: anAct },
  { weight: 4, arbitrary: fc.constant({ step: 'hear' as const }) },
  { weight: 3, arbitrary: pageStep },
)

test('[CONN-5] pages and frames in any interleaving end as all changes in order', () => {
  fc.assert(
    fc.property(fc.nat(8), fc.array(stepOfLife, { maxLength: 80 }), (said_count, steps) => {
      const record = new FakeRecord()
      for (let n = 0; n < said_count; n += 1) record.say()
      const { last_revision, last_sequence } = record
      let timeline = startAt(emptyTimeline, { last_revision, last_sequence })
      const hear = () => {
        const next = record.since(timeline.last_revision ?? 0)[0]
        if (next !== undefined) timeline = apply(timeline, next)
        return next !== undefined
      }
      const on_their_way: { asked_revision: number; page: typeof timeline.messages }[] = []
      const answer = (index: number) => {
        const [arrived] = on_their_way.splice(index % Math.max(1, on_their_way.length), 1)
        if (arrived !== undefined && isPageUsable(timeline, arrived.asked_revision))
          timeline = mergeMessages(timeline, arrived.page)
      }
      for (const what of steps) {
        if ('act' in what) record.do(what)
        else if (what.step === 'hear') hear()
        else if (what.step === 'answer') answer(what.nth)
        else if (what.step === 'forget') timeline = keepNewest(timeline, 3)
        else
          on_their_way.push({
            asked_revision: timeline.last_revision ?? 0,
            page: record.messages.slice(what.nth, what.nth + 4),
          })
      }
      while (hear());
      while (on_their_way.length > 0) answer(0)
      for (const message of timeline.messages)
        expect(message).toEqual(record.messages[message.sequence_number - 1])
      timeline = mergeMessages(timeline, record.messages)
      expect(timeline.messages).toEqual(record.messages)
      expect(timeline.last_revision).toBe(record.last_revision)
    }),
    { numRuns: 500 },
  )
})
