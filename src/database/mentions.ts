/** Messages that mention somebody (API-3), by the index of the mentioned. */
import type { Mention } from '../protocol/search.ts'
import type { Client } from './client.ts'
import { instantOf, placeJson, type Place } from './place.ts'
import { valuesOf } from './values.ts'

export type MentionPlace = Place & { readonly unread: boolean }

export type MentionRow = { readonly message: Mention; readonly place: Place }

/**
 * Only in rooms of which the reader is a member and, where it is another person, they too. What
 * the reader has not read first, then the newest first.
 */
export const listMentions = async (
  client: Client,
  args: {
    readonly user_id: string
    readonly mentioned_id: string
    /** The last one shown. */
    readonly after: MentionPlace | null
    readonly count: number
  },
): Promise<MentionRow[]> => {
  const values = valuesOf()
  const [user_id, mentioned_id] = [values.add(args.user_id), values.add(args.mentioned_id)]
  const after = args.after && {
    unread: values.add(args.after.unread),
    at: instantOf(values.add(args.after.at_us)),
    id: values.add(args.after.message_id),
  }
  const { rows } = await client.query({
    text: `WITH mentioning AS MATERIALIZED (
        SELECT m.message_id, m.created_at, m.sequence_number > mine.read_sequence AS unread
          FROM messages m
          JOIN room_members mine ON mine.room_id = m.room_id AND mine.user_id = ${user_id}
          JOIN room_members theirs ON theirs.room_id = m.room_id AND theirs.user_id = ${mentioned_id}
          WHERE m.mentions <> '{}'::text[] AND m.mentions @> ARRAY[${mentioned_id}]::text[]
            AND m.deleted_at IS NULL),
      page AS MATERIALIZED (SELECT * FROM mentioning
        ${after ? `WHERE (unread, created_at, message_id) < (${after.unread}::boolean, ${after.at}, ${after.id}::uuid)` : ''}
        ORDER BY unread DESC, created_at DESC, message_id DESC LIMIT ${values.add(args.count)})
      SELECT message_json(m, u.display_name)
          || jsonb_build_object('unread', page.unread, 'room_title', r.title) AS message,
        ${placeJson('page')} AS place
        FROM page JOIN messages m ON m.message_id = page.message_id
        JOIN incident_rooms r ON r.room_id = m.room_id
        LEFT JOIN tr_users u ON u.user_id = m.sender_id
        ORDER BY page.unread DESC, page.created_at DESC, page.message_id DESC`,
    values: values.list,
  })
  return rows as MentionRow[]
}
