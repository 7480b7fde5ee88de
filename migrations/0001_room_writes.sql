-- How rooms are written. Every writer, the room's actor and any other, goes through here, so the
-- order, the numbering and the hash chain hold whoever writes.

-- Times on the wire: RFC 3339, UTC, milliseconds.
CREATE FUNCTION wire_time(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint

-- The one shape of a message (MSG-5), for pages, live frames and replays. A deleted message
-- keeps its place and loses its words (MSG-8).
CREATE FUNCTION message_json(m messages, sender_display_name text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object(
    'message_id', m.message_id,
    'room_id', m.room_id,
    'sender_id', m.sender_id,
    'sender_display_name', coalesce(sender_display_name, m.sender_id),
    'client_message_id', m.client_message_id,
    'content', CASE WHEN m.deleted_at IS NULL THEN m.content ELSE '' END,
    'data', CASE WHEN m.deleted_at IS NULL THEN m.data END,
    'message_type', m.message_type,
    'mentions', to_jsonb(m.mentions),
    'file_id', m.file_id,
    'file_url', NULL,
    'file', NULL,
    'reply_to', m.reply_to,
    'created_at', wire_time(m.created_at),
    'edited_at', wire_time(m.edited_at),
    'deleted_at', wire_time(m.deleted_at),
    'sequence_number', m.sequence_number,
    'revision', m.revision,
    'reactions', '[]'::jsonb
  )
$$;
--> statement-breakpoint

-- A room's changes after one revision, oldest first: what a resume replays (CONN-5).
CREATE FUNCTION room_changes(p_room_id uuid, p_after bigint, p_upto bigint, p_limit int)
RETURNS SETOF jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'revision', r.revision,
    'kind', r.kind,
    'at', wire_time(r.at),
    'actor_id', r.actor_id,
    'payload', CASE WHEN r.kind = 'message' THEN '{}'::jsonb ELSE r.payload END,
    'display_name', subject.display_name,
    'is_admin', subject.is_admin,
    'message', CASE WHEN m.message_id IS NOT NULL THEN message_json(m, sender.display_name) END
  )
  FROM room_revisions r
  LEFT JOIN messages m ON r.kind = 'message' AND m.message_id = r.message_id
  LEFT JOIN tr_users sender ON sender.user_id = m.sender_id
  LEFT JOIN tr_users subject ON subject.user_id = r.payload ->> 'user_id'
  WHERE r.room_id = p_room_id AND r.revision > p_after AND r.revision <= p_upto
  ORDER BY r.revision
  LIMIT p_limit
$$;
--> statement-breakpoint

-- The link of the chain (SEC-4): SHA-256 over the hash before and the canonical text of the row.
CREATE FUNCTION revision_hash(
  previous_hash bytea, room_id uuid, revision bigint, kind text, change_id uuid, actor_id text,
  at timestamptz, payload jsonb
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(previous_hash || convert_to(
    jsonb_build_array(
      room_id, revision, kind, change_id, actor_id, (extract(epoch FROM at) * 1000000)::bigint, payload
    )::text, 'UTF8'))
$$;
--> statement-breakpoint

-- A room's own clock: never backwards and never twice the same, so that a page by time splits
-- nowhere (API-1). A clock that was set back by more than a second is believed.
CREATE FUNCTION next_instant(last_activity_at timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$
  SELECT CASE
    WHEN clock_timestamp() > last_activity_at THEN clock_timestamp()
    WHEN last_activity_at - clock_timestamp() > interval '1 second' THEN clock_timestamp()
    ELSE last_activity_at + interval '1 microsecond'
  END
$$;
--> statement-breakpoint

-- Adds one revision to a room whose row the caller has locked. Returns its number.
CREATE FUNCTION append_revision(
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
  v_hash := revision_hash(v_previous, p_room_id, v_revision, p_kind, p_change_id, p_actor_id, p_at, p_payload);
  INSERT INTO room_revisions VALUES
    (p_room_id, v_revision, p_kind, p_change_id, p_message_id, p_actor_id, p_at, p_payload, v_previous, v_hash);
  UPDATE incident_rooms
    SET last_revision = v_revision, last_hash = v_hash, last_activity_at = p_at
    WHERE room_id = p_room_id;
  RETURN v_revision;
END $$;
--> statement-breakpoint

-- Adds one message to a room whose row the caller has locked, and its revision, in one statement.
-- False: this sender used this client_message_id before, and nothing was written. The constraint
-- is named, so that no plan made while the table was empty can look it up by another index.
CREATE FUNCTION append_message(
  p_room incident_rooms, p_item jsonb, p_message_type text, p_mentions text[], p_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  v_message_id uuid := p_item ->> 'change_id';
  v_actor text := p_item ->> 'actor_id';
  v_revision bigint := p_room.last_revision + 1;
  v_sequence bigint := p_room.last_sequence + 1;
  v_payload jsonb := jsonb_build_object(
    'sequence_number', v_sequence,
    'client_message_id', p_item ->> 'client_message_id',
    'content', p_item ->> 'content',
    'data', p_item -> 'data',
    'message_type', p_message_type,
    'mentions', to_jsonb(p_mentions),
    'reply_to', p_item ->> 'reply_to'
  );
  v_hash bytea := revision_hash(
    p_room.last_hash, p_room.room_id, v_revision, 'message', v_message_id, v_actor, p_at, v_payload);
BEGIN
  WITH message AS (
    INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, data, message_type, mentions, reply_to, created_at)
    VALUES (v_message_id, p_room.room_id, v_sequence, v_revision, v_actor,
        p_item ->> 'client_message_id', p_item ->> 'content', nullif(p_item -> 'data', 'null'),
        p_message_type, p_mentions, (p_item ->> 'reply_to')::uuid, p_at)
    ON CONFLICT ON CONSTRAINT messages_client_id DO NOTHING
    RETURNING message_id
  ), revision AS (
    INSERT INTO room_revisions
    SELECT p_room.room_id, v_revision, 'message', v_message_id, message_id, v_actor, p_at,
        v_payload, p_room.last_hash, v_hash
      FROM message
  )
  UPDATE incident_rooms r
    SET last_sequence = v_sequence, last_revision = v_revision, last_hash = v_hash,
        last_activity_at = p_at
    FROM message
    WHERE r.room_id = p_room.room_id;
  RETURN FOUND;
END $$;
--> statement-breakpoint

-- Opens a room: its row, its first owner, its first revision. The same id again changes nothing.
CREATE FUNCTION create_room(p_room_id uuid, p_actor_id text, p_details jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_at timestamptz := clock_timestamp();
BEGIN
  INSERT INTO incident_rooms (room_id, title, incident_type, severity, location, description, lots,
      created_by, created_at, updated_at, last_activity_at)
    VALUES (p_room_id, p_details ->> 'title', p_details ->> 'incident_type',
      p_details ->> 'severity', coalesce(p_details ->> 'location', ''),
      coalesce(p_details ->> 'description', ''), coalesce(p_details -> 'lots', '[]'),
      p_actor_id, v_at, v_at, v_at)
    ON CONFLICT (room_id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO room_members (room_id, user_id, role, joined_at)
    VALUES (p_room_id, p_actor_id, 'owner', v_at);
  PERFORM append_revision(p_room_id, 'room_created', p_room_id, NULL, p_actor_id, v_at, p_details);
END $$;
--> statement-breakpoint

-- The refusals below are values: they go back to the one who asked and take nothing else along.
CREATE FUNCTION refused(code text, message text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('status', 'refused', 'code', code, 'message', message)
$$;
--> statement-breakpoint

-- The first result of a message that was committed before (MSG-3); null where there is none. The
-- first text is compared, not one that was edited since. Planned anew each time, which is rare
-- enough: a plan made while the table was empty may take an index that reads the whole room.
CREATE FUNCTION first_result(p_room_id uuid, p_item jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET plan_cache_mode = force_custom_plan AS $$
  SELECT CASE
    WHEN r.payload ->> 'content' = p_item ->> 'content'
      AND r.payload ->> 'message_type' = p_item ->> 'message_type'
      AND r.payload -> 'data' = coalesce(p_item -> 'data', 'null')
      AND r.payload ->> 'reply_to' IS NOT DISTINCT FROM p_item ->> 'reply_to'
    THEN jsonb_build_object('status', 'duplicate', 'message_id', m.message_id,
      'sequence_number', m.sequence_number, 'revision', m.revision,
      'created_at', wire_time(m.created_at))
    ELSE refused('conflict', 'this client_message_id was used for another message')
  END
  FROM messages m
  LEFT JOIN room_revisions r ON r.room_id = m.room_id AND r.revision = m.revision
  WHERE m.room_id = p_room_id AND m.sender_id = p_item ->> 'actor_id'
    AND m.client_message_id = p_item ->> 'client_message_id'
$$;
--> statement-breakpoint

-- One message, in a room whose row is locked and whose counters are confirmed.
CREATE FUNCTION commit_message(p_room incident_rooms, p_item jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_actor text := p_item ->> 'actor_id';
  v_role text;
  v_display_name text;
  v_is_admin boolean;
  v_refused jsonb;
  v_asked text[];
  v_mentions text[] := '{}';
  v_at timestamptz := next_instant(p_room.last_activity_at);
BEGIN
  -- A new statement after the lock has a new snapshot: it sees who is a member as of now.
  SELECT m.role, coalesce(u.display_name, v_actor), coalesce(u.is_admin, false)
    INTO v_role, v_display_name, v_is_admin
    FROM (SELECT 1) AS one
    LEFT JOIN room_members m ON m.room_id = p_room.room_id AND m.user_id = v_actor
    LEFT JOIN tr_users u ON u.user_id = v_actor;

  IF v_role IS NULL AND NOT v_is_admin THEN
    v_refused := refused('forbidden', 'you are not a member of this room');
  ELSIF v_role = 'viewer' AND NOT v_is_admin THEN
    v_refused := refused('forbidden', 'viewers may not write');
  ELSIF p_room.status = 'archived' THEN
    v_refused := refused('forbidden', 'the room is archived');
  ELSIF p_item ->> 'reply_to' IS NOT NULL AND p_room.room_id IS DISTINCT FROM (
    SELECT m.room_id FROM messages m WHERE m.message_id = (p_item ->> 'reply_to')::uuid
  ) THEN
    v_refused := refused('not_found', 'reply_to names no message of this room');
  END IF;
  IF v_refused IS NOT NULL THEN
    -- What was committed before stays committed, whatever the sender has become since.
    RETURN coalesce(first_result(p_room.room_id, p_item), v_refused);
  END IF;

  IF jsonb_array_length(p_item -> 'mentions') > 0 THEN
    SELECT array_agg(DISTINCT value) INTO v_asked
      FROM jsonb_array_elements_text(p_item -> 'mentions') AS value;
    SELECT coalesce(array_agg(m.user_id ORDER BY m.user_id), '{}') INTO v_mentions
      FROM room_members m WHERE m.room_id = p_room.room_id AND m.user_id = ANY (v_asked);
  END IF;

  IF NOT append_message(p_room, p_item, p_item ->> 'message_type', v_mentions, v_at) THEN
    RETURN first_result(p_room.room_id, p_item);
  END IF;
  RETURN jsonb_build_object('status', 'committed',
    'sequence_number', p_room.last_sequence + 1, 'revision', p_room.last_revision + 1,
    'created_at', wire_time(v_at), 'sender_display_name', v_display_name,
    'mentions', to_jsonb(v_mentions));
END $$;
--> statement-breakpoint

-- One change of the room or its members, in a room whose row is locked. What it did is read back
-- as changes by the caller; the numbers alone are returned here.
CREATE FUNCTION commit_change(p_room incident_rooms, p_item jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_room_id uuid := p_room.room_id;
  v_kind text := p_item ->> 'kind';
  v_change_id uuid := p_item ->> 'change_id';
  v_actor text := p_item ->> 'actor_id';
  v_subject text := p_item ->> 'user_id';
  v_role text := p_item ->> 'role';
  v_at timestamptz := next_instant(p_room.last_activity_at);
  v_my_role text;
  v_their_role text;
  v_is_admin boolean;
  v_is_last_owner boolean;
  v_asked jsonb := p_item -> 'changes';
  v_changes jsonb;
BEGIN
  IF EXISTS (
    SELECT FROM room_revisions r
      WHERE r.change_id = v_change_id AND r.room_id = v_room_id AND r.kind <> 'message'
  ) THEN
    RETURN jsonb_build_object('status', 'repeated');
  END IF;

  SELECT m.role, coalesce(u.is_admin, false) INTO v_my_role, v_is_admin
    FROM (SELECT 1) AS one
    LEFT JOIN room_members m ON m.room_id = v_room_id AND m.user_id = v_actor
    LEFT JOIN tr_users u ON u.user_id = v_actor;
  IF v_is_admin THEN
    v_my_role := 'owner';
  END IF;
  IF v_my_role IS NULL THEN
    RETURN refused('forbidden', 'you are not a member of this room');
  END IF;

  IF v_kind = 'room_updated' THEN
    IF v_my_role = 'viewer' THEN
      RETURN refused('forbidden', 'viewers may not change the room');
    ELSIF v_my_role <> 'owner' AND (v_asked ->> 'status' = 'archived' OR p_room.status = 'archived') THEN
      RETURN refused('forbidden', 'only an owner may archive a room or take it out of the archive');
    ELSIF p_room.status = 'archived' AND NOT v_asked ? 'status' THEN
      RETURN refused('forbidden', 'the room is archived');
    END IF;
    SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO v_changes
      FROM jsonb_each(v_asked) WHERE value IS DISTINCT FROM to_jsonb(p_room) -> key;
    IF v_changes = '{}' THEN
      RETURN jsonb_build_object('status', 'unchanged');
    END IF;
    UPDATE incident_rooms SET
        title = coalesce(v_changes ->> 'title', title),
        incident_type = coalesce(v_changes ->> 'incident_type', incident_type),
        severity = coalesce(v_changes ->> 'severity', severity),
        status = coalesce(v_changes ->> 'status', status),
        location = coalesce(v_changes ->> 'location', location),
        description = coalesce(v_changes ->> 'description', description),
        lots = coalesce(v_changes -> 'lots', lots),
        updated_at = v_at
      WHERE room_id = v_room_id;
    PERFORM append_revision(v_room_id, v_kind, v_change_id, NULL, v_actor, v_at, v_changes);
    IF v_changes ? 'status' THEN
      -- API-4: a change of status is also said in the room.
      SELECT * INTO p_room FROM incident_rooms WHERE room_id = v_room_id;
      PERFORM append_message(p_room, p_item || jsonb_build_object(
          'change_id', p_item ->> 'message_id',
          'client_message_id', 'system:' || v_change_id,
          'content', format('Status changed to %s', v_changes ->> 'status'),
          'data', jsonb_build_object('event', 'status_changed', 'to', v_changes ->> 'status')
        ), 'system', '{}', next_instant(v_at));
    END IF;
    RETURN jsonb_build_object('status', 'changed');
  END IF;

  SELECT m.role INTO v_their_role
    FROM room_members m WHERE m.room_id = v_room_id AND m.user_id = v_subject;
  v_is_last_owner := v_their_role = 'owner' AND (
    SELECT count(*) = 1 FROM room_members m WHERE m.room_id = v_room_id AND m.role = 'owner');

  IF v_my_role <> 'owner' AND NOT (v_kind = 'member_removed' AND v_subject = v_actor) THEN
    RETURN refused('forbidden', 'only an owner may change the members');
  END IF;

  IF v_kind = 'member_added' THEN
    IF v_their_role = v_role THEN
      RETURN jsonb_build_object('status', 'unchanged');
    ELSIF v_their_role IS NOT NULL THEN
      RETURN refused('conflict', 'already a member, with another role');
    END IF;
    INSERT INTO room_members (room_id, user_id, role, joined_at)
      VALUES (v_room_id, v_subject, v_role, v_at);
  ELSIF v_their_role IS NULL THEN
    RETURN refused('not_found', 'no such member');
  ELSIF v_kind = 'member_removed' THEN
    IF v_is_last_owner THEN
      RETURN refused('conflict', 'the last owner cannot leave; transfer the ownership first');
    END IF;
    DELETE FROM room_members m WHERE m.room_id = v_room_id AND m.user_id = v_subject;
  ELSIF v_kind = 'member_role_changed' THEN
    IF v_their_role = v_role THEN
      RETURN jsonb_build_object('status', 'unchanged');
    ELSIF v_is_last_owner THEN
      RETURN refused('conflict', 'the last owner cannot step down; transfer the ownership first');
    END IF;
    UPDATE room_members m SET role = v_role WHERE m.room_id = v_room_id AND m.user_id = v_subject;
  ELSIF v_kind = 'ownership_transferred' THEN
    IF v_their_role = 'owner' THEN
      RETURN jsonb_build_object('status', 'unchanged');
    END IF;
    UPDATE room_members m SET role = 'owner' WHERE m.room_id = v_room_id AND m.user_id = v_subject;
    PERFORM append_revision(v_room_id, 'member_role_changed', v_change_id, NULL, v_actor, v_at,
      jsonb_build_object('user_id', v_subject, 'role', 'owner'));
    -- An admin gives away what is not theirs, and keeps the role they have.
    UPDATE room_members m SET role = 'editor'
      WHERE m.room_id = v_room_id AND m.user_id = v_actor AND m.role = 'owner' AND v_actor <> v_subject;
    IF FOUND THEN
      PERFORM append_revision(v_room_id, 'member_role_changed', v_change_id, NULL, v_actor,
        next_instant(v_at), jsonb_build_object('user_id', v_actor, 'role', 'editor'));
    END IF;
    RETURN jsonb_build_object('status', 'changed');
  ELSE
    RETURN refused('bad_request', format('unknown kind of change: %s', v_kind));
  END IF;
  PERFORM append_revision(v_room_id, v_kind, v_change_id, NULL, v_actor, v_at,
    jsonb_strip_nulls(jsonb_build_object('user_id', v_subject, 'role', v_role)));
  RETURN jsonb_build_object('status', 'changed');
END $$;
--> statement-breakpoint

-- THE COMMIT. Many items travel together in one round trip; each is a transaction of its own
-- (SEQ-2), unless p_in_group. Per item: lock the room's row, confirm the counters that the caller
-- expects, tell it what it missed (SEQ-3), recognise repeats (MSG-3, SEQ-4), check membership and
-- role as of now, write, advance, COMMIT. A refused item takes no other with it.
--
-- p_owner fences a superseded instance of the room's actor; null for a writer that is no actor.
-- p_claim: this instance is the owner from now on, whatever becomes of the items.
-- p_expected_revision: the last one the caller knows; null for a writer that keeps none.
-- outcome: {results: one per item, in order; changes: revisions that are not plain messages of
-- this call, oldest first, for the caller to tell its sockets; last_sequence, last_revision}.
CREATE PROCEDURE commit_room(
  p_room_id uuid, p_owner text, p_claim boolean, p_expected_revision bigint,
  p_items json, p_in_group boolean, INOUT outcome jsonb
)
LANGUAGE plpgsql AS $$
DECLARE
  -- More missed revisions than this are not carried along: the caller reads them and asks again.
  c_missed_max constant int := 500;
  v_known bigint := p_expected_revision;
  v_room incident_rooms;
  v_items json[];
  v_text json;
  v_item jsonb;
  v_result jsonb;
  v_results jsonb[] := '{}';
  v_changes jsonb := '[]';
  v_stop text;
BEGIN
  SELECT array_agg(value ORDER BY ordinality) INTO v_items
    FROM json_array_elements(p_items) WITH ORDINALITY;

  IF p_claim THEN
    UPDATE incident_rooms SET owner_instance = p_owner
      WHERE room_id = p_room_id AND owner_instance IS DISTINCT FROM p_owner;
    IF NOT p_in_group THEN
      COMMIT;
    END IF;
  END IF;

  FOREACH v_text IN ARRAY coalesce(v_items, '{}') LOOP
    IF v_stop IS NOT NULL THEN
      v_results := v_results || jsonb_build_object('status', v_stop);
      CONTINUE;
    END IF;
    BEGIN
      v_item := v_text;
      SELECT * INTO v_room FROM incident_rooms WHERE room_id = p_room_id FOR UPDATE;
      IF NOT FOUND THEN
        v_stop := 'room_gone';
      ELSIF p_owner IS NOT NULL AND v_room.owner_instance IS DISTINCT FROM p_owner THEN
        v_stop := 'superseded';
      ELSIF v_known > v_room.last_revision OR v_room.last_revision - v_known > c_missed_max THEN
        v_stop := 'conflict';
      END IF;
      IF v_stop IS NOT NULL THEN
        v_result := jsonb_build_object('status', v_stop);
      ELSE
        IF v_known < v_room.last_revision THEN
          v_changes := v_changes || (SELECT jsonb_agg(change) FROM
            room_changes(p_room_id, v_known, v_room.last_revision, c_missed_max) AS change);
          v_known := v_room.last_revision;
        END IF;
        IF v_item ->> 'kind' = 'message' THEN
          v_result := commit_message(v_room, v_item);
          IF v_result ->> 'status' = 'committed' AND v_known IS NOT NULL THEN
            v_known := v_known + 1;
          END IF;
        ELSE
          v_result := commit_change(v_room, v_item);
          IF v_result ->> 'status' = 'changed' AND v_known IS NOT NULL THEN
            v_changes := v_changes || (SELECT jsonb_agg(change) FROM
              room_changes(p_room_id, v_known, v_known + 10, 10) AS change);
            SELECT last_revision INTO v_known FROM incident_rooms WHERE room_id = p_room_id;
          END IF;
        END IF;
      END IF;
    EXCEPTION
      -- A row that another writer put in the way without the lock, or bad data: this item alone.
      WHEN unique_violation THEN
        v_result := coalesce(first_result(p_room_id, v_item), refused('conflict', 'this id is taken'));
      WHEN data_exception OR integrity_constraint_violation THEN
        v_result := refused('bad_request', 'the database refused a value of this item');
    END;
    v_results := v_results || v_result;
    IF NOT p_in_group THEN
      COMMIT;
    END IF;
  END LOOP;

  SELECT jsonb_build_object('results', to_jsonb(v_results), 'changes', v_changes,
      'last_sequence', last_sequence, 'last_revision', last_revision)
    INTO outcome FROM incident_rooms WHERE room_id = p_room_id;
  outcome := coalesce(outcome, jsonb_build_object('results', to_jsonb(v_results), 'changes', v_changes));
END $$;
