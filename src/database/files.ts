/**
 * Uploads: their rows, and the objects that no row claims. Messages refer to files in the commit
 * procedure. Who may do it is in each statement, and judged once more by the gate.
 */
import type { Role } from '../protocol/member.ts'
import type { RoomStatus } from '../protocol/room.ts'
import type { Client } from './client.ts'

/** Longer than any upload takes; what is not claimed by then is removed. */
const reservationHours = 24

/** Not claimed this close to its end, lest it be removed at the same moment. */
const claimMarginHours = 1

/** What a person is to a room to which they upload. */
export type UploadStanding = {
  readonly role: Role | null
  readonly is_admin: boolean
  readonly status: RoomStatus
}

/** The rows of `seen`: $1 is the room, $2 the person. */
const standing = `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin, r.status
  FROM incident_rooms r
  LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
  LEFT JOIN tr_users me ON me.user_id = $2
  WHERE r.room_id = $1`

const mayWrite = `(is_admin OR role IN ('owner', 'editor')) AND status <> 'archived'`

/**
 * Before the first byte: who it is to the room, and, for those who may write, a row that remembers
 * the object should the upload come to nothing.
 * @returns null where there is no such room
 */
export const reserveFile = async (
  client: Client,
  args: { readonly room_id: string; readonly user_id: string; readonly file_id: string },
): Promise<UploadStanding | null> => {
  const { rows } = await client.query({
    name: 'reserve-file',
    text: `WITH seen AS (${standing}),
      reserved AS (
        INSERT INTO unclaimed_objects (file_id, remove_after)
          SELECT $3, now() + make_interval(hours => $4::int) FROM seen WHERE ${mayWrite}
          ON CONFLICT (file_id) DO NOTHING)
      SELECT * FROM seen`,
    values: [args.room_id, args.user_id, args.file_id, reservationHours],
  })
  return (rows[0] as UploadStanding | undefined) ?? null
}

export type NewFile = {
  readonly file_id: string
  readonly room_id: string
  readonly uploaded_by: string
  readonly name: string
  readonly content_type: string
  readonly size_bytes: number
  readonly width: number | null
  readonly height: number | null
  /** Terms of its name, as a tsvector writes them (API-2). */
  readonly search: string
}

/**
 * After the last byte: the file's row in the place of its reservation, if its uploader may still
 * write. Again, it changes nothing.
 * @returns null where there is no such room; `is_claimed` is false where it did not become a file
 */
export const claimFile = async (
  client: Client,
  file: NewFile,
): Promise<(UploadStanding & { readonly is_claimed: boolean }) | null> => {
  const { rows } = await client.query({
    name: 'claim-file',
    text: `WITH seen AS (${standing}),
      reserved AS (
        DELETE FROM unclaimed_objects
          WHERE file_id = $3 AND remove_after > now() + make_interval(hours => $9::int)
            AND EXISTS (SELECT FROM seen WHERE ${mayWrite})
          RETURNING file_id),
      claimed AS (
        INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes, width, height,
            search)
          SELECT file_id, $1, $2, $4, $5, $6, $7, $8, $10::tsvector FROM reserved
          RETURNING file_id)
      SELECT seen.*, EXISTS (SELECT FROM claimed)
        OR EXISTS (SELECT FROM files WHERE file_id = $3 AND uploaded_by = $2) AS is_claimed
      FROM seen`,
    values: [
      ...[file.room_id, file.uploaded_by, file.file_id, file.name, file.content_type],
      ...[file.size_bytes, file.width, file.height, claimMarginHours, file.search],
    ],
  })
  return (rows[0] as (UploadStanding & { is_claimed: boolean }) | undefined) ?? null
}

export type FileSeen = {
  /** What the reader is to the file's room, read in the same statement (SEC-2). */
  readonly role: Role | null
  readonly is_admin: boolean
  /**
   * Whether anybody may see it: a message that was not deleted refers to it, or the reader is the
   * uploader who has not sent it yet (MSG-8).
   */
  readonly is_shown: boolean
  readonly name: string
  readonly content_type: string
  /** Bytes. */
  readonly size: number
}

/** @returns null where there is no such file */
export const readFile = async (
  client: Client,
  { file_id, user_id }: { readonly file_id: string; readonly user_id: string },
): Promise<FileSeen | null> => {
  const { rows } = await client.query({
    name: 'read-file',
    text: `SELECT mine.role, coalesce(me.is_admin, false) AS is_admin,
        (f.uploaded_by = $2 AND f.referenced_at IS NULL) OR EXISTS (
          SELECT FROM messages m WHERE m.file_id = f.file_id AND m.room_id = f.room_id
            AND m.deleted_at IS NULL) AS is_shown,
        f.name, f.content_type, f.size_bytes::float8 AS size
      FROM files f
      LEFT JOIN room_members mine ON mine.room_id = f.room_id AND mine.user_id = $2
      LEFT JOIN tr_users me ON me.user_id = $2
      WHERE f.file_id = $1`,
    values: [file_id, user_id],
  })
  return (rows[0] as FileSeen | undefined) ?? null
}

/**
 * Files that nobody sent: their rows go, and their objects are left unclaimed. A message that
 * refers to one at the same moment comes first or finds nothing.
 * @returns how many
 */
export const expireFiles = async (
  client: Client,
  { age_hours, limit }: { readonly age_hours: number; readonly limit: number },
): Promise<number> => {
  const { rows } = await client.query({
    name: 'expire-files',
    text: `WITH expired AS (
        DELETE FROM files WHERE referenced_at IS NULL AND file_id IN (
          SELECT file_id FROM files
            WHERE referenced_at IS NULL AND created_at < now() - make_interval(hours => $1::int)
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
          RETURNING file_id)
      SELECT count(*)::int AS count FROM expired`,
    values: [age_hours, limit],
  })
  return (rows[0] as { count: number }).count
}

/** Objects whose time has come, the longest overdue first. */
export const listUnclaimed = async (
  client: Client,
  { limit }: { readonly limit: number },
): Promise<string[]> => {
  const { rows } = await client.query({
    name: 'list-unclaimed',
    text: `SELECT file_id FROM unclaimed_objects WHERE remove_after <= now()
      ORDER BY remove_after LIMIT $1`,
    values: [limit],
  })
  return rows.map((row) => row['file_id'] as string)
}

/** Only after their objects were removed: nothing else remembers them. */
export const forgetUnclaimed = async (
  client: Client,
  { file_ids }: { readonly file_ids: readonly string[] },
): Promise<null> => {
  await client.query({
    name: 'forget-unclaimed',
    text: 'DELETE FROM unclaimed_objects WHERE file_id = ANY($1::uuid[])',
    values: [file_ids],
  })
  return null
}
