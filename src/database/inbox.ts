/**
 * What a person's inbox shows of their rooms: the rooms' facts once, and each person's own part
 * (INBOX-1). All counts are as of `revision`.
 */
import type { InboxFacts, InboxRows, MemberPart, MovedMark } from '../domain/inbox/rows.ts'
import { INBOX_ROOMS_MAX_COUNT, READ_MARKS_MAX_COUNT } from '../protocol/limits.ts'
import type { Role } from '../protocol/member.ts'
import type { MemberMark } from '../protocol/read-mark.ts'
import type { Client } from './client.ts'
import { previewLength } from './rooms.ts'

/** `r` is incident_rooms. */
const factsJson = `jsonb_build_object('room_id', r.room_id, 'title', r.title, 'status', r.status,
  'severity', r.severity, 'last_sequence', r.last_sequence, 'revision', r.last_revision,
  'last_activity_at', wire_time(r.last_activity_at),
  'last_message', last_message_json(r.room_id, ${previewLength}))`

/** `m` is room_members, `r` its room. */
const partJson = `jsonb_build_object('room_id', m.room_id, 'user_id', m.user_id,
  'my_role', m.role, 'read_sequence', m.read_sequence, 'unread_count', c.unread_count,
  'mention_count', c.mention_count)`

/** Of the common table `mine`: which members of which rooms are asked for. */
const rowsOf = `(SELECT coalesce(jsonb_agg(${factsJson} ORDER BY r.last_activity_at DESC), '[]')
    FROM incident_rooms r WHERE r.room_id IN (SELECT room_id FROM mine)) AS rooms,
  (SELECT coalesce(jsonb_agg(${partJson}), '[]') FROM mine m
    CROSS JOIN LATERAL unread_after(m.room_id, m.user_id, m.read_sequence) AS c) AS parts`

/** All rooms of some people, and who these people are: for those who connect. */
export const readInboxes = async (
  client: Client,
  { user_ids }: { readonly user_ids: readonly string[] },
): Promise<InboxRows> => {
  const { rows } = await client.query({
    name: 'read-inboxes',
    text: `WITH mine AS MATERIALIZED (
        SELECT theirs.* FROM unnest($1::text[]) AS asked(user_id)
        CROSS JOIN LATERAL (
          SELECT m.* FROM room_members m JOIN incident_rooms r USING (room_id)
          WHERE m.user_id = asked.user_id
          ORDER BY r.last_activity_at DESC LIMIT ${INBOX_ROOMS_MAX_COUNT}
        ) AS theirs)
      SELECT ${rowsOf},
        (SELECT coalesce(jsonb_agg(jsonb_build_object('user_id', u.user_id,
            'display_name', u.display_name, 'is_admin', u.is_admin)), '[]')
          FROM tr_users u WHERE u.user_id = ANY ($1)) AS users`,
    values: [user_ids],
  })
  return rows[0] as InboxRows
}

/** The parts of certain people in certain rooms, in pairs; who is no member has none. */
export const readInboxParts = async (
  client: Client,
  {
    room_ids,
    user_ids,
  }: { readonly room_ids: readonly string[]; readonly user_ids: readonly string[] },
): Promise<Pick<InboxRows, 'rooms' | 'parts'>> => {
  const { rows } = await client.query({
    name: 'read-inbox-parts',
    text: `WITH mine AS MATERIALIZED (
        SELECT m.* FROM unnest($1::uuid[], $2::text[]) AS asked(room_id, user_id)
        JOIN room_members m USING (room_id, user_id))
      SELECT ${rowsOf}`,
    values: [room_ids, user_ids],
  })
  return rows[0] as { rooms: InboxFacts[]; parts: MemberPart[] }
}

/** Moves read marks of one room, forward only; see `move_read_marks`. */
export const moveReadMarks = async (
  client: Client,
  args: {
    readonly room_id: string
    readonly user_ids: readonly string[]
    readonly sequences: readonly number[]
  },
): Promise<MovedMark[]> => {
  const { rows } = await client.query({
    name: 'move-read-marks',
    text: `SELECT coalesce(jsonb_agg(to_jsonb(moved)), '[]') AS moved
      FROM move_read_marks($1, $2, $3) AS moved`,
    values: [args.room_id, args.user_ids, args.sequences],
  })
  return rows[0]?.['moved'] as MovedMark[]
}

export type MarksRead = {
  /** What the viewer is to the room, read in the same statement (SEC-2). */
  readonly role: Role | null
  readonly is_admin: boolean
  /** Who has read furthest first. */
  readonly read_marks: MemberMark[]
}

/** @returns null where there is no such room */
export const listReadMarks = async (
  client: Client,
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<MarksRead | null> => {
  const { rows } = await client.query({
    name: 'list-read-marks',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin,
        (SELECT coalesce(jsonb_agg(to_jsonb(marks)), '[]') FROM (
          SELECT m.user_id, m.read_sequence FROM room_members m WHERE m.room_id = r.room_id
          ORDER BY m.read_sequence DESC, m.user_id LIMIT ${READ_MARKS_MAX_COUNT}) AS marks
        ) AS read_marks
      FROM incident_rooms r
      LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      WHERE r.room_id = $1`,
    values: [room_id, user_id],
  })
  return (rows[0] as MarksRead | undefined) ?? null
}
