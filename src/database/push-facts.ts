/**
 * Whom a stretch of a room's messages may concern, and how they are reached (WEB-5), in one
 * statement: members as of now, their levels, read marks and browsers, and the words as they are
 * now. Who is told in the end is decided in `domain/push`.
 */
import type { PushFacts } from '../domain/push/facts.ts'
import { DEFAULT_NOTIFICATION_LEVEL } from '../protocol/notification.ts'
import type { Client } from './client.ts'
import { quietHoursJson } from './notifications.ts'

/** A push shows one message; further back nobody counts. */
const saidMaxCount = 200

/** Characters of words that are read; the payload holds fewer. */
const wordsMaxLength = 400

/** `s` is push_subscriptions. */
const isValid = `(s.expires_at IS NULL OR s.expires_at > clock_timestamp())`

/** Common tables of a range: $1 the room, after $2 up to $3. */
const commonTables = `said AS MATERIALIZED (
    SELECT m.* FROM messages m
      WHERE m.room_id = $1 AND m.sequence_number <= $3
        AND m.sequence_number > greatest($2::bigint, $3::bigint - ${saidMaxCount})
        AND m.deleted_at IS NULL AND m.message_type <> 'system'),
  mentioned AS (
    SELECT user_id, jsonb_agg(sequence_number ORDER BY sequence_number) AS mentioned_in
      FROM said CROSS JOIN LATERAL unnest(said.mentions) AS user_id
      WHERE user_id <> said.sender_id GROUP BY user_id),
  reachable AS MATERIALIZED (
    SELECT m.user_id, m.read_sequence, ${quietHoursJson} AS quiet_hours,
        coalesce(l.level, n.level, '${DEFAULT_NOTIFICATION_LEVEL}') AS level
      FROM room_members m
      LEFT JOIN room_notification_levels l ON l.room_id = m.room_id AND l.user_id = m.user_id
      LEFT JOIN notification_settings n ON n.user_id = m.user_id
      WHERE m.room_id = $1
        AND EXISTS (SELECT FROM push_subscriptions s WHERE s.user_id = m.user_id AND ${isValid})),
  concerned AS (
    SELECT r.*, coalesce(mentioned.mentioned_in, '[]') AS mentioned_in
      FROM reachable r LEFT JOIN mentioned USING (user_id)
      WHERE r.user_id > $4 AND (r.level = 'all'
        OR r.level = 'mentions' AND mentioned.mentioned_in IS NOT NULL)
      ORDER BY r.user_id LIMIT $5)`

/** `m` is a message of the range, `u` its sender, `f` its file. */
const saidJson = `jsonb_build_object('message_id', m.message_id,
  'sequence_number', m.sequence_number, 'sender_id', m.sender_id,
  'sender_display_name', coalesce(u.display_name, m.sender_id), 'message_type', m.message_type,
  'words', CASE WHEN m.message_type = 'incident_data' THEN '' ELSE left(m.content, ${wordsMaxLength}) END,
  'data', CASE WHEN m.message_type = 'incident_data' THEN m.data END, 'file_name', f.name,
  'sent_at', wire_time(m.created_at))`

/** `c` is one who is concerned. */
const personJson = `jsonb_build_object('user_id', c.user_id, 'level', c.level,
  'quiet_hours', c.quiet_hours, 'read_sequence', c.read_sequence, 'mentioned_in', c.mentioned_in,
  'subscriptions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'subscription_id', s.subscription_id, 'endpoint', s.endpoint, 'p256dh', s.p256dh,
      'auth', s.auth, 'since', wire_time(s.created_at), 'renewed_at', s.updated_at)
      ORDER BY s.subscription_id), '[]')
    FROM push_subscriptions s WHERE s.user_id = c.user_id AND ${isValid}))`

/**
 * @param args.after_user_id people come in pages, by their id; '' for the first
 * @returns null where there is no such room
 */
export const readPushFacts = async (
  client: Client,
  args: {
    readonly room_id: string
    readonly after: number
    readonly upto: number
    readonly after_user_id: string
    readonly limit: number
  },
): Promise<PushFacts | null> => {
  const { rows } = await client.query({
    name: 'read-push-facts',
    text: `WITH ${commonTables}
      SELECT r.title AS room_title,
        coalesce((SELECT CASE WHEN bool_or(level = 'all') THEN 'all'
          WHEN bool_or(level = 'mentions') THEN 'mentions' END FROM reachable), 'nothing') AS wants,
        (SELECT coalesce(jsonb_agg(${saidJson} ORDER BY m.sequence_number), '[]')
          FROM said m LEFT JOIN tr_users u ON u.user_id = m.sender_id
          LEFT JOIN files f ON f.file_id = m.file_id
          WHERE EXISTS (SELECT FROM concerned)) AS said,
        (SELECT coalesce(jsonb_agg(${personJson} ORDER BY c.user_id), '[]')
          FROM concerned c) AS people
      FROM incident_rooms r WHERE r.room_id = $1`,
    values: [args.room_id, args.after, args.upto, args.after_user_id, args.limit],
  })
  return (rows[0] as PushFacts | undefined) ?? null
}
