/**
 * Members from the beginning: a revision each, and no word of it in the room, so that a test's
 * first message is number 1. Only before the room's actor is awake, which would not hear of it.
 */

/** $1 the room, $2 who joins, $3 the role, $4 a UUID for the change, $5 who adds them. */
export const JOIN_SILENTLY = `WITH joined AS (
    INSERT INTO room_members (room_id, user_id, role, joined_at)
      VALUES ($1::uuid, $2, $3, clock_timestamp()) RETURNING *
  )
  SELECT append_revision(room_id, 'member_added', $4::uuid, NULL, $5, joined_at,
    jsonb_build_object('user_id', user_id, 'role', role)) FROM joined`
