/** Facts and rows of a report, with overrides, and a runner that reads from lists. */
import type { ReportFacts, ReportOptions } from '../../../../src/domain/report/facts.ts'
import type {
  AttachmentRow,
  PersonRow,
  ReadingRow,
  ReportPage,
  ReportSteps,
  TimelineRow,
  TranscriptRow,
} from '../../../../src/domain/report/page.ts'
import { reportSteps } from '../../../../src/domain/report/report.ts'
import type { Message } from '../../../../src/protocol/message.ts'

export const options = (overrides: Partial<ReportOptions> = {}): ReportOptions => ({
  from: null,
  to: null,
  time_zone: 'Asia/Taipei',
  language: 'en',
  transcript: true,
  ...overrides,
})

export const facts = (overrides: Partial<ReportFacts['room']> = {}): ReportFacts => ({
  room: {
    room_id: '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11',
    title: 'Press 4 stopped',
    incident_type: 'equipment_failure',
    severity: 'high',
    status: 'active',
    location: 'Hall B',
    description: 'No pressure.',
    lots: ['A12-77'],
    created_at: '2026-11-22T09:30:00.000Z',
    updated_at: '2026-11-22T09:30:00.000Z',
    last_sequence: 1,
    last_revision: 2,
    ...overrides,
  },
  last_hash: 'ab'.repeat(32),
  resolved_at: null,
  archived_at: null,
  counts: {
    messages: 1,
    edited: 0,
    deleted: 0,
    readings: 0,
    attachments: 0,
    first_sequence: 1,
    last_sequence: 1,
  },
})

export const message = (overrides: Partial<Message> = {}): Message => ({
  message_id: '0198d7f2-6b02-7d10-b5a4-20f1c1de9a55',
  room_id: '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11',
  sender_id: 'mei@example.com',
  sender_display_name: '陳美',
  client_message_id: 'client-1',
  content: 'the belt is hot',
  data: null,
  message_type: 'text',
  mentions: [],
  file_id: null,
  file_url: null,
  file: null,
  reply_to: null,
  created_at: '2026-11-22T09:32:42.123Z',
  edited_at: null,
  deleted_at: null,
  deleted_by: null,
  pin: null,
  sequence_number: 1,
  revision: 2,
  changed_revision: 2,
  reactions: [],
  ...overrides,
})

export const person = (overrides: Partial<PersonRow> = {}): PersonRow => ({
  user_id: 'mei@example.com',
  display_name: '陳美',
  role: 'owner',
  was_member: true,
  messages: 1,
  first_sequence: 1,
  first_at: '2026-11-22T09:32:42.123Z',
  last_sequence: 1,
  last_at: '2026-11-22T09:32:42.123Z',
  ...overrides,
})

export const reading = (
  data: Record<string, unknown>,
  overrides: Partial<ReadingRow> = {},
): ReadingRow => ({
  sequence_number: 1,
  at: '2026-11-22T09:32:42.123Z',
  sender_name: '陳美',
  data,
  ...overrides,
})

export type RoomRows = {
  readonly people: readonly PersonRow[]
  readonly timeline: readonly TimelineRow[]
  readonly readings: readonly ReadingRow[]
  readonly attachments: readonly AttachmentRow[]
  readonly transcript: readonly TranscriptRow[]
}

export const rows = (overrides: Partial<RoomRows> = {}): RoomRows => ({
  people: [],
  timeline: [],
  readings: [],
  attachments: [],
  transcript: [{ message: message(), reply_sequence: null }],
  ...overrides,
})

/** All that the steps write, with pages of `pageSize` rows. */
export const written = (steps: ReportSteps, from: RoomRows, pageSize = 2): string => {
  let text = ''
  let step = steps.next()
  while (step.done !== true) {
    if (typeof step.value === 'string') {
      text += step.value
      step = steps.next()
      continue
    }
    const { section, after } = step.value
    const start = Number(after ?? 0)
    const all = from[section]
    const end = start + pageSize
    const next = end < all.length ? String(end) : null
    step = steps.next({ section, rows: all.slice(start, end), next } as ReportPage)
  }
  return text
}

export const reportOf = (
  from: RoomRows,
  { of = facts(), as = options() }: { of?: ReportFacts; as?: ReportOptions } = {},
): string => {
  const counts = { ...of.counts, messages: from.transcript.length }
  return written(reportSteps({ ...of, counts }, as), from)
}
