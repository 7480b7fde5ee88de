/** Who is told of what: levels, read marks, quiet hours, own words, bursts. */
import { describe, expect, test } from 'vitest'
import { deliveriesFor } from '../../../../src/domain/push/decide.ts'
import { ben, facts, phone, room_id, said } from './builders.ts'

const now = Date.parse('2026-11-22T10:00:00Z')

const told = (given: ReturnType<typeof facts>, after: number | undefined = 0) =>
  deliveriesFor(given, { room_id, now, afterOf: () => after }).map(({ user_id, payload }) => ({
    user_id,
    type: payload.type,
    number: payload.sequence_number,
    count: payload.count,
  }))

test('[WEB-5] of a burst the newest is shown, with how many there are', () => {
  expect(told(facts())).toEqual([{ user_id: 'ben', type: 'message', number: 3, count: 3 }])
})

test('[WEB-5] of mentions the newest, whatever was said after it', () => {
  const people = [ben({ level: 'mentions', mentioned_in: [1, 2] })]
  expect(told(facts({ people }))).toEqual([
    { user_id: 'ben', type: 'mention', number: 2, count: 2 },
  ])
})

describe('[WEB-5] levels', () => {
  test.each([
    ['all', [], 'message'],
    ['all', [2], 'mention'],
    ['mentions', [2], 'mention'],
    ['mentions', [], undefined],
    ['nothing', [2], undefined],
  ] as const)('%s, mentioned in %j: %s', (level, mentioned_in, type) => {
    expect(told(facts({ people: [ben({ level, mentioned_in })] }))[0]?.type).toBe(type)
  })
})

test('[INBOX-2] what was read is not told', () => {
  expect(told(facts({ people: [ben({ read_sequence: 2 })] }))[0]).toMatchObject({ count: 1 })
  expect(told(facts({ people: [ben({ read_sequence: 3 })] }))).toEqual([])
  const people = [ben({ level: 'mentions', mentioned_in: [1], read_sequence: 1 })]
  expect(told(facts({ people }))).toEqual([])
})

test('[WEB-5] nor what was told before, nor one’s own words', () => {
  expect(told(facts(), 2)).toMatchObject([{ number: 3, count: 1 }])
  expect(told(facts(), 3)).toEqual([])
  const own = [said(1, { sender_id: 'ben' }), said(2), said(3, { sender_id: 'ben' })]
  expect(told(facts({ said: own }))).toMatchObject([{ number: 2, count: 1 }])
})

test('[WEB-5] nor what was said before the browser was theirs', () => {
  const subscriptions = [phone({ since: '2026-11-22T09:00:03.000Z' })]
  expect(told(facts({ people: [ben({ subscriptions })] }))).toMatchObject([{ number: 3, count: 1 }])
})

test('[WEB-5] nor anything in quiet hours', () => {
  const quiet_hours = { start: '09:00', end: '11:00', time_zone: 'UTC' }
  expect(told(facts({ people: [ben({ quiet_hours, mentioned_in: [3] })] }))).toEqual([])
})

test('[WEB-5] nor anything that is not due to this browser', () => {
  const subscriptions = [phone(), phone({ subscription_id: 'tablet' })]
  const due = deliveriesFor(facts({ people: [ben({ subscriptions })] }), {
    ...{ room_id, now },
    afterOf: (id) => (id === 'tablet' ? 0 : undefined),
  })
  expect(due.map(({ subscription }) => subscription.subscription_id)).toEqual(['tablet'])
})
