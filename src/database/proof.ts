/**
 * What the proof of a record reads (API-9), in batches. Each statement is one snapshot, so a room in
 * full traffic raises no false alarm. Nothing here trusts what is stored in the database besides
 * the rows: built-ins are named with pg_catalog, tables with their schema, and no function of ours
 * is called. What a hash is made of comes as text, and is hashed by the reader.
 */
import type { MemberRow, MessageRow, RevisionRow, RoomRow } from '../domain/proof/rows.ts'
import type { Role } from '../protocol/member.ts'
import type { Client } from './client.ts'

/** What one batch holds at most. The bytes count canonical texts, or words and data of messages. */
export const PROOF_BATCH_MAX_ROWS = 1_000
const BATCH_MAX_BYTES = 4_194_304

/** What the viewer is to the room, as of the statement (SEC-2). */
type Seen = { readonly role: Role | null; readonly is_admin: boolean }

type Batch = {
  readonly room_id: string
  /** Null: nobody asks but the operator of the database. */
  readonly user_id: string | null
  /** The last one of the batch before; null: from the first. */
  readonly after: number | null
  readonly limit?: number
}

export type RevisionBatch = Seen & {
  readonly revisions: readonly RevisionRow[]
  readonly room: RoomRow
  /** With the last batch, otherwise null: the members as of that batch. */
  readonly members: readonly MemberRow[] | null
}

export type MessageBatch = Seen & {
  readonly messages: readonly MessageRow[]
  readonly last_sequence: number
  readonly is_last: boolean
}

export type ProofHead = Seen & {
  readonly revision: number
  readonly hash: string
  /** Of the revision that was asked about; null: there is none. */
  readonly known_hash: string | null
}

/** Microseconds since the epoch; what is not finite has none. */
const microseconds = (column: string): string =>
  `CASE WHEN ${column} IS NULL THEN NULL WHEN pg_catalog.isfinite(${column})
    THEN (extract(epoch FROM ${column}) * 1000000)::pg_catalog.int8 ELSE -1 END`

const hex = (column: string): string => `pg_catalog.encode(${column}, 'hex')`

const seen = `mine.role, coalesce(me.is_admin, false) AS is_admin`

/** $1 is the room, $2 the viewer. */
const room = `public.incident_rooms r
  LEFT JOIN public.room_members mine ON mine.room_id = r.room_id AND mine.user_id = $2
  LEFT JOIN public.tr_users me ON me.user_id = $2`

/** Only the first of the batch may be beyond the bytes. */
const isKept = (bytes: string, order: string): string =>
  `pg_catalog.sum(${bytes}) OVER (ORDER BY ${order}) - ${bytes} < ${BATCH_MAX_BYTES} AS is_kept`

const after = `coalesce($3::pg_catalog.int8, -9223372036854775808)`

/** As `revision_hash` makes it: a change of a message names the message. */
const canonical = `CASE WHEN v.message_id IS NULL OR v.kind = 'message'
  THEN pg_catalog.jsonb_build_array(v.room_id, v.revision, v.kind, v.change_id, v.actor_id,
    ${microseconds('v.at')}, v.payload)
  ELSE pg_catalog.jsonb_build_array(v.room_id, v.revision, v.kind, v.change_id, v.actor_id,
    ${microseconds('v.at')}, v.payload, v.message_id) END::pg_catalog.text`

const roomJson = `pg_catalog.json_build_object(
  'title', r.title, 'incident_type', r.incident_type, 'severity', r.severity, 'status', r.status,
  'location', r.location, 'description', r.description, 'lots', r.lots,
  'created_by', r.created_by, 'created_at', ${microseconds('r.created_at')},
  'updated_at', ${microseconds('r.updated_at')},
  'last_activity_at', ${microseconds('r.last_activity_at')},
  'last_sequence', r.last_sequence, 'last_revision', r.last_revision,
  'last_hash', ${hex('r.last_hash')})`

