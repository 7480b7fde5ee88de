-- The proof of the record (API-9, SEC-4).

-- The link of a change that is about a message: its message is part of what is hashed, or it could
-- be hung on another message unseen. A message's own revision says it already: its change_id is the
-- message's id. Without a message this is the link of before, so older rooms prove as they are.
CREATE FUNCTION revision_hash(
  previous_hash bytea, room_id uuid, revision bigint, kind text, change_id uuid, message_id uuid,
  actor_id text, at timestamptz, payload jsonb
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN message_id IS NULL OR kind = 'message'
    THEN revision_hash(previous_hash, room_id, revision, kind, change_id, actor_id, at, payload)
    ELSE sha256(previous_hash || convert_to(
      jsonb_build_array(
        room_id, revision, kind, change_id, actor_id, (extract(epoch FROM at) * 1000000)::bigint, payload,
        message_id
      )::text, 'UTF8'))
  END
$$;
--> statement-breakpoint

-- Adds one revision to a room whose row the caller has locked. Returns its number.
CREATE OR REPLACE FUNCTION append_revision(
  p_room_id uuid, p_kind text, p_change_id uuid, p_message_id uuid, p_actor_id text,
  p_at timestamptz, p_payload jsonb
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_revision bigint;
  v_previous bytea;
  v_hash bytea;
BEGIN
  SELECT last_revision + 1, last_hash INTO STRICT v_revision, v_previous
    FROM incident_rooms WHERE room_id = p_room_id;
  v_hash := revision_hash(
    v_previous, p_room_id, v_revision, p_kind, p_change_id, p_message_id, p_actor_id, p_at, p_payload);
  INSERT INTO room_revisions VALUES
    (p_room_id, v_revision, p_kind, p_change_id, p_message_id, p_actor_id, p_at, p_payload, v_previous, v_hash);
  UPDATE incident_rooms
    SET last_revision = v_revision, last_hash = v_hash, last_activity_at = p_at
    WHERE room_id = p_room_id;
  RETURN v_revision;
END $$;
