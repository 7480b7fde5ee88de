import { beforeEach, expect, test } from 'vitest'
import type { OneWayPage, OneWayTracking } from '../../../src/protocol/one-way.ts'
import type { Result } from '../../../web/src/sync/api.ts'
import { RUN_REST_MS } from '../../../web/src/one-way/run-tally.ts'
import { noFilters } from '../../../web/src/one-way/sent-filters.ts'
import {
  REFRESH_ANYWAY_MS,
  REFRESH_REST_MS,
  SENT_PAGE_COUNT,
  SentList,
  type SentState,
} from '../../../web/src/one-way/sent-list.ts'
import { at, aTracking } from './builders.ts'
import { FakeClock, settle } from './fakes.ts'

/** What the server has, newest first. */
let stored: readonly OneWayTracking[]
let asked: string[]
let is_visible: boolean
let clock: FakeClock
let list: SentList
let state: SentState
let fails: boolean

const page = (parameters: URLSearchParams): Result<OneWayPage> => {
  asked.push(String(parameters))
  if (fails) return { ok: false, failure: { code: 'unreachable', detail: '' } }
  const [before, status] = [parameters.get('before'), parameters.get('status')]
  const matching = stored.filter(
    (one) =>
      (before === null || one.tracking_id < before) && (status === null || one.status === status),
  )
  const messages = matching.slice(0, Number(parameters.get('limit')))
  const has_more = matching.length > messages.length
  const next_before = has_more ? (messages.at(-1)?.tracking_id ?? null) : null
  return { ok: true, value: { messages, pagination: { has_more, next_before } } }
}

beforeEach(async () => {
  stored = [3, 2, 1].map((n) => aTracking(n))
  asked = []
  is_visible = true
  fails = false
  clock = new FakeClock()
  list = new SentList({
    api: {
      oneWayMessages: async (parameters) => page(parameters),
      retryOneWay: async (tracking_id) => {
        const known = stored.find((one) => one.tracking_id === tracking_id)
        return known?.status === 'dead'
          ? { ok: true, value: { ...known, status: 'accepted' } }
          : { ok: false, failure: { code: 'conflict', detail: '' } }
      },
    },
    clock,
    isVisible: () => is_visible,
    onState: (next) => (state = next),
  })
})

const open = async (filters = noFilters) => {
  list.start()
  list.open(filters)
  await settle()
  for (const { tracking_id } of state.found.items ?? []) list.see(tracking_id, true)
  asked = []
}

const later = async (by_ms = REFRESH_REST_MS) => {
  clock.advance(by_ms)
  await settle()
}

const become = (n: number, overrides: Partial<OneWayTracking>) => {
  const { tracking_id } = aTracking(n)
  stored = stored.map((one) => (one.tracking_id === tracking_id ? { ...one, ...overrides } : one))
}

const told = { type: 'one_way', committed: 1, delivered: 0, outcomes: [], more: 0 } as const
const tell = (overrides: Partial<Parameters<SentList['onFrame']>[0]> = {}) =>
  list.onFrame({ ...told, ...overrides } as Parameters<SentList['onFrame']>[0])
const shown = () =>
  state.found.items?.map(({ tracking_id, status }) => `${Number(tracking_id.slice(-12))} ${status}`)

test('[DISP-6] what is told makes the rows in view be read again, by one request', async () => {
  await open()
  become(2, { status: 'committed' })
  tell()
  await later()
  expect(shown()).toEqual(['3 accepted', '2 committed', '1 accepted'])
  expect(asked).toHaveLength(1)
})

test('[DISP-6] a burst of frames is no burst of requests', async () => {
  await open()
  for (let n = 0; n < 100; n += 1) {
    tell()
    await later(100)
  }
  expect(asked.length).toBeLessThanOrEqual(10_000 / REFRESH_REST_MS + 1)
  // The last word counts, too.
  become(1, { status: 'committed' })
  tell()
  await later()
  expect(shown()?.at(-1)).toBe('1 committed')
})

test('[DISP-5] what was rejected is shown at once, with its reason', async () => {
  await open()
  const { tracking_id, recipient } = aTracking(2)
  const reason = { code: 'forbidden', message: 'not a member' } as const
  tell({ outcomes: [{ tracking_id, recipient, status: 'rejected', reason, at }] })
  expect(state.found.items?.[1]).toMatchObject({ status: 'rejected', reason, finished_at: at })
  expect(asked).toEqual([])
})

