/** One-way messages to the caller: they stay, and are unread until the caller says otherwise (DISP-1). */
import * as z from 'zod/mini'
import { askDatabase } from '../durable/ask-database.ts'
import { failure, success } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { Notice, NoticePage, ReadNotices, UnreadNotices } from '../protocol/one-way.ts'
import { Uuid } from '../protocol/scalars.ts'
import { cast } from './documented-cast.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { NoticeParams } from './params.ts'
import { flag, pageLimit } from './query-values.ts'

const tag = 'one-way messages'

export const NoticeQuery = z.object({
  before: z
    .optional(Uuid)
    .check(z.meta({ examples: [cast.notice_id] }))
    .check(z.describe('Notices with ids below this one: `next_before` of the page before.')),
  limit: pageLimit,
  unread: z
    ._default(flag, false)
    .check(z.meta({ examples: [true] }))
    .check(z.describe('Only those that are unread.')),
})

const list = endpoint({
  method: 'get',
  path: '/api/me/notices',
  tag,
  summary: 'What was posted to me, newest first',
  query: NoticeQuery,
  success: { status: 200, description: 'A page of notices', schema: NoticePage },
  refuses: ['bad_request', 'database_busy'],
  handle: async ({ env, caller: { user_id }, query: { before = null, limit, unread } }) => {
    const args = { user_id, before, only_unread: unread, count: limit + 1 }
    const read = await askDatabase(env, user_id, 'readNotices', args)
    if (!read.ok) return read
    const notices = read.value.notices.slice(0, limit)
    const has_more = read.value.notices.length > limit
    const next_before = has_more ? (notices.at(-1)?.notice_id ?? null) : null
    const { unread_count } = read.value
    return success({ notices, unread_count, pagination: { has_more, next_before } })
  },
})

const markOne = endpoint({
  method: 'post',
  path: '/api/me/notices/{notice_id}/read',
  tag,
  summary: 'I have read this notice',
  description: 'Again it changes nothing.',
  params: NoticeParams,
  success: { status: 200, description: 'The notice', schema: Notice },
  refuses: ['database_busy'],
  says: { not_found: 'you have no such notice' },
  handle: async ({ env, caller: { user_id }, params: { notice_id } }) => {
    const marked = await askDatabase(env, user_id, 'markNoticeRead', { user_id, notice_id })
    if (!marked.ok) return marked
    return marked.value === null
      ? failure(refusal('not_found', 'you have no such notice'))
      : success(marked.value)
  },
})

const markAll = endpoint({
  method: 'post',
  path: '/api/me/notices/read',
  tag,
  summary: 'I have read these notices',
  description: 'All, or those up to one; what comes later than that one stays unread.',
  body: ReadNotices,
  success: { status: 200, description: 'How many are unread now', schema: UnreadNotices },
  refuses: ['database_busy'],
  handle: async ({ env, caller: { user_id }, body: { up_to = null } }) => {
    const marked = await askDatabase(env, user_id, 'markNoticesRead', { user_id, up_to })
    if (!marked.ok) return marked
    const count = await askDatabase(env, user_id, 'countUnreadNotices', { user_id })
    return count.ok ? success({ unread_count: count.value }) : count
  },
})

export const noticeEndpoints: readonly Endpoint[] = [list, markOne, markAll]