const membersJson = `(SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
    'user_id', m.user_id, 'role', m.role, 'joined_at', ${microseconds('m.joined_at')})), '[]')
  FROM public.room_members m WHERE m.room_id = r.room_id)`

/** Revisions in order; with the last of them the members. @returns null where there is no such room */
export const readProofRevisions = async (
  client: Client,
  batch: Batch,
): Promise<RevisionBatch | null> => {
  const { rows } = await client.query({
    name: 'read-proof-revisions',
    text: `SELECT ${seen}, ${roomJson} AS room, page.revisions,
        CASE WHEN page.is_last THEN ${membersJson} END AS members
      FROM ${room}
      CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.count(*) < $4::pg_catalog.int8 AND pg_catalog.bool_and(v.is_kept), true)
            AS is_last,
          coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'revision', v.revision, 'message_id', v.message_id, 'canonical', v.canonical,
            'previous_hash', ${hex('v.previous_hash')}, 'hash', ${hex('v.hash')})
            ORDER BY v.revision) FILTER (WHERE v.is_kept), '[]') AS revisions
        FROM (
          SELECT v.*, ${isKept('pg_catalog.octet_length(v.canonical)', 'v.revision')}
          FROM (
            SELECT v.revision, v.message_id, v.previous_hash, v.hash, ${canonical} AS canonical
            FROM public.room_revisions v
            WHERE v.room_id = r.room_id AND v.revision > ${after}
            ORDER BY v.revision LIMIT $4::pg_catalog.int8
          ) AS v
        ) AS v
      ) AS page
      WHERE r.room_id = $1`,
    values: valuesOf(batch),
  })
  return (rows[0] as RevisionBatch | undefined) ?? null
}

/** The last revision of these kinds about the message. Short: the index has only what is no message. */
const lastChange = (alias: string, kinds: readonly string[]): string => `LEFT JOIN LATERAL (
    SELECT ${changeJson('v')} AS change FROM public.room_revisions v
    WHERE v.message_id = m.message_id AND v.kind <> 'message' AND v.room_id = m.room_id
      AND v.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
    ORDER BY v.revision DESC LIMIT 1
  ) AS ${alias} ON true`

const changeJson = (alias: string): string => `pg_catalog.json_build_object('kind', ${alias}.kind,
  'actor_id', ${alias}.actor_id, 'at', ${microseconds(`${alias}.at`)}, 'payload', ${alias}.payload)`

/** By person and emoji the last revision decides whether there is a row, and which it names. */
const reactionDifference = `LEFT JOIN LATERAL (
    SELECT pg_catalog.json_build_object(
      'user_id', coalesce(told.actor_id, held.user_id), 'emoji', coalesce(told.emoji, held.emoji),
      'told_revision', CASE WHEN told.kind = 'reaction_added' THEN told.revision END,
      'held_revision', held.revision) AS difference
    FROM (
      SELECT DISTINCT ON (v.actor_id, v.payload ->> 'emoji')
          v.actor_id, v.payload ->> 'emoji' AS emoji, v.kind, v.revision
        FROM public.room_revisions v
        WHERE v.message_id = m.message_id AND v.kind <> 'message' AND v.room_id = m.room_id
          AND v.kind IN ('reaction_added', 'reaction_removed')
        ORDER BY v.actor_id, v.payload ->> 'emoji', v.revision DESC
    ) AS told
    FULL JOIN (
      SELECT x.user_id, x.emoji, x.revision FROM public.message_reactions x
        WHERE x.message_id = m.message_id
    ) AS held ON held.user_id = told.actor_id AND held.emoji = told.emoji
    WHERE CASE WHEN told.kind = 'reaction_added' THEN told.revision END
      IS DISTINCT FROM held.revision
    ORDER BY coalesce(told.revision, held.revision), held.revision IS NOT NULL LIMIT 1
  ) AS reaction ON true`

