/**
 * The rows of each section of a report: `rows`, a JSON list, and `next`, where the page after it
 * begins. `r` is the room, `asked` the revision, the range and the end of the page before.
 */
import type { ReportSection } from '../domain/report/page.ts'
import { messageAsOf } from './report-message.ts'

/** Rows of a page, messages and others; the events of a timeline carry messages of their own. */
const messagesMaxCount = 500
const peopleMaxCount = 500
const eventsMaxCount = 200

/**
 * Words and data of a page of messages: 500 of the longest would be 24 MB, more than may be held
 * or sent between objects. A page has one message at least, which is 64 KB at most.
 */
const messagesMaxBytes = 1_048_576

/** Of a pinned message's words in the timeline, which shows fewer. */
const pinnedMaxLength = 600

const isInRange = (at: string): string =>
  `(asked.from_at IS NULL OR ${at} >= asked.from_at) AND (asked.to_at IS NULL OR ${at} < asked.to_at)`

/** Messages of the report that are `wanted`, as `m` with their senders `u` and `replied`. */
const messageRows = ({ wanted, row }: { wanted: string; row: string }): string => `
  WITH listed AS (
    SELECT m.message_id, m.sequence_number,
      octet_length(m.content) + coalesce(octet_length(m.data::text), 0) AS bytes
    FROM messages m
    WHERE m.room_id = r.room_id
      AND m.sequence_number >= asked.first_sequence AND m.sequence_number <= asked.last_sequence
      AND m.sequence_number > coalesce(asked.after::bigint, 0)
      AND ${isInRange('m.created_at')} AND ${wanted}
    ORDER BY m.sequence_number LIMIT ${messagesMaxCount}
  ), measured AS (
    SELECT message_id, sequence_number, sum(bytes) OVER so_far AS bytes,
      row_number() OVER so_far AS place, count(*) OVER () AS listed
    FROM listed WINDOW so_far AS (ORDER BY sequence_number)
  )
  SELECT jsonb_agg(${row} ORDER BY m.sequence_number) AS rows,
    CASE WHEN max(taken.listed) = ${messagesMaxCount} OR count(*) < max(taken.listed)
      THEN max(m.sequence_number)::text END AS next
  FROM measured taken
  JOIN messages m ON m.message_id = taken.message_id
  LEFT JOIN tr_users u ON u.user_id = m.sender_id
  LEFT JOIN messages replied ON replied.message_id = m.reply_to
  WHERE taken.bytes <= ${messagesMaxBytes} OR taken.place = 1`

const ofMessage = `'sequence_number', m.sequence_number, 'at', wire_time(m.created_at),
  'sender_name', coalesce(u.display_name, m.sender_id)`

/** A page goes on after the revision at which somebody first appeared; no two share one. */
const peopleRows = `
  WITH steps AS (
    SELECT CASE WHEN c.kind = 'room_created' THEN c.actor_id ELSE c.payload ->> 'user_id' END
        AS user_id,
      CASE c.kind WHEN 'room_created' THEN 'owner' WHEN 'member_removed' THEN NULL
        ELSE c.payload ->> 'role' END AS role,
      c.revision
    FROM room_revisions c
    WHERE c.room_id = r.room_id AND c.revision <= asked.revision
      AND c.kind IN ('room_created', 'member_added', 'member_role_changed', 'member_removed')
  ), belonged AS (
    SELECT user_id, min(revision) AS since, (array_agg(role ORDER BY revision DESC))[1] AS role
    FROM steps GROUP BY user_id
  ), said AS (
    SELECT m.sender_id AS user_id, min(m.revision) AS since, count(*) AS messages,
      min(m.sequence_number) AS first_sequence, max(m.sequence_number) AS last_sequence,
      min(m.created_at) AS first_at, max(m.created_at) AS last_at
    FROM messages m
    WHERE m.room_id = r.room_id AND m.message_type <> 'system'
      AND m.sequence_number BETWEEN asked.first_sequence AND asked.last_sequence
      AND ${isInRange('m.created_at')}
    GROUP BY m.sender_id
  ), listed AS (
    SELECT user_id, belonged.role, belonged.user_id IS NOT NULL AS was_member,
      least(belonged.since, said.since) AS since, coalesce(said.messages, 0) AS messages,
      said.first_sequence, said.first_at, said.last_sequence, said.last_at
    FROM belonged FULL JOIN said USING (user_id)
    WHERE least(belonged.since, said.since) > coalesce(asked.after::bigint, 0)
    ORDER BY least(belonged.since, said.since) LIMIT ${peopleMaxCount}
  )
  SELECT jsonb_agg(jsonb_build_object('user_id', l.user_id,
      'display_name', coalesce(u.display_name, l.user_id), 'role', l.role,
      'was_member', l.was_member, 'messages', l.messages,
      'first_sequence', l.first_sequence, 'first_at', wire_time(l.first_at),
      'last_sequence', l.last_sequence, 'last_at', wire_time(l.last_at)) ORDER BY l.since) AS rows,
    CASE WHEN count(*) = ${peopleMaxCount} THEN max(l.since)::text END AS next
  FROM listed l LEFT JOIN tr_users u ON u.user_id = l.user_id`

