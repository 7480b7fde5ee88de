-- What can happen to a message after it was said: edits, deletion, reactions, pins (MSG-7…11); the
-- kinds of messages (MSG-4); and what a change of the room or its members says in the room.

-- Lexemes of the file's name, which the message that refers to it is found by as well (API-2).
ALTER TABLE "files" ADD COLUMN "search" tsvector;
--> statement-breakpoint

-- A file as messages carry it.
CREATE FUNCTION file_json(f files) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('file_id', f.file_id, 'name', f.name, 'size', f.size_bytes,
    'content_type', f.content_type, 'width', f.width, 'height', f.height)
$$;
--> statement-breakpoint

-- Reactions by emoji, in the order of the first of each; people in the order they reacted (MSG-9).
CREATE FUNCTION reactions_json(p_message_id uuid) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('emoji', emoji, 'count', count,
      'user_ids', user_ids, 'first_revision', first_revision) ORDER BY first_revision), '[]')
  FROM (
    SELECT emoji, count(*) AS count, jsonb_agg(user_id ORDER BY revision) AS user_ids,
        min(revision) AS first_revision
      FROM message_reactions WHERE message_id = p_message_id GROUP BY emoji
  ) AS groups
$$;
--> statement-breakpoint

-- The one shape of a message (MSG-5), for pages, live frames and replays, with all that became of
-- it up to `changed_revision`. A deleted message keeps its place and loses everything said (MSG-8).
CREATE OR REPLACE FUNCTION message_json(m messages, sender_display_name text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object(
    'message_id', m.message_id,
    'room_id', m.room_id,
    'sender_id', m.sender_id,
    'sender_display_name', coalesce(sender_display_name, m.sender_id),
    'client_message_id', m.client_message_id,
    'message_type', m.message_type,
    'reply_to', m.reply_to,
    'created_at', wire_time(m.created_at),
    'edited_at', wire_time(m.edited_at),
    'deleted_at', wire_time(m.deleted_at),
    'deleted_by', m.deleted_by,
    'sequence_number', m.sequence_number,
    'revision', m.revision,
    'changed_revision', coalesce(
      (SELECT max(r.revision) FROM room_revisions r
        WHERE r.message_id = m.message_id AND r.kind <> 'message'),
      m.revision)
  ) || CASE WHEN m.deleted_at IS NULL THEN jsonb_build_object(
    'content', CASE WHEN m.message_type = 'incident_data' THEN m.data ELSE to_jsonb(m.content) END,
    'data', CASE WHEN m.message_type <> 'incident_data' THEN m.data END,
    'mentions', to_jsonb(m.mentions),
    'file_id', m.file_id,
    'file_url', '/api/files/' || m.file_id,
    'file', (SELECT file_json(f) FROM files f WHERE f.file_id = m.file_id),
    'pin', CASE WHEN m.pinned_at IS NOT NULL THEN jsonb_build_object('pinned_by', m.pinned_by,
      'pinned_at', wire_time(m.pinned_at), 'event_at', wire_time(m.event_at)) END,
    'reactions', reactions_json(m.message_id)
  ) ELSE jsonb_build_object('content', '', 'data', NULL, 'mentions', '[]'::jsonb, 'file_id', NULL,
    'file_url', NULL, 'file', NULL, 'pin', NULL, 'reactions', '[]'::jsonb) END
$$;
--> statement-breakpoint

-- A room's changes after one revision, oldest first: what a resume replays (CONN-5). A message
-- comes as it is now, its later changes follow; words that were deleted since come with neither.
CREATE OR REPLACE FUNCTION room_changes(p_room_id uuid, p_after bigint, p_upto bigint, p_limit int)
RETURNS SETOF jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'revision', r.revision,
    'kind', r.kind,
    'at', wire_time(r.at),
    'actor_id', r.actor_id,
    'payload', CASE
      WHEN r.kind = 'message' THEN '{}'::jsonb
      WHEN r.kind = 'message_edited' AND m.deleted_at IS NOT NULL
        THEN r.payload || '{"content": "", "mentions": []}'
      ELSE r.payload END,
    'message_id', r.message_id,
    'display_name', subject.display_name,
    'is_admin', subject.is_admin,
    'message', CASE WHEN r.kind = 'message' AND m.message_id IS NOT NULL
      THEN message_json(m, sender.display_name) END
  )
  FROM room_revisions r
  LEFT JOIN messages m ON m.message_id = r.message_id
  LEFT JOIN tr_users sender ON sender.user_id = m.sender_id
  LEFT JOIN tr_users subject ON subject.user_id = r.payload ->> 'user_id'
  WHERE r.room_id = p_room_id AND r.revision > p_after AND r.revision <= p_upto
  ORDER BY r.revision
  LIMIT p_limit
