/** One-way messages to people (DISP-1): a mailbox each, apart from any room. */
import type { Priority } from '../protocol/one-way.ts'
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
        SELECT * FROM jsonb_to_recordset($1::jsonb) WITH ORDINALITY AS n (
          notice_id uuid, user_id text, sender_id text, content text, priority text, place bigint)
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
