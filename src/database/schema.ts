/**
 * The tables, as drizzle sees them. `npm run migrations` turns a change here into SQL; the
 * procedures that write rooms are in hand-written migrations beside it.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** Microseconds in the table, so that times order a room's messages; milliseconds on the wire. */
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const users = pgTable('tr_users', {
  user_id: text('user_id').primaryKey(),
  display_name: text('display_name').notNull(),
  is_admin: boolean('is_admin').notNull().default(false),
  tier: text('tier').notNull().default('basic'),
  locale: text('locale'),
  created_at: instant('created_at').notNull().defaultNow(),
})

/** One-way messages to a person, until they have read them (DISP-1). */
export const notices = pgTable(
  'notices',
  {
    notice_id: uuid('notice_id').primaryKey(),
    user_id: text('user_id').notNull(),
    sender_id: text('sender_id').notNull(),
    content: text('content').notNull(),
    priority: text('priority').notNull(),
    created_at: instant('created_at').notNull().defaultNow(),
    read_at: instant('read_at'),
  },
  (table) => [
    index('notices_user').on(table.user_id, table.notice_id),
    check('notices_priority', sql`${table.priority} in ('high', 'normal', 'low')`),
  ],
)

/** Where a sender of one-way messages is told what became of them (DISP-5). */
export const webhooks = pgTable('webhooks', {
  user_id: text('user_id').primaryKey(),
  url: text('url').notNull(),
  secret: text('secret').notNull(),
  created_at: instant('created_at').notNull().defaultNow(),
})

export const rooms = pgTable(
  'incident_rooms',
  {
    room_id: uuid('room_id').primaryKey(),
    title: text('title').notNull(),
    incident_type: text('incident_type').notNull(),
    severity: text('severity').notNull(),
    status: text('status').notNull().default('active'),
    location: text('location').notNull().default(''),
    description: text('description').notNull().default(''),
    lots: jsonb('lots').$type<string[]>().notNull().default([]),
    created_by: text('created_by').notNull(),
    created_at: instant('created_at').notNull(),
    updated_at: instant('updated_at').notNull(),
    last_activity_at: instant('last_activity_at').notNull(),
    last_sequence: bigint('last_sequence', { mode: 'number' }).notNull().default(0),
    last_revision: bigint('last_revision', { mode: 'number' }).notNull().default(0),
    last_hash: bytea('last_hash')
      .notNull()
      .default(sql`'\\x'::bytea`),
    /** The live instance of the room's object that committed last: the fence of SEQ-3. */
    owner_instance: text('owner_instance'),
  },
  (table) => [
    check('incident_rooms_status', sql`${table.status} in ('active', 'resolved', 'archived')`),
    check(
      'incident_rooms_severity',
      sql`${table.severity} in ('low', 'medium', 'high', 'critical')`,
    ),
  ],
)

export const members = pgTable(
  'room_members',
  {
    room_id: uuid('room_id')
      .notNull()
      .references(() => rooms.room_id, { onDelete: 'cascade' }),
    user_id: text('user_id').notNull(),
    role: text('role').notNull(),
    joined_at: instant('joined_at').notNull(),
    /** The one read mark per (user, room); moves only forward (INBOX-2). */
    read_sequence: bigint('read_sequence', { mode: 'number' }).notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.room_id, table.user_id] }),
    index('room_members_user').on(table.user_id, table.room_id),
    check('room_members_role', sql`${table.role} in ('owner', 'editor', 'viewer')`),
  ],
)

export const messages = pgTable(
  'messages',
  {
    message_id: uuid('message_id').primaryKey(),
    /** No foreign key here or in room_revisions: the writer holds the room's row locked. */
    room_id: uuid('room_id').notNull(),
    sequence_number: bigint('sequence_number', { mode: 'number' }).notNull(),
    revision: bigint('revision', { mode: 'number' }).notNull(),
    sender_id: text('sender_id').notNull(),
    client_message_id: text('client_message_id').notNull(),
    content: text('content').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>(),
    message_type: text('message_type').notNull(),
    mentions: text('mentions')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    file_id: uuid('file_id'),
    reply_to: uuid('reply_to'),
    created_at: instant('created_at').notNull(),
    edited_at: instant('edited_at'),
    deleted_at: instant('deleted_at'),
    deleted_by: text('deleted_by'),
    /** A pin marks a message for the incident's timeline; `event_at` can be corrected (MSG-11). */
    pinned_at: instant('pinned_at'),
    pinned_by: text('pinned_by'),
    event_at: instant('event_at'),
    /** What the writer made of the words, for search (API-2). Null: found by nothing. */
    search: tsvector('search'),
  },
  (table) => [
    unique('messages_sequence').on(table.room_id, table.sequence_number),
    /** MSG-3: durable idempotency, for ever. */
    unique('messages_client_id').on(table.room_id, table.sender_id, table.client_message_id),
    index('messages_created').on(table.room_id, table.created_at),
    /** Partial wherever most messages are none of it: they then cost the hot path nothing. */
    index('messages_mentions')
      .using('gin', table.mentions)
      .where(sql`${table.mentions} <> '{}'::text[]`),
    index('messages_incident_data')
      .on(table.room_id, table.sequence_number)
      .where(sql`${table.message_type} = 'incident_data'`),
    index('messages_pinned')
      .on(table.room_id, table.event_at)
      .where(sql`${table.pinned_at} is not null`),
    index('messages_file')
      .on(table.file_id)
      .where(sql`${table.file_id} is not null`),
    /** Its pending list is kept short by migrations/0004_search.sql. */
    index('messages_search').using('gin', table.search),
    /** What `npm run migrate` has yet to give terms to; empty otherwise. */
    index('messages_without_terms')
      .on(table.message_id)
      .where(
        sql`${table.search} is null and ${table.deleted_at} is null and ${table.message_type} <> 'system'`,
      ),
    check(
      'messages_type',
      sql`${table.message_type} in ('text', 'image_ref', 'file_ref', 'system', 'incident_data')`,
    ),
  ],
)

