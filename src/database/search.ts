/**
 * Messages found by their words (API-2). Membership is part of the statement; deleted messages are
 * never found. It runs unnamed, so that it is planned for the words it looks for: a rare one goes
 * by the index of terms, a common one in a small room by the room.
 */
import type { Role } from '../protocol/member.ts'
import type { Message, MessageType } from '../protocol/message.ts'
import type { RoomStatus } from '../protocol/room.ts'
import type { Client } from './client.ts'
import { instantOf, liesBefore, placeJson, type Place } from './place.ts'
import { valuesOf, type Values } from './values.ts'

export type SearchFilters = {
  readonly sender_id?: string | undefined
  readonly message_type?: MessageType | undefined
  /** Inclusive, and exclusive. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly has_file?: boolean | undefined
  readonly room_status?: RoomStatus | undefined
}

/**
 * Results are ranked within a window of the newest that match. `before` keeps the window where
 * it was while new messages come; `after` is the last result shown of it.
 */
export type SearchPosition = {
  readonly before: Place | null
  readonly after: (Place & { readonly relevance: number }) | null
}

export type Search = {
  readonly user_id: string
  /** As typed: a message that holds it word for word comes first. */
  readonly q: string
  readonly tsquery: string
  readonly exact_tsquery: string
  readonly filters: SearchFilters
  readonly position: SearchPosition
  /** How many to read: one more than the page shows tells whether there are more. */
  readonly count: number
  /** How many of the newest are ranked together. */
  readonly window_count: number
}

export type Found = {
  readonly message: Message
  readonly file_name: string | null
  readonly room_title: string
  readonly relevance: number
  readonly place: Place
}

export type SearchRead = {
  readonly found: Found[]
  /** Of the window: null where nothing is in it. */
  readonly newest: Place | null
  readonly oldest: Place | null
  readonly window_size: number
}

/** The same, with what the viewer is to the room (SEC-2). */
export type RoomSearchRead = SearchRead & { readonly role: Role | null; readonly is_admin: boolean }

/** In one room. @returns null where there is no such room */
export const searchRoom = async (
  client: Client,
  search: Search & { readonly room_id: string },
): Promise<RoomSearchRead | null> => {
  const values = valuesOf()
  const [user_id, room_id] = [values.add(search.user_id), values.add(search.room_id)]
  const candidates = candidateRows(search, values, {
    joins: '',
    conditions: [
      `m.room_id = ${room_id}`,
      'EXISTS (SELECT FROM standing WHERE role IS NOT NULL OR is_admin)',
    ],
  })
  const { rows } = await client.query({
    text: `WITH standing AS MATERIALIZED (
        SELECT mine.role, coalesce(me.is_admin, false) AS is_admin FROM incident_rooms r
          LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = ${user_id}
          LEFT JOIN tr_users me ON me.user_id = ${user_id}
          WHERE r.room_id = ${room_id}),
      ${rankedRows(search, values, candidates)}
      SELECT standing.*, ${results} FROM standing`,
    values: values.list,
  })
  return (rows[0] as RoomSearchRead | undefined) ?? null
}

/** In all rooms of which the searcher is a member; being an admin opens no more of them here. */
export const searchRooms = async (client: Client, search: Search): Promise<SearchRead> => {
  const values = valuesOf()
  const user_id = values.add(search.user_id)
  const { room_status } = search.filters
  const status = room_status === undefined ? '' : `AND r.status = ${values.add(room_status)}`
  const candidates = candidateRows(search, values, {
    joins: `JOIN room_members mine ON mine.room_id = m.room_id AND mine.user_id = ${user_id}
      ${status === '' ? '' : `JOIN incident_rooms r ON r.room_id = m.room_id ${status}`}`,
    conditions: [],
  })
  const { rows } = await client.query({
    text: `WITH ${rankedRows(search, values, candidates)} SELECT ${results}`,
    values: values.list,
  })
  return rows[0] as SearchRead
}

type Scope = { readonly joins: string; readonly conditions: readonly string[] }

/** The newest that match, as many as are ranked together. */
const candidateRows = (
  { tsquery, filters, position, window_count }: Search,
  values: Values,
  { joins, conditions }: Scope,
): string => {
  const { sender_id, message_type, from, to, has_file } = filters
  const all = [
    `m.search @@ ${values.add(tsquery)}::tsquery`,
    'm.deleted_at IS NULL',
    ...conditions,
    ...(sender_id === undefined ? [] : [`m.sender_id = ${values.add(sender_id)}`]),
    ...(message_type === undefined ? [] : [`m.message_type = ${values.add(message_type)}`]),
    ...(from === undefined ? [] : [`m.created_at >= ${values.add(from)}::timestamptz`]),
    ...(to === undefined ? [] : [`m.created_at < ${values.add(to)}::timestamptz`]),
    ...(has_file === undefined ? [] : [`m.file_id IS ${has_file ? 'NOT NULL' : 'NULL'}`]),
    ...(position.before === null ? [] : [liesBefore('m', position.before, values)]),
  ]
  return `SELECT m.message_id, m.created_at, m.content, m.search FROM messages m ${joins}
    WHERE ${all.join(' AND ')}
    ORDER BY m.created_at DESC, m.message_id DESC LIMIT ${values.add(window_count)}`
}

/** What holds `q` as it was typed first, then whole words, then beginnings; each newest first. */
const rankedRows = (search: Search, values: Values, candidates: string): string => {
  const { q, exact_tsquery, position, count } = search
  const after = position.after && {
    relevance: values.add(position.after.relevance),
    at: instantOf(values.add(position.after.at_us)),
    id: values.add(position.after.message_id),
  }
  return `candidate AS MATERIALIZED (${candidates}),
    ranked AS (SELECT message_id, created_at,
      2 * (strpos(lower(content), lower(${values.add(q)}::text)) > 0)::int
        + (search @@ ${values.add(exact_tsquery)}::tsquery)::int AS relevance
      FROM candidate),
    found AS MATERIALIZED (SELECT * FROM ranked
      ${after ? `WHERE (relevance, created_at, message_id) < (${after.relevance}::int, ${after.at}, ${after.id}::uuid)` : ''}
      ORDER BY relevance DESC, created_at DESC, message_id DESC LIMIT ${values.add(count)})`
}

const results = `
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'message', message_json(m, u.display_name), 'file_name', file.name, 'room_title', r.title,
      'relevance', f.relevance, 'place', ${placeJson('f')})
      ORDER BY f.relevance DESC, f.created_at DESC, f.message_id DESC), '[]')
    FROM found f JOIN messages m ON m.message_id = f.message_id
    JOIN incident_rooms r ON r.room_id = m.room_id
    LEFT JOIN files file ON file.file_id = m.file_id
    LEFT JOIN tr_users u ON u.user_id = m.sender_id) AS found,
  (SELECT count(*)::int FROM candidate) AS window_size,
  (SELECT ${placeJson('c')} FROM candidate c ORDER BY created_at DESC, message_id DESC LIMIT 1) AS newest,
  (SELECT ${placeJson('c')} FROM candidate c ORDER BY created_at, message_id LIMIT 1) AS oldest`