/** The ids under which a change says what it did in the room (API-4); it uses one or two of them. */
const noticeIds = `ARRAY(
  SELECT 'system:' || e.change_id || ':' || event FROM unnest('{status_changed, title_changed,
    member_added, member_role_changed, member_removed, member_left, ownership_transferred}'::text[])
    AS event)`

/**
 * Changes by when they were made, pins by when it happened. Only the last word about a pin counts.
 * A change that was also said in the room has that message's number.
 */
const timelineRows = `
  WITH changes AS (
    SELECT c.* FROM room_revisions c
    WHERE c.room_id = r.room_id AND c.revision <= asked.revision
      AND c.kind IN ('room_created', 'room_updated', 'member_added', 'member_role_changed',
        'member_removed', 'message_pinned', 'message_unpinned')
  ), pins AS (
    SELECT DISTINCT ON (c.message_id) c.* FROM changes c
    WHERE c.kind IN ('message_pinned', 'message_unpinned')
    ORDER BY c.message_id, c.revision DESC
  ), events AS (
    SELECT c.revision, c.kind, c.actor_id, c.payload, c.at, c.change_id,
      NULL::uuid AS message_id
    FROM changes c WHERE c.kind NOT IN ('message_pinned', 'message_unpinned')
    UNION ALL
    SELECT p.revision, p.kind, p.actor_id, p.payload,
      coalesce((p.payload ->> 'event_at')::timestamptz, m.created_at), p.change_id, p.message_id
    FROM pins p JOIN messages m ON m.message_id = p.message_id WHERE p.kind = 'message_pinned'
  ), listed AS (
    SELECT e.* FROM events e
    WHERE ${isInRange('e.at')} AND (asked.after IS NULL OR (e.at, e.revision) >
      (split_part(asked.after, '|', 1)::timestamptz, split_part(asked.after, '|', 2)::bigint))
    ORDER BY e.at, e.revision LIMIT ${eventsMaxCount}
  )
  SELECT jsonb_agg(jsonb_build_object('revision', e.revision, 'kind', e.kind,
      'sequence_number', coalesce(m.sequence_number, told.sequence_number),
      'at', wire_time(e.at), 'actor_id', e.actor_id,
      'actor_name', coalesce(actor.display_name, e.actor_id))
    || CASE
      WHEN e.kind = 'message_pinned' THEN jsonb_build_object('message', shown.message)
      WHEN e.kind = 'room_updated' THEN jsonb_build_object('payload', e.payload)
      WHEN e.kind = 'room_created' THEN '{}'
      ELSE jsonb_build_object('subject_id', e.payload ->> 'user_id', 'role', e.payload ->> 'role',
        'subject_name', coalesce(subject.display_name, e.payload ->> 'user_id'))
    END ORDER BY e.at, e.revision) AS rows,
    CASE WHEN count(*) = ${eventsMaxCount} THEN (array_agg(
      to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '|' || e.revision
      ORDER BY e.at DESC, e.revision DESC))[1] END AS next
  FROM listed e
  LEFT JOIN tr_users actor ON actor.user_id = e.actor_id
  LEFT JOIN tr_users subject ON subject.user_id = e.payload ->> 'user_id'
  LEFT JOIN messages m ON m.message_id = e.message_id
  LEFT JOIN tr_users u ON u.user_id = m.sender_id
  LEFT JOIN LATERAL (
    SELECT min(n.sequence_number) AS sequence_number FROM messages n
    WHERE n.room_id = r.room_id AND n.sender_id = e.actor_id AND n.revision <= asked.revision
      AND n.client_message_id = ANY (${noticeIds})
  ) AS told ON e.message_id IS NULL
  LEFT JOIN LATERAL (
    SELECT CASE WHEN jsonb_typeof(full_message -> 'content') = 'string'
      THEN full_message || jsonb_build_object(
        'content', left(full_message ->> 'content', ${pinnedMaxLength}))
      ELSE full_message END AS message
    FROM (SELECT ${messageAsOf} AS full_message) AS f
  ) AS shown ON m.message_id IS NOT NULL`

export const pageRows: Record<ReportSection, string> = {
  people: peopleRows,
  timeline: timelineRows,
  readings: messageRows({
    wanted: `m.message_type = 'incident_data' AND m.deleted_at IS NULL`,
    row: `jsonb_build_object(${ofMessage}, 'data', m.data)`,
  }),
  attachments: messageRows({
    wanted: 'm.file_id IS NOT NULL AND m.deleted_at IS NULL',
    row: `jsonb_build_object(${ofMessage}) || (
      SELECT jsonb_build_object('file_id', m.file_id, 'name', coalesce(f.name, ''),
        'content_type', coalesce(f.content_type, ''), 'size_bytes', coalesce(f.size_bytes, 0))
      FROM (SELECT 1) AS one LEFT JOIN files f ON f.file_id = m.file_id)`,
  }),
  transcript: messageRows({
    wanted: 'true',
    row: `jsonb_build_object('message', ${messageAsOf}, 'reply_sequence', replied.sequence_number)`,
  }),
}
