import { describe, expect, test } from 'vitest'
import type { WaitingRow } from '../../../../src/domain/dispatch/row.ts'
import { validate } from '../../../../src/domain/dispatch/validate.ts'

const room_id = '019a8e8e-7a00-7000-8000-000000000001'

const row = (body: object, overrides: Partial<WaitingRow> = {}): WaitingRow => ({
  seq: 1,
  tracking_id: '019a8e8e-7a00-7000-8000-00000000a000',
  epoch: 1,
  sender_id: 'press-4',
  recipient_type: 'room',
  recipient_id: room_id,
  queue: 1,
  level: 1,
  idempotency_key: null,
  bytes: 500,
  status: 'accepted',
  attempts: 0,
  accepted_at: 0,
  next_attempt_at: null,
  body: JSON.stringify(body),
  ...overrides,
})

const reasonOf = (one: WaitingRow) => {
  const validated = validate(one)
  return validated.ok ? undefined : validated.reason.message
}

test('[DISP-5] a message to a room is checked and made like one of a socket', () => {
  expect(validate(row({ content: '壓力 3.2 bar' }))).toMatchObject({
    ok: true,
    sendable: {
      kind: 'message',
      item: {
        change_id: row({}).tracking_id,
        client_message_id: row({}).tracking_id,
        actor_id: 'press-4',
        message_type: 'text',
        content: '壓力 3.2 bar',
      },
    },
  })
  const reading = { content: { temperature: 81.5 }, message_type: 'incident_data' }
  expect(validate(row(reading, { idempotency_key: 'k' }))).toMatchObject({
    sendable: { item: { client_message_id: 'k', data: { temperature: 81.5 } } },
  })
})

describe('[DISP-5] what is wrong is named', () => {
  const email = { recipient_type: 'email', recipient_id: 'a@example.com' } as const
  const whatsapp = { recipient_type: 'whatsapp', recipient_id: '+886912345678' } as const
  const user = { recipient_type: 'user', recipient_id: 'ann@example.com' } as const
  test.each<[string, WaitingRow, RegExp]>([
    ['no words', row({ content: '  ' }), /^content: must not be blank/],
    ['a number', row({ content: 5 }), /^content: /],
    ['no content', row({}), /^content: /],
    ['too long', row({ content: 'x'.repeat(16_001) }), /^content: /],
    ['a type nobody knows', row({ content: 'a', message_type: 'poem' }), /message_type/],
    ['a system message', row({ content: 'a', message_type: 'system' }), /message_type/],
    ['NUL', row({ content: 'a\u0000' }), /NUL/],
    ['no room', row({ content: 'a' }, { recipient_id: 'press 4' }), /^recipient.id: .*UUID/],
    ['no e-mail', row({ content: 'a' }, { ...email, recipient_id: 'a@b' }), /^recipient.id: /],
    [
      'two e-mails',
      row({ content: 'a' }, { ...email, recipient_id: 'a@b.c,d@e.f' }),
      /recipient.id/,
    ],
    ['no number', row({ content: 'a' }, { ...whatsapp, recipient_id: '0912345678' }), /phone/],
    ['a reading by mail', row({ content: { a: 1 } }, email), /^content: /],
    ['a file to a person', row({ content: 'a', file_id: room_id }, user), /^file_id: .*rooms/],
    ['a header in a subject', row({ content: 'a', subject: 'a\r\nBcc: b' }, email), /^subject: /],
    ['damaged', row({}, { body: '{' }), /cannot be read/],
  ])('%s', (_, one, message) => {
    expect(reasonOf(one)).toMatch(message)
  })

  test('control: what is right passes', () => {
    expect(reasonOf(row({ content: 'a', subject: 'hot belt' }, email))).toBeUndefined()
    expect(reasonOf(row({ content: 'a' }, whatsapp))).toBeUndefined()
    expect(reasonOf(row({ content: 'a', message_type: 'text' }, user))).toBeUndefined()
  })
})
