/**
 * What a report is made of (API-6): its facts, and its rows page by page. Every read asks again
 * what the reader is to the room, and gives rows only to those who belong (SEC-2).
 */
import type { ReportCounts, ReportFacts, ReportRange } from '../domain/report/facts.ts'
import type { PageAsk, ReportPage } from '../domain/report/page.ts'
import type { Role } from '../protocol/member.ts'
import type { Client } from './client.ts'
import { pageRows } from './report-rows.ts'
import { detailsJson } from './rooms.ts'

type Standing = { readonly role: Role | null; readonly is_admin: boolean }

/** `mine` and `me`: what the reader, $2, is to the room `r`, $1. */
const standing = `FROM incident_rooms r
  LEFT JOIN room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
  LEFT JOIN tr_users me ON me.user_id = $2`

const ofReader = 'mine.role, coalesce(me.is_admin, false) AS is_admin'
const isReader = '(mine.role IS NOT NULL OR me.is_admin)'

/** Facts are null for those who may not have them. */
export type ReportFactsRead = Standing & { readonly facts: ReportFacts | null }

/**
 * One statement, so that all of it is of one revision.
 * @returns null where there is no such room
 */
export const readReportFacts = async (
  client: Client,
  args: ReportRange & { readonly room_id: string; readonly user_id: string },
): Promise<ReportFactsRead | null> => {
  const { rows } = await client.query({
    name: 'read-report-facts',
    text: `SELECT ${ofReader}, CASE WHEN ${isReader} THEN jsonb_build_object(
        'room', ${detailsJson},
        'last_hash', encode(r.last_hash, 'hex'),
        'resolved_at', wire_time(became.resolved_at),
        'archived_at', wire_time(became.archived_at),
        'counts', (
          SELECT jsonb_build_object(
            'messages', count(*),
            'edited', count(m.edited_at),
            'deleted', count(m.deleted_at),
            'readings', count(*) FILTER (
              WHERE m.message_type = 'incident_data' AND m.deleted_at IS NULL),
            'attachments', count(m.file_id) FILTER (WHERE m.deleted_at IS NULL),
            'first_sequence', coalesce(min(m.sequence_number), 0),
            'last_sequence', coalesce(max(m.sequence_number), 0))
          FROM messages m
          WHERE m.room_id = r.room_id
            AND ($3::timestamptz IS NULL OR m.created_at >= $3::timestamptz)
            AND ($4::timestamptz IS NULL OR m.created_at < $4::timestamptz))) END AS facts
      ${standing}
      CROSS JOIN LATERAL (
        SELECT max(c.at) FILTER (WHERE c.payload ->> 'status' = 'resolved') AS resolved_at,
          max(c.at) FILTER (WHERE c.payload ->> 'status' = 'archived') AS archived_at
        FROM room_revisions c WHERE c.room_id = r.room_id AND c.kind = 'room_updated'
      ) AS became
      WHERE r.room_id = $1`,
    values: [args.room_id, args.user_id, args.from, args.to],
  })
  return (rows[0] as ReportFactsRead | undefined) ?? null
}

export type ReportPageArgs = ReportRange &
  PageAsk & {
    readonly room_id: string
    readonly user_id: string
    /** Of the facts: what came later is left out, and what changed later is shown as it was. */
    readonly revision: number
    /** Of the facts: the messages in the range are among these. */
    readonly counts: Pick<ReportCounts, 'first_sequence' | 'last_sequence'>
  }

/** The page is null for those who may not have it. */
export type ReportPageRead = Standing & { readonly page: ReportPage | null }

/** @returns null where there is no such room */
export const readReportPage = async (
  client: Client,
  args: ReportPageArgs,
): Promise<ReportPageRead | null> => {
  const { section, counts } = args
  const { rows } = await client.query({
    name: `read-report-${section}`,
    text: `SELECT ${ofReader}, CASE WHEN ${isReader} THEN jsonb_build_object(
        'section', '${section}', 'rows', coalesce(page.rows, '[]'), 'next', page.next) END AS page
      ${standing}
      CROSS JOIN (SELECT $3::bigint AS revision, $4::bigint AS first_sequence,
        $5::bigint AS last_sequence, $6::timestamptz AS from_at, $7::timestamptz AS to_at,
        $8::text AS after) AS asked
      LEFT JOIN LATERAL (${pageRows[section]}) AS page ON ${isReader}
      WHERE r.room_id = $1`,
    values: [
      ...[args.room_id, args.user_id, args.revision, counts.first_sequence, counts.last_sequence],
      ...[args.from, args.to, args.after],
    ],
  })
  return (rows[0] as ReportPageRead | undefined) ?? null
}
