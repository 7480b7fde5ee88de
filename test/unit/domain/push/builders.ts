/** Facts, people and messages for the tests of pushing; each with overrides. */
import type { Candidate, PushFacts, Said, Subscription } from '../../../../src/domain/push/facts.ts'

export const room_id = '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11'

export const phone = (overrides: Partial<Subscription> = {}): Subscription => ({
  subscription_id: 'phone',
  endpoint: 'https://fcm.googleapis.com/fcm/send/phone',
  p256dh: 'B',
  auth: 'A',
  since: '2026-11-01T00:00:00.000Z',
  renewed_at: '2026-11-01T00:00:00.000000+00:00',
  ...overrides,
})

export const ben = (overrides: Partial<Candidate> = {}): Candidate => ({
  user_id: 'ben',
  level: 'all',
  quiet_hours: null,
  read_sequence: 0,
  mentioned_in: [],
  subscriptions: [phone()],
  ...overrides,
})

export const said = (sequence_number: number, overrides: Partial<Said> = {}): Said => ({
  message_id: `message-${sequence_number}`,
  sequence_number,
  sender_id: 'ann',
  sender_display_name: 'Ann',
  message_type: 'text',
  words: `words ${sequence_number}`,
  data: null,
  file_name: null,
  sent_at: `2026-11-22T09:00:${String(sequence_number).padStart(2, '0')}.000Z`,
  ...overrides,
})

export const facts = (overrides: Partial<PushFacts> = {}): PushFacts => ({
  room_title: 'Line 3 stopped',
  said: [said(1), said(2), said(3)],
  wants: 'all',
  people: [ben()],
  ...overrides,
})
