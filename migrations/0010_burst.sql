-- The burst lane (DISP-7): many messages of a room in one transaction, written as a set.

-- What a revision adds to the chain: the canonical text of its row. One definition for all writers.
CREATE FUNCTION revision_link(
  room_id uuid, revision bigint, kind text, change_id uuid, actor_id text, at timestamptz, payload jsonb
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT convert_to(jsonb_build_array(
      room_id, revision, kind, change_id, actor_id, (extract(epoch FROM at) * 1000000)::bigint, payload
    )::text, 'UTF8')
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION revision_hash(
  previous_hash bytea, room_id uuid, revision bigint, kind text, change_id uuid, actor_id text,
  at timestamptz, payload jsonb
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256(previous_hash || revision_link(room_id, revision, kind, change_id, actor_id, at, payload))
$$;
--> statement-breakpoint

-- The hash of the row before, over a column of links in their order: what revision_hash is for one.
CREATE FUNCTION next_hash(previous_hash bytea, first_hash bytea, link bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(coalesce(previous_hash, first_hash) || link)
$$;
--> statement-breakpoint
CREATE AGGREGATE hash_chain(first_hash bytea, link bytea) (SFUNC = next_hash, STYPE = bytea);
--> statement-breakpoint

-- What becomes of each message in a room whose row is locked, before any is written: refused by
-- the rules of commit_message, with its words; or known, because this sender used the same
-- client_message_id before, in the room or earlier in this call; or else to be written. Planned
-- anew each time: a plan made while the tables were empty may take an index that reads the whole
-- room. For the same reason each look-up stands by itself; a join might read all there is.
CREATE FUNCTION judge_messages(p_room incident_rooms, p_items jsonb[])
RETURNS TABLE (n bigint, item jsonb, sender_display_name text, refusal jsonb, is_known boolean)
LANGUAGE sql STABLE SET plan_cache_mode = force_custom_plan AS $$
  WITH said AS MATERIALIZED (
    SELECT ordinality AS n, value AS item, value ->> 'actor_id' AS actor_id,
        value ->> 'client_message_id' AS client_message_id
      FROM unnest(p_items) WITH ORDINALITY AS given(value, ordinality)
  ), writer AS MATERIALIZED (
    SELECT w.actor_id, coalesce(u.display_name, w.actor_id) AS display_name,
        CASE
          WHEN u.is_admin IS TRUE THEN NULL
          WHEN m.role IS NULL THEN refused('forbidden', 'you are not a member of this room')
          WHEN m.role = 'viewer' THEN refused('forbidden', 'viewers may not write')
        END AS refusal
      FROM (SELECT DISTINCT said.actor_id FROM said) AS w
      LEFT JOIN LATERAL (SELECT x.role FROM room_members x
        WHERE x.room_id = p_room.room_id AND x.user_id = w.actor_id LIMIT 1) AS m ON true
      LEFT JOIN LATERAL (SELECT x.display_name, x.is_admin FROM tr_users x
        WHERE x.user_id = w.actor_id LIMIT 1) AS u ON true
  ), judged AS (
    SELECT said.*, writer.display_name, CASE
        WHEN writer.refusal IS NOT NULL THEN writer.refusal
        WHEN p_room.status = 'archived' THEN refused('forbidden', 'the room is archived')
        WHEN said.item ->> 'reply_to' IS NOT NULL AND p_room.room_id IS DISTINCT FROM (
          SELECT m.room_id FROM messages m WHERE m.message_id = (said.item ->> 'reply_to')::uuid LIMIT 1
        ) THEN refused('not_found', 'reply_to names no message of this room')
      END AS refusal
      FROM said JOIN writer USING (actor_id)
  )
  SELECT n, item, display_name, refusal,
      count(*) FILTER (WHERE refusal IS NULL) OVER (
        PARTITION BY actor_id, client_message_id ORDER BY n
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > 0
      OR coalesce((SELECT true FROM messages m
        WHERE m.room_id = p_room.room_id AND m.sender_id = judged.actor_id
          AND m.client_message_id = judged.client_message_id LIMIT 1), false)
    FROM judged
$$;
--> statement-breakpoint

-- Writes the messages of one call in a room whose row is locked and whose counters are confirmed:
-- one insert of messages, one of their revisions with the chain, one update of the room. Returns
-- the results of commit_message, one per item, in order; null, and nothing written, where there
-- is an item that has to be looked at by itself: a change, a file, an answer to an item of this call.
CREATE FUNCTION append_messages(p_room incident_rooms, p_items json) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_at timestamptz := next_instant(p_room.last_activity_at);
  v_items jsonb[];
  v_results jsonb[];
BEGIN
  SELECT array_agg(value::jsonb ORDER BY ordinality) INTO v_items
    FROM json_array_elements(p_items) WITH ORDINALITY;
  IF EXISTS (
    SELECT FROM unnest(v_items) AS item
      WHERE item ->> 'kind' IS DISTINCT FROM 'message' OR item ->> 'actor_id' IS NULL
        OR item ->> 'client_message_id' IS NULL OR item ->> 'file_id' IS NOT NULL
        OR item ->> 'reply_to' IN (SELECT other ->> 'change_id' FROM unnest(v_items) AS other)
  ) THEN
    RETURN NULL;
  END IF;

  WITH judged AS MATERIALIZED (
    SELECT * FROM judge_messages(p_room, v_items)
  ), placed AS (
    SELECT n, item, sender_display_name, row_number() OVER (ORDER BY n) AS place,
        CASE WHEN jsonb_array_length(item -> 'mentions') > 0
          THEN members_among(p_room.room_id, item -> 'mentions') ELSE '{}' END AS mentions
      FROM judged WHERE refusal IS NULL AND NOT is_known
  ), numbered AS (
    SELECT n, item, sender_display_name, mentions, place,
        (item ->> 'change_id')::uuid AS message_id, item ->> 'actor_id' AS actor_id,
        p_room.last_sequence + place AS sequence_number, p_room.last_revision + place AS revision,
        v_at + (place - 1) * interval '1 microsecond' AS at,
        jsonb_build_object(
          'sequence_number', p_room.last_sequence + place,
          'client_message_id', item ->> 'client_message_id',
          'content', item ->> 'content',
          'data', item -> 'data',
          'message_type', item ->> 'message_type',
          'mentions', to_jsonb(mentions),
          'reply_to', item ->> 'reply_to'
        ) AS payload
      FROM placed
  ), chained AS MATERIALIZED (
    SELECT *, hash_chain(p_room.last_hash,
        revision_link(p_room.room_id, revision, 'message', message_id, actor_id, at, payload)
      ) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS hash
      FROM numbered
  ), message AS (
    INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, data, message_type, mentions, reply_to, search, created_at)
    SELECT message_id, p_room.room_id, sequence_number, revision, actor_id,
        item ->> 'client_message_id', item ->> 'content', nullif(item -> 'data', 'null'),
        item ->> 'message_type', mentions, (item ->> 'reply_to')::uuid,
        (item ->> 'search')::tsvector, at
      FROM chained ORDER BY place
  ), revision AS (
    INSERT INTO room_revisions
    SELECT p_room.room_id, revision, 'message', message_id, message_id, actor_id, at, payload,
        lag(hash, 1, p_room.last_hash) OVER (ORDER BY place), hash
      FROM chained ORDER BY place
  ), room AS (
    UPDATE incident_rooms r
      SET last_sequence = last.sequence_number, last_revision = last.revision,
          last_hash = last.hash, last_activity_at = last.at
      FROM (SELECT * FROM chained ORDER BY place DESC LIMIT 1) AS last
      WHERE r.room_id = p_room.room_id
  )
  -- Null where it is known: its first result may be of this very call, so it is read afterwards.
  SELECT array_agg(CASE
      WHEN written.n IS NOT NULL THEN jsonb_build_object('status', 'committed', 'file', NULL,
        'sequence_number', written.sequence_number, 'revision', written.revision,
        'created_at', wire_time(written.at), 'sender_display_name', written.sender_display_name,
        'mentions', to_jsonb(written.mentions))
      WHEN NOT judged.is_known THEN judged.refusal
    END ORDER BY judged.n) INTO v_results
    FROM judged LEFT JOIN chained AS written USING (n);

  IF array_position(v_results, NULL) IS NOT NULL THEN
    SELECT array_agg(coalesce(v_results[ordinality], first_result(p_room.room_id, item),
        refused('conflict', 'this id is taken')) ORDER BY ordinality) INTO v_results
      FROM unnest(v_items) WITH ORDINALITY AS said(item, ordinality);
  END IF;
  RETURN to_jsonb(coalesce(v_results, '{}'));
END $$;
--> statement-breakpoint

-- The commit of before, which now also refuses by itself an item that is too long for an index or a
-- tsvector, too deep, or whose terms are none (a syntax_error to Postgres).
CREATE OR REPLACE PROCEDURE commit_room(
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
          v_result := CASE WHEN v_item ->> 'kind' IN (
              'message_edited', 'message_deleted', 'reaction_added', 'reaction_removed',
              'message_pinned', 'message_unpinned')
            THEN commit_message_change(v_room, v_item)
            ELSE commit_change(v_room, v_item) END;
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
      WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded
        OR syntax_error
      THEN
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
--> statement-breakpoint

-- THE BURST COMMIT. One transaction and one round trip for many messages of a room, in order, with
-- the arguments and the outcome of commit_room. What cannot be written as a set, and a set with an
-- item that the database refuses, goes through commit_room in group instead: there each item has
-- a subtransaction of its own, so that the bad one alone is refused (DISP-11).
CREATE FUNCTION commit_burst(
  p_room_id uuid, p_owner text, p_claim boolean, p_expected_revision bigint, p_items json
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  -- As many as commit_room carries along.
  c_missed_max constant int := 500;
  v_room incident_rooms;
  v_results jsonb;
  v_changes jsonb := '[]';
  v_outcome jsonb;
BEGIN
  IF p_claim THEN
    UPDATE incident_rooms SET owner_instance = p_owner
      WHERE room_id = p_room_id AND owner_instance IS DISTINCT FROM p_owner;
  END IF;
  SELECT * INTO v_room FROM incident_rooms WHERE room_id = p_room_id FOR UPDATE;
  -- Why a call stops, and with which words, is for commit_room to say.
  IF FOUND AND (p_owner IS NULL OR v_room.owner_instance IS NOT DISTINCT FROM p_owner)
    AND coalesce(v_room.last_revision - p_expected_revision, 0) BETWEEN 0 AND c_missed_max
  THEN
    BEGIN
      v_results := append_messages(v_room, p_items);
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded
      OR syntax_error
    THEN
      v_results := NULL;
    END;
  END IF;
  IF v_results IS NULL THEN
    CALL commit_room(p_room_id, p_owner, false, p_expected_revision, p_items, true, v_outcome);
    RETURN v_outcome;
  END IF;
  IF p_expected_revision < v_room.last_revision THEN
    SELECT jsonb_agg(change) INTO v_changes FROM
      room_changes(p_room_id, p_expected_revision, v_room.last_revision, c_missed_max) AS change;
  END IF;
  RETURN (
    SELECT jsonb_build_object('results', v_results, 'changes', v_changes,
        'last_sequence', r.last_sequence, 'last_revision', r.last_revision)
      FROM incident_rooms r WHERE r.room_id = p_room_id);
END $$;