/** Every change of a room, in order: audit trail, source of resume and of reports in one. */
export const revisions = pgTable(
  'room_revisions',
  {
    room_id: uuid('room_id').notNull(),
    revision: bigint('revision', { mode: 'number' }).notNull(),
    kind: text('kind').notNull(),
    /** The writer's own id of the change; a repeat is recognised by it. */
    change_id: uuid('change_id').notNull(),
    message_id: uuid('message_id'),
    actor_id: text('actor_id').notNull(),
    at: instant('at').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    previous_hash: bytea('previous_hash').notNull(),
    hash: bytea('hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.room_id, table.revision] }),
    /** Messages have an idempotency of their own; leaving them out keeps the hot path short. */
    uniqueIndex('room_revisions_change')
      .on(table.change_id, table.room_id, table.revision)
      .where(sql`${table.kind} <> 'message'`),
    /** What became of a message: its edits, its deletion (MSG-7, MSG-8). */
    index('room_revisions_message')
      .on(table.message_id, table.revision)
      .where(sql`${table.kind} <> 'message'`),
  ],
)

/** One per message, emoji and person (MSG-9). */
export const reactions = pgTable(
  'message_reactions',
  {
    message_id: uuid('message_id').notNull(),
    emoji: text('emoji').notNull(),
    user_id: text('user_id').notNull(),
    /** The revision that added it: the order in which reactions are shown. */
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.message_id, table.emoji, table.user_id] })],
)

/** Uploads. The bytes are in the object store under the file's id (API-5). */
export const files = pgTable(
  'files',
  {
    file_id: uuid('file_id').primaryKey(),
    room_id: uuid('room_id')
      .notNull()
      .references(() => rooms.room_id, { onDelete: 'cascade' }),
    uploaded_by: text('uploaded_by').notNull(),
    name: text('name').notNull(),
    /** As found in the bytes, not as claimed. */
    content_type: text('content_type').notNull(),
    size_bytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    width: integer('width'),
    height: integer('height'),
    /** Of its name; goes into the message that refers to it (API-2). */
    search: tsvector('search'),
    created_at: instant('created_at').notNull().defaultNow(),
    /** When the first message referred to it. Null for long: nobody does, and it is removed. */
    referenced_at: instant('referenced_at'),
  },
  (table) => [
    index('files_unreferenced')
      .on(table.created_at)
      .where(sql`${table.referenced_at} is null`),
  ],
)

/**
 * Objects in the store that no row of `files` claims: uploads under way, and files that are gone
 * (a trigger on `files` sees to it). Each is removed from the store, then from here.
 */
export const unclaimedObjects = pgTable(
  'unclaimed_objects',
  {
    file_id: uuid('file_id').primaryKey(),
    remove_after: instant('remove_after').notNull(),
  },
  (table) => [index('unclaimed_objects_due').on(table.remove_after)],
)

/** When a person wants to be told of what they do not see. Without a row: of mentions (WEB-5). */
export const notificationSettings = pgTable(
  'notification_settings',
  {
    user_id: text('user_id').primaryKey(),
    level: text('level').notNull(),
    /** `22:00` on the clocks of a time zone; all three or none. */
    quiet_start: text('quiet_start'),
    quiet_end: text('quiet_end'),
    quiet_time_zone: text('quiet_time_zone'),
  },
  (table) => [
    check('notification_settings_level', sql`${table.level} in ('all', 'mentions', 'nothing')`),
    check(
      'notification_settings_quiet',
      sql`num_nulls(${table.quiet_start}, ${table.quiet_end}, ${table.quiet_time_zone}) in (0, 3)`,
    ),
  ],
)

/** The level of one person in one room, in place of their own. Outlives a membership. */
export const roomLevels = pgTable(
  'room_notification_levels',
  {
    room_id: uuid('room_id')
      .notNull()
      .references(() => rooms.room_id, { onDelete: 'cascade' }),
    user_id: text('user_id').notNull(),
    level: text('level').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.room_id, table.user_id] }),
    index('room_notification_levels_user').on(table.user_id),
    check('room_notification_levels_level', sql`${table.level} in ('all', 'mentions', 'nothing')`),
  ],
)

/** Browsers that a push service reaches: one browser, one person (WEB-5). */
export const pushSubscriptions = pgTable(
  'push_subscriptions',
  {
    /** SHA-256 of the endpoint, which is itself a secret: may be logged and kept elsewhere. */
    subscription_id: text('subscription_id').primaryKey(),
    user_id: text('user_id').notNull(),
    endpoint: text('endpoint').notNull(),
    p256dh: text('p256dh').notNull(),
    auth: text('auth').notNull(),
    expires_at: instant('expires_at'),
    user_agent: text('user_agent'),
    /** When it became this person's: what was said before is not pushed to it. */
    created_at: instant('created_at').notNull().defaultNow(),
    updated_at: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('push_subscriptions_user').on(table.user_id, table.updated_at)],
)
