/** Messages as pages of history. Written only by the commit procedure. */
import type { Standing } from '../domain/access.ts'
import type { Message } from '../protocol/message.ts'
import type { MessageHistory } from '../protocol/message-change.ts'
import type { Client } from './client.ts'
import { meetsAll, type DataCondition } from './data-conditions.ts'
import { valuesOf } from './values.ts'

/** More than a timeline that anybody reads. */
const PINS_MAX_COUNT = 500

/** Where a page lies; at most one is given. Sequence numbers and times are exclusive bounds. */
export type PagePosition =
  | { readonly kind: 'newest' }
  | { readonly kind: 'before_sequence'; readonly sequence: number }
  | { readonly kind: 'after_sequence'; readonly sequence: number }
  | { readonly kind: 'before'; readonly at: string }
  | { readonly kind: 'around'; readonly sequence: number }

/** With what the viewer is to the room, read in the same statement (SEC-2). */
export type PageRead = Standing & {
  /** Newest first, one more than asked for where there is more. */
  readonly messages: Message[]
  /** created_at of the oldest of the first `limit`, to the microsecond. */
  readonly instants: string[]
}

/** The rows of each kind of page; $3 is the bound, $4 how many. `also` narrows them down. */
const pageRows = (kind: PagePosition['kind'], also: string): string => {
  switch (kind) {
    case 'newest':
      return `SELECT * FROM messages m WHERE room_id = $1 AND $3::text IS NULL ${also}
        ORDER BY sequence_number DESC LIMIT $4`
    case 'before_sequence':
      return `SELECT * FROM messages m WHERE room_id = $1 AND sequence_number < $3::bigint ${also}
        ORDER BY sequence_number DESC LIMIT $4`
    case 'after_sequence':
      return `SELECT * FROM messages m WHERE room_id = $1 AND sequence_number > $3::bigint ${also}
        ORDER BY sequence_number ASC LIMIT $4`
    case 'before':
      return `SELECT * FROM messages m WHERE room_id = $1 AND created_at < $3::timestamptz ${also}
        ORDER BY created_at DESC, sequence_number DESC LIMIT $4`
    case 'around':
      return `SELECT * FROM messages m WHERE room_id = $1
        AND sequence_number > $3::bigint - $4 / 2 - 1 AND sequence_number <= $3::bigint + $4 / 2 ${also}
        ORDER BY sequence_number DESC LIMIT $4`
  }
}

const boundOf = (position: PagePosition): string | null => {
  if (position.kind === 'newest') return null
  return position.kind === 'before' ? position.at : String(position.sequence)
}

