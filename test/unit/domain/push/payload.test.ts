/** What a push says, and that it fits. */
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { payloadOf } from '../../../../src/domain/push/payload.ts'
import type { Said } from '../../../../src/domain/push/facts.ts'
import { PUSH_MAX_BYTES, PushPayload } from '../../../../src/protocol/push.ts'
import { room_id, said } from './builders.ts'

const make = (overrides: Partial<Said>, room_title = 'Line 3') =>
  payloadOf(
    { room_id, room_title },
    { said: said(1, { message_id: room_id, ...overrides }), type: 'message', count: 1 },
  )

const sizeOf = (payload: PushPayload) => Buffer.byteLength(JSON.stringify(payload))

describe('[WEB-5] shows', () => {
  test.each<[string, Partial<Said>, string]>([
    ['words in one line', { words: ' hot\n\n belt ' }, 'hot belt'],
    [
      'a file by its name',
      { message_type: 'file_ref', words: '', file_name: 'log.txt' },
      'log.txt',
    ],
    [
      'or by what was said of it',
      { message_type: 'image_ref', words: 'the seal', file_name: 'a.png' },
      'the seal',
    ],
    [
      'readings',
      {
        message_type: 'incident_data',
        words: '',
        data: { temperature: 81.5, line: 'A', more: {} },
      },
      'temperature: 81.5, line: A, more: …',
    ],
  ])('%s', (_, overrides, preview) => expect(make(overrides).preview).toBe(preview))

  test('the beginning of long words', () => {
    const { preview } = make({ words: '👍'.repeat(400) })
    expect([...preview]).toHaveLength(240)
    expect(preview.isWellFormed()).toBe(true)
    expect(preview.endsWith('…')).toBe(true)
  })
})

test.each([
  ['Chinese', '壓'],
  ['emoji', '👩🏽‍🚒'],
  ['controls, which JSON escapes', '\u0001'],
])('[WEB-5] fits, however long it is: %s', (_, character) => {
  const long = character.repeat(400)
  const payload = make({ words: long, sender_display_name: long }, character.repeat(100))
  expect(sizeOf(payload)).toBeLessThanOrEqual(PUSH_MAX_BYTES)
  expect(z.safeParse(PushPayload, payload).success).toBe(true)
})