$$;
--> statement-breakpoint

-- Of these ids, given as a JSON array, those who are members: the ones a mention reaches (MSG-10).
CREATE FUNCTION members_among(p_room_id uuid, p_user_ids jsonb) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF coalesce(jsonb_array_length(p_user_ids), 0) = 0 THEN
    RETURN '{}';
  END IF;
  RETURN (
    SELECT coalesce(array_agg(m.user_id ORDER BY m.user_id), '{}')
      FROM room_members m
      WHERE m.room_id = p_room_id
        AND m.user_id IN (SELECT value FROM jsonb_array_elements_text(p_user_ids) AS value));
END $$;
--> statement-breakpoint

-- Whether this change was written before: a repeat under an outcome that nobody knew (SEQ-4).
CREATE FUNCTION is_repeated(p_room_id uuid, p_change_id uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM room_revisions r
    WHERE r.change_id = p_change_id AND r.room_id = p_room_id AND r.kind <> 'message')
$$;
--> statement-breakpoint

-- What somebody may do as of now: an admin counts as an owner of every room; null: nothing.
CREATE FUNCTION effective_role(p_room_id uuid, p_user_id text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN u.is_admin THEN 'owner' ELSE m.role END
    FROM (SELECT 1) AS one
    LEFT JOIN room_members m ON m.room_id = p_room_id AND m.user_id = p_user_id
    LEFT JOIN tr_users u ON u.user_id = p_user_id
$$;
--> statement-breakpoint

-- Adds one message to a room whose row the caller has locked, and its revision, in one statement.
-- False: this sender used this client_message_id before, and nothing was written. The constraint
-- is named, so that no plan made while the table was empty can look it up by another index.
CREATE OR REPLACE FUNCTION append_message(
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
  ) || CASE WHEN p_item ->> 'file_id' IS NULL THEN '{}' ELSE jsonb_build_object('file_id', p_item ->> 'file_id') END;
  v_hash bytea := revision_hash(
    p_room.last_hash, p_room.room_id, v_revision, 'message', v_message_id, v_actor, p_at, v_payload);
BEGIN
  WITH message AS (
    INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
        client_message_id, content, data, message_type, mentions, reply_to, file_id, search, created_at)
    VALUES (v_message_id, p_room.room_id, v_sequence, v_revision, v_actor,
        p_item ->> 'client_message_id', p_item ->> 'content', nullif(p_item -> 'data', 'null'),
        p_message_type, p_mentions, (p_item ->> 'reply_to')::uuid, (p_item ->> 'file_id')::uuid,
        (p_item ->> 'search')::tsvector, p_at)
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

-- Says in the room what a change did (API-4): a `system` message, whose `data` lets a client say it
-- in its own language. The change brings one id for it; that of a second notice is its neighbour.
CREATE FUNCTION append_notice(p_room incident_rooms, p_item jsonb, p_data jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_room incident_rooms;
  v_name text := coalesce(
    (SELECT u.display_name FROM tr_users u WHERE u.user_id = p_data ->> 'user_id'),
    p_data ->> 'user_id');
  v_message_id text := coalesce(p_item ->> 'message_id', gen_random_uuid()::text);
BEGIN
  SELECT * INTO v_room FROM incident_rooms WHERE room_id = p_room.room_id;
  IF v_room.last_sequence <> p_room.last_sequence THEN
    v_message_id := left(v_message_id, -1)
      || translate(right(v_message_id, 1), '0123456789abcdef', '1032547698badcfe');
  END IF;
  PERFORM append_message(v_room, jsonb_build_object(
      'change_id', v_message_id,
      'actor_id', p_item ->> 'actor_id',
      'client_message_id', format('system:%s:%s', p_item ->> 'change_id', p_data ->> 'event'),
      'content', CASE p_data ->> 'event'
        WHEN 'status_changed' THEN format('Status changed to %s', p_data ->> 'to')
        WHEN 'title_changed' THEN format('Title changed to %s', p_data ->> 'to')
        WHEN 'member_added' THEN format('%s was added as %s', v_name, p_data ->> 'role')
        WHEN 'member_role_changed' THEN format('%s is %s now', v_name, p_data ->> 'role')
        WHEN 'member_removed' THEN format('%s was removed', v_name)
        WHEN 'member_left' THEN format('%s left', v_name)
        WHEN 'ownership_transferred' THEN format('%s is the owner now', v_name)
      END,
      'data', p_data || CASE WHEN v_name IS NULL THEN '{}' ELSE jsonb_build_object('display_name', v_name) END
    ), 'system', '{}', next_instant(v_room.last_activity_at));
END $$;
--> statement-breakpoint

-- The first result of a message that was committed before (MSG-3); null where there is none. The
-- first text is compared, not one that was edited since. Planned anew each time, which is rare
-- enough: a plan made while the table was empty may take an index that reads the whole room.
CREATE OR REPLACE FUNCTION first_result(p_room_id uuid, p_item jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET plan_cache_mode = force_custom_plan AS $$
  SELECT CASE
    WHEN r.payload ->> 'content' = p_item ->> 'content'
      AND r.payload ->> 'message_type' = p_item ->> 'message_type'
      AND r.payload -> 'data' = coalesce(p_item -> 'data', 'null')
      AND r.payload ->> 'file_id' IS NOT DISTINCT FROM p_item ->> 'file_id'
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
CREATE OR REPLACE FUNCTION commit_message(p_room incident_rooms, p_item jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_actor text := p_item ->> 'actor_id';
  v_role text;
  v_display_name text;
  v_is_admin boolean;
  v_refused jsonb;
  v_mentions text[] := '{}';
  v_file jsonb;
  v_file_search tsvector;
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

  IF p_item ->> 'file_id' IS NOT NULL THEN
    -- An upload belongs to one room and to whoever made it; nobody else may say it (API-5). Locked,
    -- lest it be cleared away between here and the mark below that keeps it.
    SELECT file_json(f), f.search INTO v_file, v_file_search FROM files f
      WHERE f.file_id = (p_item ->> 'file_id')::uuid AND f.room_id = p_room.room_id
        AND f.uploaded_by = v_actor
      FOR NO KEY UPDATE;
    IF v_file IS NULL THEN
      RETURN coalesce(first_result(p_room.room_id, p_item),
        refused('not_found', 'file_id names no upload of yours to this room'));
    ELSIF p_item ->> 'message_type' = 'image_ref' AND v_file ->> 'content_type' NOT LIKE 'image/%' THEN
      RETURN refused('bad_request', 'file_id is no image; say it as file_ref');
    END IF;
    IF v_file_search IS NOT NULL THEN
      p_item := p_item || jsonb_build_object('search',
        (coalesce((p_item ->> 'search')::tsvector, ''::tsvector) || v_file_search)::text);
    END IF;
  END IF;
  IF jsonb_array_length(p_item -> 'mentions') > 0 THEN
    v_mentions := members_among(p_room.room_id, p_item -> 'mentions');
  END IF;

  IF NOT append_message(p_room, p_item, p_item ->> 'message_type', v_mentions, v_at) THEN
    RETURN first_result(p_room.room_id, p_item);
  END IF;
  IF v_file IS NOT NULL THEN
    UPDATE files SET referenced_at = coalesce(referenced_at, v_at)
      WHERE file_id = (p_item ->> 'file_id')::uuid;
  END IF;
  RETURN jsonb_build_object('status', 'committed', 'file', v_file,
    'sequence_number', p_room.last_sequence + 1, 'revision', p_room.last_revision + 1,
    'created_at', wire_time(v_at), 'sender_display_name', v_display_name,
    'mentions', to_jsonb(v_mentions));
END $$;
--> statement-breakpoint

-- One change of the room or its members, in a room whose row is locked. What it did is read back
-- as changes by the caller; the numbers alone are returned here.
CREATE OR REPLACE FUNCTION commit_change(p_room incident_rooms, p_item jsonb) RETURNS jsonb
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
  v_is_last_owner boolean;
  v_asked jsonb := p_item -> 'changes';
  v_changes jsonb;
BEGIN
  IF is_repeated(v_room_id, v_change_id) THEN
    RETURN jsonb_build_object('status', 'repeated');
  END IF;
  v_my_role := effective_role(v_room_id, v_actor);
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
      PERFORM append_notice(p_room, p_item, jsonb_build_object('event', 'status_changed',
        'from', p_room.status, 'to', v_changes ->> 'status'));
    END IF;
    IF v_changes ? 'title' THEN
      PERFORM append_notice(p_room, p_item, jsonb_build_object('event', 'title_changed',
        'from', p_room.title, 'to', v_changes ->> 'title'));
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
    -- Whoever joins has read what was said before (INBOX-2).
    INSERT INTO room_members (room_id, user_id, role, joined_at, read_sequence)
      VALUES (v_room_id, v_subject, v_role, v_at, p_room.last_sequence);
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
    PERFORM append_notice(p_room, p_item,
      jsonb_build_object('event', v_kind, 'user_id', v_subject));
    RETURN jsonb_build_object('status', 'changed');
  ELSE
    RETURN refused('bad_request', format('unknown kind of change: %s', v_kind));
  END IF;
  PERFORM append_revision(v_room_id, v_kind, v_change_id, NULL, v_actor, v_at,
    jsonb_strip_nulls(jsonb_build_object('user_id', v_subject, 'role', v_role)));
  PERFORM append_notice(p_room, p_item, jsonb_strip_nulls(jsonb_build_object(
    'event', CASE WHEN v_kind = 'member_removed' AND v_subject = v_actor THEN 'member_left' ELSE v_kind END,
    'user_id', v_subject, 'role', v_role)));
  RETURN jsonb_build_object('status', 'changed');
END $$;
--> statement-breakpoint

-- One change of a message, in a room whose row is locked. What is so already is `unchanged`, so a
-- client may ask again.
CREATE FUNCTION commit_message_change(p_room incident_rooms, p_item jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  -- Different emojis on one message; beyond it nobody reads them any more. Slack allows 50.
  c_emojis_max constant int := 50;
  v_room_id uuid := p_room.room_id;
  v_kind text := p_item ->> 'kind';
  v_change_id uuid := p_item ->> 'change_id';
  v_actor text := p_item ->> 'actor_id';
  v_emoji text := p_item ->> 'emoji';
  v_revision bigint := p_room.last_revision + 1;
  v_at timestamptz := next_instant(p_room.last_activity_at);
  v_role text;
  v_message messages;
  v_mentions text[];
  v_event_at timestamptz;
  v_payload jsonb := '{}';
BEGIN
  IF is_repeated(v_room_id, v_change_id) THEN
    RETURN jsonb_build_object('status', 'repeated');
  END IF;
  v_role := effective_role(v_room_id, v_actor);
  IF v_role IS NULL THEN
    RETURN refused('forbidden', 'you are not a member of this room');
  ELSIF v_role = 'viewer' THEN
    RETURN refused('forbidden', 'viewers may not write');
  ELSIF p_room.status = 'archived' THEN
    RETURN refused('forbidden', 'the room is archived');
  END IF;
  SELECT * INTO v_message FROM messages m
    WHERE m.message_id = (p_item ->> 'message_id')::uuid AND m.room_id = v_room_id;
  IF NOT FOUND THEN
    RETURN refused('not_found', 'there is no such message in this room');
  ELSIF v_kind = 'message_deleted' AND v_message.sender_id <> v_actor AND v_role <> 'owner' THEN
    RETURN refused('forbidden', 'only its sender or an owner may delete a message');
  ELSIF v_kind = 'message_deleted' AND v_message.deleted_at IS NOT NULL THEN
    RETURN jsonb_build_object('status', 'unchanged');
  ELSIF v_kind IN ('message_edited', 'message_deleted') AND v_message.message_type = 'system' THEN
    RETURN refused('forbidden', 'what the system said cannot be changed');
  ELSIF v_kind = 'message_edited' AND v_message.sender_id <> v_actor THEN
    RETURN refused('forbidden', 'only its sender may edit a message');
  ELSIF v_message.deleted_at IS NOT NULL THEN
    RETURN refused('not_found', 'the message was deleted');
  END IF;

  CASE v_kind
    WHEN 'message_edited' THEN
      IF v_message.message_type = 'incident_data' THEN
        RETURN refused('bad_request', 'readings cannot be edited; delete them and send them anew');
      ELSIF v_message.content = p_item ->> 'content' THEN
        RETURN jsonb_build_object('status', 'unchanged');
      ELSIF v_at - v_message.created_at > (p_item ->> 'window_ms')::bigint * interval '1 millisecond' THEN
        RETURN refused('too_late', 'the time in which this message could be edited is over');
      END IF;
      v_mentions := members_among(v_room_id, p_item -> 'mentions');
      v_payload := jsonb_build_object('content', p_item ->> 'content', 'mentions', to_jsonb(v_mentions));
      UPDATE messages SET content = p_item ->> 'content', mentions = v_mentions, edited_at = v_at,
          search = (p_item ->> 'search')::tsvector
            || coalesce((SELECT f.search FROM files f WHERE f.file_id = v_message.file_id), ''::tsvector)
        WHERE message_id = v_message.message_id;
    WHEN 'message_deleted' THEN
      UPDATE messages SET deleted_at = v_at, deleted_by = v_actor, search = NULL
        WHERE message_id = v_message.message_id;
    WHEN 'reaction_added' THEN
      IF NOT EXISTS (
        SELECT FROM message_reactions x WHERE x.message_id = v_message.message_id AND x.emoji = v_emoji
      ) AND c_emojis_max <= (
        SELECT count(DISTINCT x.emoji) FROM message_reactions x WHERE x.message_id = v_message.message_id
      ) THEN
        RETURN refused('conflict', format('a message may have %s different emojis', c_emojis_max));
      END IF;
      INSERT INTO message_reactions (message_id, emoji, user_id, revision)
        VALUES (v_message.message_id, v_emoji, v_actor, v_revision)
        ON CONFLICT DO NOTHING;
      IF NOT FOUND THEN
        RETURN jsonb_build_object('status', 'unchanged');
      END IF;
    WHEN 'reaction_removed' THEN
      DELETE FROM message_reactions x
        WHERE x.message_id = v_message.message_id AND x.emoji = v_emoji AND x.user_id = v_actor;
      IF NOT FOUND THEN
        RETURN jsonb_build_object('status', 'unchanged');
      END IF;
    WHEN 'message_pinned' THEN
      v_event_at := coalesce((p_item ->> 'event_at')::timestamptz, v_message.event_at, v_message.created_at);
      IF v_message.pinned_at IS NOT NULL AND v_message.event_at = v_event_at THEN
        RETURN jsonb_build_object('status', 'unchanged');
      END IF;
      v_payload := jsonb_build_object('event_at',
        to_char(v_event_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
      UPDATE messages SET pinned_at = v_at, pinned_by = v_actor, event_at = v_event_at
        WHERE message_id = v_message.message_id;
    WHEN 'message_unpinned' THEN
      IF v_message.pinned_at IS NULL THEN
        RETURN jsonb_build_object('status', 'unchanged');
      END IF;
      UPDATE messages SET pinned_at = NULL, pinned_by = NULL, event_at = NULL
        WHERE message_id = v_message.message_id;
    ELSE
      RETURN refused('bad_request', format('unknown kind of change: %s', v_kind));
  END CASE;

  IF v_emoji IS NOT NULL THEN
    SELECT jsonb_build_object('emoji', v_emoji, 'count', count(*), 'first_revision', min(x.revision))
      INTO v_payload FROM message_reactions x
      WHERE x.message_id = v_message.message_id AND x.emoji = v_emoji;
  END IF;
  PERFORM append_revision(v_room_id, v_kind, v_change_id, v_message.message_id, v_actor, v_at, v_payload);
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