/** @returns null where there is no such room */
export const readMessagePage = async (
  client: Client,
  args: {
    readonly room_id: string
    readonly user_id: string
    readonly position: PagePosition
    /** How many to read: one more than the page shows tells whether there are more. */
    readonly count: number
    /** Only incident data that meets all of these (MSG-4). */
    readonly data?: readonly DataCondition[] | undefined
  },
): Promise<PageRead | null> => {
  const { kind } = args.position
  const values = valuesOf()
  for (const value of [args.room_id, args.user_id, boundOf(args.position), args.count])
    values.add(value)
  const also = args.data ? `AND ${meetsAll(args.data, values)}` : ''
  const { rows } = await client.query({
    // With conditions there are too many forms of it to keep.
    ...(args.data ? {} : { name: `read-message-page-${kind}` }),
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin,
        coalesce(page.messages, '[]') AS messages, coalesce(page.instants, '[]') AS instants
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      CROSS JOIN LATERAL (
        SELECT jsonb_agg(message_json(m, u.display_name) ORDER BY m.sequence_number DESC) AS messages,
          jsonb_agg(to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            ORDER BY m.sequence_number DESC) AS instants
        FROM (${pageRows(kind, also)}) AS m
        LEFT JOIN tr_users u ON u.user_id = m.sender_id
      ) AS page
      WHERE r.room_id = $1`,
    values: values.list,
  })
  return (rows[0] as PageRead | undefined) ?? null
}

/** The newest messages as of a revision, newest first, for a snapshot (CONN-5). */
export const readRecentMessages = async (
  client: Client,
  args: { readonly room_id: string; readonly upto_revision: number; readonly limit: number },
): Promise<Message[]> => {
  const { rows } = await client.query({
    name: 'read-recent-messages',
    text: `SELECT message_json(m, u.display_name) AS message
      FROM messages m LEFT JOIN tr_users u ON u.user_id = m.sender_id
      WHERE m.room_id = $1 AND m.revision <= $2 ORDER BY m.sequence_number DESC LIMIT $3`,
    values: [args.room_id, args.upto_revision, args.limit],
  })
  return rows.map((row) => row['message'] as Message)
}

/** What a person is to the room, and one message of it; null where the room has no such message. */
export const readMessage = async (
  client: Client,
  args: { readonly room_id: string; readonly message_id: string; readonly user_id: string },
): Promise<(Standing & { readonly message: Message | null }) | null> => {
  const { rows } = await client.query({
    name: 'read-message',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin,
        CASE WHEN m.room_id = r.room_id THEN message_json(m, u.display_name) END AS message
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      LEFT JOIN messages m ON m.message_id = $3
      LEFT JOIN tr_users u ON u.user_id = m.sender_id
      WHERE r.room_id = $1`,
    values: [args.room_id, args.user_id, args.message_id],
  })
  return (rows[0] as (Standing & { message: Message | null }) | undefined) ?? null
}

/** The pinned messages in the order of their event times; deleted ones are left out (MSG-11). */
export const listPins = async (
  client: Client,
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<(Standing & { readonly messages: Message[] }) | null> => {
  const { rows } = await client.query({
    name: 'list-pins',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin, (
        SELECT coalesce(jsonb_agg(message_json(m, u.display_name)
          ORDER BY m.event_at, m.sequence_number), '[]')
        FROM (
          SELECT * FROM messages
            WHERE room_id = r.room_id AND pinned_at IS NOT NULL AND deleted_at IS NULL
            ORDER BY event_at LIMIT ${PINS_MAX_COUNT}
        ) AS m LEFT JOIN tr_users u ON u.user_id = m.sender_id) AS messages
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      WHERE r.room_id = $1`,
    values: [room_id, user_id],
  })
  return (rows[0] as (Standing & { messages: Message[] }) | undefined) ?? null
}

/** Every text that a message had (MSG-7); null where the room has no such message. */
export const readMessageHistory = async (
  client: Client,
  args: { readonly room_id: string; readonly message_id: string; readonly user_id: string },
): Promise<(Standing & Nullable<MessageHistory>) | null> => {
  const { rows } = await client.query({
    name: 'read-message-history',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin,
        CASE WHEN m.room_id IS DISTINCT FROM r.room_id THEN NULL
          WHEN m.deleted_at IS NOT NULL THEN '[]'::jsonb
          ELSE (
            SELECT jsonb_agg(jsonb_build_object('content', CASE WHEN m.message_type = 'incident_data'
                  THEN v.payload -> 'data' ELSE v.payload -> 'content' END,
                'at', wire_time(v.at), 'revision', v.revision) ORDER BY v.revision)
            FROM (
              SELECT * FROM room_revisions
                WHERE room_id = m.room_id AND revision = m.revision
              UNION ALL
              SELECT * FROM room_revisions
                WHERE message_id = m.message_id AND kind <> 'message' AND kind = 'message_edited'
            ) AS v
          ) END AS versions
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      LEFT JOIN messages m ON m.message_id = $3
      WHERE r.room_id = $1`,
    values: [args.room_id, args.user_id, args.message_id],
  })
  return (rows[0] as (Standing & Nullable<MessageHistory>) | undefined) ?? null
}

type Nullable<Type> = { readonly [Key in keyof Type]: Type[Key] | null }
