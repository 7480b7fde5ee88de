/**
 * Moves a room that was just written to the times of its story, with what its people have read, and makes its hash chain anew with
 * `revision_hash`. For demo rooms alone: the times of real ones are the procedure's.
 */
import type { Client } from 'pg'
import type { DemoRoom } from './story.ts'
import type { Instants } from './write-room.ts'

/** In the transaction that wrote the room, before anybody has seen it. */
export async function backdate(
  client: Client,
  { room_id, unread }: DemoRoom,
  instants: Instants,
): Promise<void> {
  const { rows } = await client.query<{ change_id: string }>(
    'SELECT change_id FROM room_revisions WHERE room_id = $1 ORDER BY revision',
    [room_id],
  )
  const times = rows.map(({ change_id }) => {
    const instant = instants.get(change_id)
    if (instant === undefined) throw new Error(`the story has no time for ${change_id}`)
    return new Date(instant).toISOString()
  })
  await client.query(
    `WITH RECURSIVE chain (revision, at, previous_hash, hash) AS (
        SELECT 0::bigint, NULL::timestamptz, NULL::bytea, ''::bytea
      UNION ALL
        SELECT r.revision, told.at, chain.hash, revision_hash(chain.hash, r.room_id, r.revision,
            r.kind, r.change_id, r.message_id, r.actor_id, told.at, r.payload)
          FROM chain
          JOIN room_revisions r ON r.room_id = $1 AND r.revision = chain.revision + 1
          CROSS JOIN LATERAL (SELECT ($2::timestamptz[])[r.revision] AS at) AS told
      )
      UPDATE room_revisions r
        SET at = chain.at, previous_hash = chain.previous_hash, hash = chain.hash
        FROM chain WHERE r.room_id = $1 AND r.revision = chain.revision`,
    [room_id, times],
  )
  await client.query(
    `UPDATE messages m SET created_at = told.created_at, edited_at = told.edited_at,
        deleted_at = told.deleted_at, pinned_at = told.pinned_at
      FROM (
        SELECT message_id, max(at) FILTER (WHERE kind = 'message') AS created_at,
            max(at) FILTER (WHERE kind = 'message_edited') AS edited_at,
            max(at) FILTER (WHERE kind = 'message_deleted') AS deleted_at,
            max(at) FILTER (WHERE kind = 'message_pinned') AS pinned_at
          FROM room_revisions WHERE room_id = $1 AND message_id IS NOT NULL GROUP BY message_id
      ) AS told
      WHERE m.message_id = told.message_id`,
    [room_id],
  )
  await client.query(
    `UPDATE room_members m SET joined_at = joined.at
      FROM (
        SELECT CASE kind WHEN 'member_added' THEN payload ->> 'user_id' ELSE actor_id END AS user_id,
            max(at) AS at
          FROM room_revisions
          WHERE room_id = $1 AND kind IN ('room_created', 'member_added') GROUP BY 1
      ) AS joined
      WHERE m.room_id = $1 AND m.user_id = joined.user_id`,
    [room_id],
  )
  await client.query(
    `UPDATE room_members m SET read_sequence = greatest(0, r.last_sequence - $2::int)
      FROM incident_rooms r WHERE r.room_id = $1 AND m.room_id = r.room_id`,
    [room_id, unread],
  )
  await client.query(
    `UPDATE incident_rooms r SET
        created_at = told.created_at, updated_at = told.updated_at,
        last_activity_at = told.last_activity_at, last_hash = told.last_hash
      FROM (
        SELECT min(at) AS created_at, max(at) AS last_activity_at,
            max(at) FILTER (WHERE kind IN ('room_created', 'room_updated')) AS updated_at,
            (array_agg(hash ORDER BY revision DESC))[1] AS last_hash
          FROM room_revisions WHERE room_id = $1
      ) AS told
      WHERE r.room_id = $1`,
    [room_id],
  )
}
