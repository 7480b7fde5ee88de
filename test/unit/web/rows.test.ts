import { expect, test } from 'vitest'
import type { OutboxEntry } from '../../../web/src/sync/outbox.ts'
import { buildRows, type Row } from '../../../web/src/room/rows.ts'
import { aMessage } from './builders.ts'

const own = { user_id: 'alice@muster.test', display_name: 'Alice' }
const build = (messages: Parameters<typeof buildRows>[0]['messages'], outbox: OutboxEntry[] = []) =>
  buildRows({ messages, outbox, own })
const outline = (rows: readonly Row[]) =>
  rows.map((row) => (row.kind === 'said' ? (row.starts_group ? 'group' : 'more') : row.kind))

test('[WEB-3] one person within five minutes is one group', () => {
  const rows = build([
    aMessage(1, { created_at: '2026-11-22T01:00:00.000Z' }),
    aMessage(2, { created_at: '2026-11-22T01:05:00.000Z' }),
    aMessage(3, { created_at: '2026-11-22T01:10:00.001Z' }),
    aMessage(4, { created_at: '2026-11-22T01:10:01.000Z', sender_id: 'carol@muster.test' }),
  ])
  expect(outline(rows)).toEqual(['day', 'group', 'more', 'group', 'group'])
})

test('[WEB-3] a day line at midnight in Taipei parts a group', () => {
  const rows = build([
    aMessage(1, { created_at: '2026-11-22T15:59:59.999Z' }),
    aMessage(2, { created_at: '2026-11-22T16:00:00.000Z' }),
  ])
  expect(outline(rows)).toEqual(['day', 'group', 'day', 'group'])
})

test('[WEB-3] a notice parts a group', () => {
  const rows = build([aMessage(1), aMessage(2, { message_type: 'system' }), aMessage(3)])
  expect(outline(rows)).toEqual(['day', 'group', 'notice', 'group'])
})

test('[WEB-3] an own message keeps its key from pending to confirmed', () => {
  const entry: OutboxEntry = {
    client_message_id: 'mine',
    content: 'hello',
    created_at: Date.parse('2026-11-22T01:00:00.000Z'),
    status: { kind: 'pending' },
  }
  const pending = build([], [entry]).at(-1)
  const message = aMessage(1, { sender_id: own.user_id, client_message_id: 'mine' })
  expect(build([message]).at(-1)?.key).toBe(pending?.key)
})

test('[WEB-3] unconfirmed ones stand after the confirmed', () => {
  const entry: OutboxEntry = {
    client_message_id: 'mine',
    content: 'hello',
    created_at: Date.parse('2026-11-22T01:00:00.000Z'),
    status: { kind: 'pending' },
  }
  const rows = build([aMessage(1, { created_at: '2026-11-22T01:02:00.000Z' })], [entry])
  expect(rows.at(-1)).toMatchObject({ kind: 'said', entry, sender_name: 'Alice' })
})

test('[WEB-3] keys are unique, also when two people chose the same client id', () => {
  const rows = build([
    aMessage(1, { client_message_id: 'same' }),
    aMessage(2, { client_message_id: 'same', sender_id: own.user_id }),
    aMessage(3, { client_message_id: 'same', sender_id: 'carol@muster.test' }),
  ])
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
})

test('[WEB-3] a reply stands by itself, with what it answers where that is held', () => {
  const rows = build([aMessage(1), aMessage(2, { reply_to: 'message-1' }), aMessage(3)])
  expect(outline(rows)).toEqual(['day', 'group', 'group', 'more'])
  expect(rows[2]).toMatchObject({ reply: { quoted: { message_id: 'message-1' } } })
  const alone = build([aMessage(2, { reply_to: 'message-1' })])
  expect(alone[1]).toMatchObject({ reply: { message_id: 'message-1', quoted: undefined } })
})

test('[WEB-3] the line of what is new stands below the day line and parts a group', () => {
  const messages = [aMessage(1), aMessage(2), aMessage(3)]
  const rows = (first_unread_id: string) =>
    outline(buildRows({ messages, outbox: [], own, first_unread_id }))
  expect(rows('message-1')).toEqual(['day', 'unread', 'group', 'more', 'more'])
  expect(rows('message-2')).toEqual(['day', 'group', 'unread', 'group', 'more'])
})

test('[WEB-3] a row that says the same is the same, however much comes around it', () => {
  const messages = [aMessage(1), aMessage(2), aMessage(3, { reply_to: 'message-0' })]
  const before = build(messages).filter((row) => row.kind === 'said')
  const after = build([aMessage(0), ...messages, aMessage(4)]).filter((row) => row.kind === 'said')
  expect(after[2]).toBe(before[1])
  // It has somebody above now, and what the third answers is known.
  expect(after[1]).not.toBe(before[0])
  expect(after[3]).toMatchObject({ reply: { quoted: { message_id: 'message-0' } } })
})
