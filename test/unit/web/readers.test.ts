import { describe, expect, test } from 'vitest'
import { READ_MARKS_MAX_COUNT } from '../../../src/protocol/limits.ts'
import { readersOf, receptionOf, type ReadersInput } from '../../../web/src/sync/readers.ts'
import { aMember, aMessage, messages } from './builders.ts'

const me = 'alice@muster.test'
const person = (name: string) => aMember({ user_id: name, display_name: name.toUpperCase() })

/** Alice's room with three others; messages are dana's unless a test says otherwise. */
const given = (overrides: Partial<ReadersInput> = {}): ReadersInput => ({
  messages: messages(1, 10).map((message) => ({ ...message, sender_id: 'nobody' })),
  members: [aMember({ user_id: me }), person('bob'), person('carol'), person('dana')],
  online_count: 4,
  read_marks: new Map(),
  are_marks_known: true,
  own_user_id: me,
  ...overrides,
})

/** Who stands beside which message. */
const shown = (input: ReadersInput) =>
  Object.fromEntries(
    [...readersOf(input)].map(([message_id, members]) => [
      message_id,
      members.map(({ user_id }) => user_id).join(' '),
    ]),
  )

describe('where somebody stands', () => {
  test('[INBOX-2] at the last message they have read, oneself nowhere', () => {
    const read_marks = new Map([
      [me, 10],
      ['bob', 4],
      ['carol', 10],
      ['dana', 4],
    ])
    expect(shown(given({ read_marks }))).toEqual({ 'message-4': 'bob dana', 'message-10': 'carol' })
  })

  test('[INBOX-2] who has read nothing, or has read before what is held, stands nowhere', () => {
    const held = messages(5, 10)
    expect(shown(given({ messages: held, read_marks: new Map([['bob', 4]]) }))).toEqual({})
  })

  test('[INBOX-2] who has read on beyond what is held does not stand at its end', () => {
    const read_marks = new Map([
      ['bob', 9],
      ['carol', 6],
    ])
    expect(shown(given({ messages: messages(1, 6), read_marks }))).toEqual({ 'message-6': 'carol' })
  })

  test('[INBOX-2] a notice carries nobody: the message before it does', () => {
    const held = messages(1, 6).map((message) =>
      message.sequence_number > 3 ? { ...message, message_type: 'system' as const } : message,
    )
    expect(shown(given({ messages: held, read_marks: new Map([['bob', 6]]) }))).toEqual({
      'message-3': 'bob',
    })
  })

  test('[INBOX-2] who speaks has read up to there', () => {
    const held = [...messages(1, 3), aMessage(4, { sender_id: 'bob' }), ...messages(5, 6)]
    const others = held.map((message) =>
      message.sender_id === 'bob' && message.sequence_number !== 4
        ? { ...message, sender_id: 'nobody' }
        : message,
    )
    expect(shown(given({ messages: others, read_marks: new Map([['bob', 2]]) }))).toEqual({
      'message-4': 'bob',
    })
  })

  test('[INBOX-2] nobody is shown before the marks are known, in a crowd, or once removed', () => {
    const read_marks = new Map([
      ['bob', 3],
      ['removed', 3],
    ])
    expect(shown(given({ read_marks }))).toEqual({ 'message-3': 'bob' })
    expect(shown(given({ read_marks, are_marks_known: false }))).toEqual({})
    expect(shown(given({ read_marks, members: undefined }))).toEqual({})
    expect(shown(given({ read_marks, online_count: READ_MARKS_MAX_COUNT + 1 }))).toEqual({})
  })
})

const own = (n: number) => aMessage(n, { sender_id: me })
const names = (input: ReadersInput) => {
  const reception = receptionOf(input)
  return (
    reception && [reception.has_read, reception.has_not_read].map((m) => m.map((p) => p.user_id))
  )
}

describe('how the own last message was received', () => {
  test('[INBOX-2] by whom it was read, and by whom not', () => {
    const held = [aMessage(1, { sender_id: 'nobody' }), own(2), own(3)]
    const read_marks = new Map([
      ['bob', 3],
      ['carol', 2],
    ])
    expect(names(given({ messages: held, read_marks }))).toEqual([['bob'], ['carol', 'dana']])
    const answered = [...held, aMessage(4, { sender_id: 'dana' })]
    expect(names(given({ messages: answered, read_marks }))).toEqual([['bob', 'dana'], ['carol']])
  })

  test('[INBOX-2] a deleted one and a notice do not count as said', () => {
    const held = [
      own(1),
      { ...own(2), deleted_at: '2026-11-22T01:00:00.000Z' },
      { ...own(3), message_type: 'system' as const },
    ]
    expect(names(given({ messages: held, read_marks: new Map([['bob', 1]]) }))).toEqual([
      ['bob'],
      ['carol', 'dana'],
    ])
  })

  test('[INBOX-2] who said nothing, or is alone, is told nothing', () => {
    expect(names(given())).toBeUndefined()
    const alone = [aMember({ user_id: me })]
    expect(names(given({ messages: [own(1)], members: alone }))).toBeUndefined()
  })
})
