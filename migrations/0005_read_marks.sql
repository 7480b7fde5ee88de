-- Read marks: how far each member has read (INBOX-2), and what came after.

-- Unread messages and mentions after a mark: what others said and did not delete, without the
-- notices of the system, among the first 1,000 messages after it (UNREAD_MAX_COUNT). Sequence numbers have no gaps, so that is one short range of one
-- index, however long the room is; and a count can be carried forward message by message.
CREATE FUNCTION unread_after(p_room_id uuid, p_user_id text, p_read_sequence bigint)
RETURNS TABLE (unread_count int, mention_count int)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT count(*)::int, (count(*) FILTER (WHERE p_user_id = ANY (m.mentions)))::int
  FROM (
    SELECT sender_id, deleted_at, mentions, message_type FROM messages
    WHERE room_id = p_room_id AND sequence_number > p_read_sequence
      AND sequence_number <= p_read_sequence + 1000
    ORDER BY sequence_number LIMIT 1000
  ) AS m
  WHERE m.sender_id <> p_user_id AND m.deleted_at IS NULL AND m.message_type <> 'system'
$$;
--> statement-breakpoint

-- The last message of a room as cards show it; null where nothing was said yet.
CREATE FUNCTION last_message_json(p_room_id uuid, p_length int) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('sender_id', m.sender_id,
    'sender_display_name', coalesce(u.display_name, m.sender_id),
    'message_type', m.message_type,
    'preview', CASE WHEN m.deleted_at IS NULL THEN left(m.content, p_length) ELSE '' END)
  FROM messages m LEFT JOIN tr_users u ON u.user_id = m.sender_id
  WHERE m.room_id = p_room_id ORDER BY m.sequence_number DESC LIMIT 1
$$;
--> statement-breakpoint

-- Moves the marks of some members of one room, forward only and never beyond its last message,
-- and returns where they stand and what came after. Members alone have marks: others get no row.
-- The rows are locked in the order of their key, so that two such calls cannot wait for each other.
CREATE FUNCTION move_read_marks(p_room_id uuid, p_user_ids text[], p_sequences bigint[])
RETURNS TABLE (user_id text, read_sequence bigint, unread_count int, mention_count int, revision bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_last_sequence bigint;
BEGIN
  SELECT r.last_sequence INTO v_last_sequence FROM incident_rooms r WHERE r.room_id = p_room_id;
  PERFORM FROM room_members m WHERE m.room_id = p_room_id AND m.user_id = ANY (p_user_ids)
    ORDER BY m.user_id FOR NO KEY UPDATE;
  -- A new statement after the lock: it sees marks that others moved meanwhile.
  UPDATE room_members m SET read_sequence = least(asked.upto, v_last_sequence)
    FROM (SELECT a.user_id, max(a.upto) AS upto
      FROM unnest(p_user_ids, p_sequences) AS a(user_id, upto) GROUP BY a.user_id) AS asked
    WHERE m.room_id = p_room_id AND m.user_id = asked.user_id
      AND m.read_sequence < least(asked.upto, v_last_sequence);
  RETURN QUERY
    SELECT m.user_id, m.read_sequence, c.unread_count, c.mention_count, r.last_revision
    FROM room_members m
    JOIN incident_rooms r ON r.room_id = m.room_id
    CROSS JOIN LATERAL unread_after(m.room_id, m.user_id, m.read_sequence) AS c
    WHERE m.room_id = p_room_id AND m.user_id = ANY (p_user_ids);
END $$;
