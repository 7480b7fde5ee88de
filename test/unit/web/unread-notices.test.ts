import { expect, test } from 'vitest'
import type { InboxDownFrame } from '../../../src/protocol/inbox.ts'
import type { NoticePage } from '../../../src/protocol/one-way.ts'
import type { Result } from '../../../web/src/sync/api.ts'
import { UnreadNotices } from '../../../web/src/sync/unread-notices.ts'
import { aNotice, at } from './builders.ts'
import { settle } from './fakes.ts'

const setUp = () => {
  const answers: ((count: number) => void)[] = []
  const counts: number[] = []
  const unread = new UnreadNotices({
    api: {
      notices: () =>
        new Promise<Result<NoticePage>>((resolve) => {
          answers.push((unread_count) => {
            const pagination = { has_more: false, next_before: null }
            resolve({ ok: true, value: { notices: [], unread_count, pagination } })
          })
        }),
    },
    onCount: (count) => counts.push(count),
  })
  const answer = async (count: number) => {
    answers.shift()?.(count)
    await settle()
  }
  return { unread, answers, answer, counts }
}

const welcome: InboxDownFrame = {
  type: 'inbox_welcome',
  protocol_version: 1,
  user: { user_id: 'amy', display_name: 'Amy', is_admin: false },
  server_time: at,
  rooms: [],
}
const told: InboxDownFrame = { type: 'notice', notice: aNotice() }

test('[DISP-1] asked for with every greeting, and counted on from there', async () => {
  const { unread, answer, counts } = setUp()
  unread.onFrame(welcome)
  await answer(3)
  unread.onFrame(told)
  expect(counts).toEqual([3, 4])
  unread.learn(0)
  expect(counts.at(-1)).toBe(0)
})

test('[DISP-1] one that is told while the answer is on its way is not forgotten', async () => {
  const { unread, answer, answers, counts } = setUp()
  unread.onFrame(welcome)
  unread.onFrame(told)
  await answer(0)
  expect(counts).toEqual([1])
  await answer(1)
  expect(counts.at(-1)).toBe(1)
  expect(answers).toEqual([])
})

test('[DISP-1] a burst of notices is no burst of questions', () => {
  const { unread, answers, counts } = setUp()
  unread.onFrame(welcome)
  for (let n = 0; n < 500; n += 1) unread.onFrame(told)
  expect(answers).toHaveLength(1)
  expect(counts.at(-1)).toBe(500)
})
