/** What the log says of a room's commits (OPS-5). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CommitLog, type CommitCall } from '../../../src/durable/commit-log.ts'
import type { MessageItem } from '../../../src/domain/room/commit.ts'

const room_id = '01a202c5-0000-7000-8000-000000000000'
const call_id = '01a202c5-1111-7000-8000-000000000000'

const lines: Record<string, unknown>[] = []
beforeEach(() => {
  vi.useFakeTimers()
  lines.length = 0
  for (const level of ['info', 'warn'] as const)
    vi.spyOn(console, level).mockImplementation((line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>)
    })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const item = (client_message_id: string): MessageItem => ({
  ...{ kind: 'message', change_id: room_id, actor_id: 'ann', client_message_id },
  ...{ content: 'between us', data: null, message_type: 'text', mentions: [] },
  ...{ reply_to: null, file_id: null, search: null },
})

/** Messages `m<revision>` that got those revisions. */
const call = (revisions: readonly number[], overrides: Partial<CommitCall> = {}): CommitCall => ({
  ...{ call_id, lane: 'said', ms: 12, items: revisions.map((revision) => item(`m${revision}`)) },
  outcome: {
    kind: 'answered',
    changes: [],
    results: revisions.map((revision) => ({
      ...{ status: 'committed', sequence_number: revision, revision, created_at: '' },
      ...{ sender_display_name: 'Ann', mentions: [], file: null },
    })),
  },
  ...overrides,
})

const newLog = () => new CommitLog(room_id, () => 500)

test('[OPS-5] a call alone has its line, with its id and those of its items', () => {
  newLog().called(call([7, 8]))
  expect(lines).toEqual([
    {
      ...{ event: 'committed', level: 'info', at: expect.any(String) as string },
      ...{ room_id, lane: 'said', calls: 1, count: 2, refused: 0, max_ms: 12 },
      ...{ first_revision: 7, last_revision: 8, call_id, items: ['m7', 'm8'] },
    },
  ])
})

test('[OPS-5] 1,000 calls in a while have two lines, and no revision is without one', () => {
  const log = newLog()
  for (let revision = 1; revision <= 1_000; revision += 1) log.called(call([revision]))
  expect(lines).toHaveLength(1)
  vi.advanceTimersByTime(2_000)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({ first_revision: 1, last_revision: 1 })
  expect(lines[1]).toMatchObject({
    calls: 999,
    count: 999,
    first_revision: 2,
    last_revision: 1_000,
  })
  expect(lines[1]).not.toHaveProperty('items')
  // Quiet again: no timer is left, so the room may sleep, and the next call has its line at once.
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(2_000)
  log.called(call([1_001]))
  expect(lines[2]).toMatchObject({ calls: 1, items: ['m1001'] })
})

test('[OPS-5] each that is slow or failed has its line, however many there are', () => {
  const log = newLog()
  log.called(call([1]))
  for (let count = 0; count < 3; count += 1) {
    log.called(call([2, 3], { ms: 501 }))
    log.called(call([4], { outcome: { kind: 'not_sent', code: 'database_busy' } }))
    log.called(call([4], { outcome: { kind: 'unknown' }, lane: 'burst' }))
  }
  const told = lines.map(({ event, level, code, ms }) => [event, level, code, ms])
  expect(told).toEqual([
    ['committed', 'info', undefined, undefined],
    ...Array.from({ length: 3 }, () => [
      ['commit_slow', 'warn', undefined, 501],
      ['commit_failed', 'warn', 'database_busy', 12],
      ['commit_failed', 'warn', 'unknown', 12],
    ]).flat(),
  ])
  expect(lines[1]).toMatchObject({ items: ['m2', 'm3'], first_revision: 2, last_revision: 3 })
  expect(lines[2]).toMatchObject({ items: ['m4'], call_id, room_id })
})

test('[OPS-5] an id that a client made of words is not repeated', () => {
  const words = '壓力過高'
  newLog().called({ ...call([1]), items: [item(words), item('the press is hot')] })
  expect(lines[0]).toMatchObject({ items: ['?', '?'] })
  expect(JSON.stringify(lines)).not.toContain('between us')
})