test('[DISP-6] where all in view is final and the newest is not in view, nothing is asked', async () => {
  stored = stored.map((one) => ({ ...one, status: 'committed' }))
  await open()
  list.see(aTracking(3).tracking_id, false)
  tell()
  await later()
  await later(REFRESH_ANYWAY_MS)
  expect(asked).toEqual([])
})

test('[DISP-6] further down only the rows from the first one in view are read', async () => {
  stored = Array.from({ length: 40 }, (_, n) => aTracking(40 - n))
  await open()
  for (let n = 40; n > 12; n -= 1) list.see(aTracking(n).tracking_id, false)
  become(7, { status: 'delivered' })
  stored = [aTracking(41), ...stored]
  tell()
  await later()
  expect(new URLSearchParams(asked[0]).get('before')).toBe(aTracking(13).tracking_id)
  expect(shown()).toContain('7 delivered')
  // New ones would move what is being read.
  expect(shown()?.[0]).toBe('40 accepted')
})

test('[DISP-6] new ones come in at the top', async () => {
  await open()
  stored = [aTracking(4), ...stored]
  list.refreshSoon()
  await later()
  expect(shown()?.slice(0, 2)).toEqual(['4 accepted', '3 accepted'])
})

test('[DISP-6] so many new ones that there would be a gap: the list begins anew, and goes on', async () => {
  await open()
  stored = Array.from({ length: 200 }, (_, n) => aTracking(200 - n))
  tell()
  await later()
  expect(shown()?.[0]).toBe('200 accepted')
  expect(state.found).toMatchObject({ has_more: true })
  list.more()
  await settle()
  expect(shown()).toHaveLength(2 * SENT_PAGE_COUNT)
  expect(shown()?.at(-1)).toBe('101 accepted')
})

test('[DISP-6] an empty list fills itself', async () => {
  stored = []
  await open()
  stored = Array.from({ length: 60 }, (_, n) => aTracking(60 - n))
  list.refreshSoon()
  await later()
  expect(shown()).toHaveLength(SENT_PAGE_COUNT)
  expect(state.found.has_more).toBe(true)
})

test('[DISP-6] what no longer matches the filter leaves', async () => {
  await open({ status: 'accepted', to: '' })
  become(2, { status: 'committed' })
  tell()
  await later()
  expect(shown()).toEqual(['3 accepted', '1 accepted'])
})

test('[DISP-6] retries are looked after without a word, as long as somebody looks', async () => {
  become(2, { status: 'retrying' })
  await open()
  become(2, { status: 'retrying', attempts: 2 })
  is_visible = false
  await later(REFRESH_ANYWAY_MS)
  expect(asked).toEqual([])
  is_visible = true
  await later(REFRESH_ANYWAY_MS)
  await later()
  expect(state.found.items?.[1]?.attempts).toBe(2)
})

test('[DISP-6] a reading that fails changes nothing, and the next one heals', async () => {
  await open()
  become(3, { status: 'committed' })
  fails = true
  tell()
  await later()
  expect(shown()?.[0]).toBe('3 accepted')
  fails = false
  tell()
  await later()
  expect(shown()?.[0]).toBe('3 committed')
})

test('[DISP-6] the answer to an earlier filter is not taken for the present one', async () => {
  await open()
  tell()
  clock.advance(REFRESH_REST_MS)
  list.open({ status: 'dead', to: '' })
  await settle()
  expect(shown()).toEqual([])
})

test('[DISP-6] a dead one is sent again, others say why not', async () => {
  become(1, { status: 'dead' })
  await open()
  expect(await list.sendAgain(aTracking(1).tracking_id)).toBeUndefined()
  expect(shown()?.at(-1)).toBe('1 accepted')
  expect(await list.sendAgain(aTracking(2).tracking_id)).toMatchObject({ code: 'conflict' })
})

test('[DISP-5] the outcomes of a run are summed up, and the next run begins anew', async () => {
  await open()
  const { tracking_id, recipient } = aTracking(2)
  const rejected = { tracking_id, recipient, status: 'rejected', reason: null, at } as const
  tell({ committed: 300 })
  clock.advance(1_000)
  tell({ committed: 199, outcomes: [rejected], more: 2 })
  expect(state.tally).toMatchObject({ committed: 499, rejected: 1, failed: 2, dead: 0 })
  clock.advance(RUN_REST_MS)
  tell({ committed: 1 })
  expect(state.tally).toMatchObject({ committed: 1, rejected: 0, failed: 0 })
})