const messageJson = `pg_catalog.json_build_object(
  'message_id', m.message_id, 'sequence_number', m.sequence_number, 'revision', m.revision,
  'sender_id', m.sender_id, 'client_message_id', m.client_message_id, 'content', m.content,
  'data', m.data::pg_catalog.text, 'message_type', m.message_type, 'mentions', m.mentions,
  'file_id', m.file_id, 'reply_to', m.reply_to, 'created_at', ${microseconds('m.created_at')},
  'edited_at', ${microseconds('m.edited_at')}, 'deleted_at', ${microseconds('m.deleted_at')},
  'deleted_by', m.deleted_by, 'pinned_at', ${microseconds('m.pinned_at')},
  'pinned_by', m.pinned_by, 'event_at', ${microseconds('m.event_at')},
  'told', CASE WHEN told.kind IS NOT NULL THEN pg_catalog.json_build_object('kind', told.kind,
    'message_id', told.message_id, 'actor_id', told.actor_id, 'at', ${microseconds('told.at')},
    'payload', told.payload - 'data', 'data', (told.payload -> 'data')::pg_catalog.text) END,
  'edited', edited.change, 'deleted', deleted.change, 'pinned', pinned.change,
  'reaction', reaction.difference)`

const messageBytes = `pg_catalog.octet_length(m.content)
  + coalesce(pg_catalog.octet_length(m.data::pg_catalog.text), 0)`

/** Messages in order, each with the revisions it should agree with. @returns null: no such room */
export const readProofMessages = async (
  client: Client,
  batch: Batch,
): Promise<MessageBatch | null> => {
  const { rows } = await client.query({
    name: 'read-proof-messages',
    text: `SELECT ${seen}, r.last_sequence::pg_catalog.float8 AS last_sequence,
        page.messages, page.is_last
      FROM ${room}
      CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.count(*) < $4::pg_catalog.int8 AND pg_catalog.bool_and(m.is_kept), true)
            AS is_last,
          coalesce(pg_catalog.json_agg(${messageJson} ORDER BY m.sequence_number)
            FILTER (WHERE m.is_kept), '[]') AS messages
        FROM (
          SELECT m.*, ${isKept(messageBytes, 'm.sequence_number')}
          FROM (
            SELECT m.* FROM public.messages m
            WHERE m.room_id = r.room_id AND m.sequence_number > ${after}
            ORDER BY m.sequence_number LIMIT $4::pg_catalog.int8
          ) AS m
        ) AS m
        LEFT JOIN public.room_revisions told
          ON told.room_id = m.room_id AND told.revision = m.revision
        ${lastChange('edited', ['message_edited'])}
        ${lastChange('deleted', ['message_deleted'])}
        ${lastChange('pinned', ['message_pinned', 'message_unpinned'])}
        ${reactionDifference}
      ) AS page
      WHERE r.room_id = $1`,
    values: valuesOf(batch),
  })
  return (rows[0] as MessageBatch | undefined) ?? null
}

/** Where the record stands, and the hash of a revision known before. @returns null: no such room */
export const readProofHead = async (
  client: Client,
  args: {
    readonly room_id: string
    readonly user_id: string | null
    readonly known_revision: number | null
  },
): Promise<ProofHead | null> => {
  const { rows } = await client.query({
    name: 'read-proof-head',
    text: `SELECT ${seen}, r.last_revision::pg_catalog.float8 AS revision,
        ${hex('r.last_hash')} AS hash, ${hex('v.hash')} AS known_hash
      FROM ${room}
      LEFT JOIN public.room_revisions v ON v.room_id = r.room_id AND v.revision = $3
      WHERE r.room_id = $1`,
    values: [args.room_id, args.user_id, args.known_revision],
  })
  return (rows[0] as ProofHead | undefined) ?? null
}

const valuesOf = ({ room_id, user_id, after: last, limit = PROOF_BATCH_MAX_ROWS }: Batch) => [
  room_id,
  user_id,
  last,
  limit,
]
