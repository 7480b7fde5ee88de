import { beforeEach, expect, test } from 'vitest'
import type { Notice } from '../../../src/protocol/one-way.ts'
import { ReceivedList, SEEN_PAUSE_MS } from '../../../web/src/one-way/received-list.ts'
import type { PagedState } from '../../../web/src/sync/paged-list.ts'
import { aNotice, at } from './builders.ts'
import { FakeClock, settle } from './fakes.ts'

const notice = (n: number, overrides: Partial<Notice> = {}): Notice =>
  aNotice({ notice_id: `notice-${n}`, ...overrides })

let stored: readonly Notice[]
let told: string[]
let counts: number[]
let found: PagedState<Notice>
let clock: FakeClock
let list: ReceivedList
let fails: boolean

const unreadCount = () => stored.filter(({ read_at }) => read_at === null).length
const failed = { ok: false, failure: { code: 'unreachable', detail: '' } } as const

beforeEach(() => {
  stored = [notice(3), notice(2), notice(1, { read_at: at })]
  told = []
  counts = []
  fails = false
  clock = new FakeClock()
  list = new ReceivedList({
    api: {
      notices: async () => ({
        ok: true,
        value: {
          notices: [...stored],
          unread_count: unreadCount(),
          pagination: { has_more: false, next_before: null },
        },
      }),
      readNotice: async (notice_id) => {
        told.push(notice_id)
        if (fails) return failed
        stored = stored.map((one) => (one.notice_id === notice_id ? { ...one, read_at: at } : one))
        return { ok: true, value: stored.find((one) => one.notice_id === notice_id) ?? notice(0) }
      },
      readAllNotices: async (up_to) => {
        told.push(`up to ${up_to}`)
        stored = stored.map((one) => (one.notice_id <= up_to ? { ...one, read_at: at } : one))
        return { ok: true, value: { unread_count: unreadCount() } }
      },
    },
    clock,
    onState: (next) => (found = next),
    onUnreadCount: (count) => counts.push(count),
  })
})

const open = async () => {
  list.open()
  await settle()
}

const later = async () => {
  clock.advance(SEEN_PAUSE_MS)
  await settle()
}

test('[DISP-1] what was seen is read, each once, and nothing else', async () => {
  await open()
  for (const one of found.items ?? []) list.see(one)
  for (const one of found.items ?? []) list.see(one)
  await later()
  await later()
  expect(told).toEqual(['notice-3', 'notice-2'])
  expect(counts).toEqual([2, 1, 0])
  expect(found.items?.every(({ read_at }) => read_at !== null)).toBe(true)
})

test('[DISP-1] a word that is lost is told again with the next sight', async () => {
  await open()
  fails = true
  list.see(notice(3))
  await later()
  fails = false
  list.see(notice(3))
  await later()
  expect(told).toEqual(['notice-3', 'notice-3'])
  expect(counts).toEqual([2, 1])
})

test('[DISP-1] a new one comes in at the top, once', async () => {
  await open()
  const frame = { type: 'notice', notice: notice(4) } as const
  stored = [frame.notice, ...stored]
  list.onFrame(frame)
  list.onFrame(frame)
  expect(found.items?.map(({ notice_id }) => notice_id)).toEqual([
    'notice-4',
    'notice-3',
    'notice-2',
    'notice-1',
  ])
  list.see(frame.notice)
  await later()
  expect(counts.at(-1)).toBe(2)
})

test('[DISP-1] all of them: those that came later stay unread', async () => {
  await open()
  stored = [notice(4), ...stored]
  expect(await list.readAll()).toBeUndefined()
  expect(told).toEqual(['up to notice-3'])
  expect(counts.at(-1)).toBe(1)
  expect(found.items?.map(({ read_at }) => read_at === null)).toEqual([false, false, false])
})

test('[DISP-1] who leaves has read what was seen', async () => {
  await open()
  list.see(notice(3))
  list.close()
  await settle()
  expect(told).toEqual(['notice-3'])
})
