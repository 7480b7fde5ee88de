/**
 * A message as it was at the report's revision, whatever happened to it while the report is read:
 * earlier words and reactions come from the revisions. With one exception: what was deleted since
 * is deleted (MSG-8).
 */

/** `m` is the message, `u` its sender, `asked.revision` the moment. Most messages are as they are. */
export const messageAsOf = `(message_json(m, u.display_name) || CASE
  WHEN m.deleted_at IS NULL AND EXISTS (
    SELECT FROM room_revisions later
    WHERE later.message_id = m.message_id AND later.kind <> 'message'
      AND later.revision > asked.revision)
  THEN jsonb_build_object('reactions', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('emoji', by_emoji.emoji,
        'count', cardinality(by_emoji.user_ids), 'user_ids', by_emoji.user_ids,
        'first_revision', by_emoji.first_revision) ORDER BY by_emoji.first_revision), '[]')
      FROM (
        SELECT one.emoji, array_agg(one.actor_id ORDER BY one.revision) AS user_ids,
          min(one.revision) AS first_revision
        FROM (
          SELECT DISTINCT ON (c.payload ->> 'emoji', c.actor_id)
            c.payload ->> 'emoji' AS emoji, c.actor_id, c.kind, c.revision
          FROM room_revisions c
          WHERE c.message_id = m.message_id AND c.revision <= asked.revision
            AND c.kind IN ('reaction_added', 'reaction_removed')
          ORDER BY c.payload ->> 'emoji', c.actor_id, c.revision DESC
        ) AS one WHERE one.kind = 'reaction_added' GROUP BY one.emoji
      ) AS by_emoji))
    || CASE WHEN m.message_type = 'incident_data' THEN '{}' ELSE (
      SELECT jsonb_build_object('content', coalesce(edited.payload, first.payload) ->> 'content',
        'edited_at', wire_time(edited.at))
      FROM room_revisions first
      LEFT JOIN LATERAL (
        SELECT c.payload, c.at FROM room_revisions c
        WHERE c.message_id = m.message_id AND c.kind = 'message_edited'
          AND c.revision <= asked.revision
        ORDER BY c.revision DESC LIMIT 1
      ) AS edited ON true
      WHERE first.room_id = m.room_id AND first.revision = m.revision) END
  ELSE '{}' END)`
