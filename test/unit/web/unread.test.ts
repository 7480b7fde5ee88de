import { expect, test } from 'vitest'
import { countAfter, firstUnread } from '../../../web/src/sync/unread.ts'
import { aMessage, at, messages } from './builders.ts'

const me = 'alice@muster.test'
const first = (held: ReturnType<typeof messages>, after_sequence: number, upto_sequence = 100) =>
  firstUnread(held, { after_sequence, upto_sequence }, me)?.sequence_number

test('[INBOX-2] the first unread message follows the mark', () => {
  expect(first(messages(1, 10), 4)).toBe(5)
  expect(first(messages(5, 10), 4)).toBe(5)
  expect(first(messages(1, 10), 0)).toBe(1)
  expect(first(messages(1, 10), 10)).toBeUndefined()
})

test('[INBOX-2] own words, notices and deleted messages are none', () => {
  const held = [
    aMessage(1),
    aMessage(2, { sender_id: me }),
    aMessage(3, { message_type: 'system' }),
    aMessage(4, { deleted_at: at }),
    aMessage(5),
  ]
  expect(first(held, 1)).toBe(5)
})

test('[WEB-3] what was said after one came is not what one came to', () => {
  expect(first(messages(1, 10), 8, 8)).toBeUndefined()
})

test('[WEB-3] it is not known while messages after the mark are not held', () => {
  expect(first(messages(6, 10), 4)).toBeUndefined()
  expect(first([], 4)).toBeUndefined()
})

test('[WEB-3] news are what others wrote after what was seen, held or not', () => {
  const after = (sequence_number: number) => ({ sequence_number, own_user_id: me })
  const live = [...messages(51, 59), aMessage(60, { sender_id: me })]
  expect(countAfter(live, after(55))).toBe(4)
  expect(countAfter(live, after(40))).toBe(10 + 9)
  expect(countAfter(live, after(60))).toBe(0)
  expect(countAfter([], after(0))).toBe(0)
})
