/** One-way messages to people (DISP-1): a mailbox each, apart from any room. */
import { UNREAD_MAX_COUNT } from '../protocol/limits.ts'
import type { Notice, Priority } from '../protocol/one-way.ts'
import type { Client } from './client.ts'

export type NewNotice = {
  /** The same for each attempt: what was saved before is not saved again (DISP-11). */
  readonly notice_id: string
  readonly user_id: string
  readonly sender_id: string
  readonly content: string
  readonly priority: Priority
}

export type SavedNotice = {
  readonly notice_id: string
  /** False: there is no such person, and nothing was saved. */
  readonly is_known: boolean
  readonly sender_display_name: string
  readonly created_at: string
  readonly read_at: string | null
}

/** Many in one round trip. @returns one per notice, in order */
export const saveNotices = async (
  client: Client,
  { notices }: { readonly notices: readonly NewNotice[] },
): Promise<SavedNotice[]> => {
  const { rows } = await client.query({
    name: 'save-notices',
    text: `WITH asked AS (
        SELECT * FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
            notice_id uuid, user_id text, sender_id text, content text, priority text))
          WITH ORDINALITY AS n (notice_id, user_id, sender_id, content, priority, place)
      ), saved AS (
        INSERT INTO notices (notice_id, user_id, sender_id, content, priority, created_at)
        SELECT a.notice_id, a.user_id, a.sender_id, a.content, a.priority,
            date_trunc('milliseconds', clock_timestamp())
          FROM asked a JOIN tr_users u USING (user_id)
        ON CONFLICT (notice_id) DO NOTHING
        RETURNING notice_id, created_at, read_at
      )
      SELECT a.notice_id, u.user_id IS NOT NULL AS is_known,
          coalesce(sender.display_name, a.sender_id) AS sender_display_name,
          wire_time(coalesce(s.created_at, known.created_at, now())) AS created_at,
          wire_time(known.read_at) AS read_at
        FROM asked a
        LEFT JOIN tr_users u USING (user_id)
        LEFT JOIN tr_users sender ON sender.user_id = a.sender_id
        LEFT JOIN saved s ON s.notice_id = a.notice_id
        LEFT JOIN notices known ON known.notice_id = a.notice_id
        ORDER BY a.place`,
    values: [JSON.stringify(notices)],
  })
  return rows as SavedNotice[]
}

export type NoticeRows = { readonly notices: Notice[]; readonly unread_count: number }

/** The newest first, at most `count`. */
export const readNotices = async (
  client: Client,
  args: {
    readonly user_id: string
    /** Those whose ids are below. */
    readonly before: string | null
    readonly only_unread: boolean
    readonly count: number
  },
): Promise<NoticeRows> => {
  const { user_id, before, only_unread, count } = args
  const { rows } = await client.query({
    name: `read-notices${only_unread ? '-unread' : ''}`,
    text: `SELECT (SELECT coalesce(jsonb_agg(${noticeJson} ORDER BY page.notice_id DESC), '[]')
        FROM (SELECT * FROM notices WHERE user_id = $1 AND ($2::uuid IS NULL OR notice_id < $2)
            ${only_unread ? 'AND read_at IS NULL' : ''} ORDER BY notice_id DESC LIMIT $3) AS page
          LEFT JOIN tr_users sender ON sender.user_id = page.sender_id) AS notices,
      ${unreadCount} AS unread_count`,
    values: [user_id, before, count],
  })
  return rows[0] as NoticeRows
}

/** Once read it stays so. Null: this person has no such notice. */
export const markNoticeRead = async (
  client: Client,
  { user_id, notice_id }: { readonly user_id: string; readonly notice_id: string },
): Promise<Notice | null> => {
  const { rows } = await client.query({
    name: 'mark-notice-read',
    text: `WITH page AS (
        UPDATE notices SET read_at = coalesce(read_at, ${now})
          WHERE user_id = $1 AND notice_id = $2 RETURNING *)
      SELECT ${noticeJson} AS notice FROM page
        LEFT JOIN tr_users sender ON sender.user_id = page.sender_id`,
    values: [user_id, notice_id],
  })
  return (rows[0]?.['notice'] as Notice | undefined) ?? null
}

/**
 * All up to one: by its id, and of those only what was there before it. What comes late has an
 * earlier id, and was not on the reader's screen.
 */
export const markNoticesRead = async (
  client: Client,
  { user_id, up_to }: { readonly user_id: string; readonly up_to: string | null },
): Promise<null> => {
  await client.query({
    name: `mark-notices-read${up_to === null ? '-all' : ''}`,
    text: `UPDATE notices SET read_at = ${now} WHERE user_id = $1 AND read_at IS NULL
      ${up_to === null ? '' : upTo}`,
    values: up_to === null ? [user_id] : [user_id, up_to],
  })
  return null
}

/** @returns how many are unread, counted as far as anybody looks */
export const countUnreadNotices = async (
  client: Client,
  { user_id }: { readonly user_id: string },
): Promise<number> => {
  const { rows } = await client.query({
    name: 'count-unread-notices',
    text: `SELECT ${unreadCount} AS unread_count`,
    values: [user_id],
  })
  return rows[0]?.['unread_count'] as number
}

const now = `date_trunc('milliseconds', clock_timestamp())`

const upTo = `AND notice_id <= $2 AND created_at <= (
  SELECT created_at FROM notices WHERE user_id = $1 AND notice_id = $2)`

const unreadCount = `(SELECT count(*)::int FROM (
  SELECT FROM notices WHERE user_id = $1 AND read_at IS NULL LIMIT ${UNREAD_MAX_COUNT}) AS unread)`

/** SQL of `page`, a notice, and `sender`, who may be unknown. */
const noticeJson = `jsonb_build_object('notice_id', page.notice_id, 'sender_id', page.sender_id,
  'sender_display_name', coalesce(sender.display_name, page.sender_id), 'content', page.content,
  'priority', page.priority, 'created_at', wire_time(page.created_at),
  'read_at', wire_time(page.read_at))`
