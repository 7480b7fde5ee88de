/**
 * What a room's archive holds, table by table, in the order in which rows refer to one another.
 * $1 is the room. Left out on purpose: what belongs to a person rather than to the room (rights,
 * tier, browsers, notification settings), and which object owned the room last.
 */
export type ArchivedTable = {
  readonly name: string
  /** Of the room, in a fixed order, so that the same room gives the same bytes. */
  readonly from: string
  /** Columns that stay behind. */
  readonly without: readonly string[]
}

const named = `(
  SELECT created_by AS user_id FROM public.incident_rooms WHERE room_id = $1
  UNION SELECT user_id FROM public.room_members WHERE room_id = $1
  UNION SELECT actor_id FROM public.room_revisions WHERE room_id = $1
  UNION SELECT sender_id FROM public.messages WHERE room_id = $1
  UNION SELECT pg_catalog.unnest(mentions) FROM public.messages WHERE room_id = $1
  UNION SELECT uploaded_by FROM public.files WHERE room_id = $1
  UNION SELECT r.user_id FROM public.message_reactions r
    JOIN public.messages m ON m.message_id = r.message_id WHERE m.room_id = $1)`

export const archivedTables: readonly ArchivedTable[] = [
  {
    name: 'tr_users',
    from: `public.tr_users t WHERE t.user_id IN ${named} ORDER BY t.user_id`,
    without: ['is_admin', 'tier', 'locale'],
  },
  {
    name: 'incident_rooms',
    from: 'public.incident_rooms t WHERE t.room_id = $1',
    without: ['owner_instance'],
  },
  {
    name: 'room_members',
    from: 'public.room_members t WHERE t.room_id = $1 ORDER BY t.user_id',
    without: [],
  },
  {
    name: 'room_revisions',
    from: 'public.room_revisions t WHERE t.room_id = $1 ORDER BY t.revision',
    without: [],
  },
  {
    name: 'files',
    from: 'public.files t WHERE t.room_id = $1 ORDER BY t.file_id',
    without: [],
  },
  {
    name: 'messages',
    from: 'public.messages t WHERE t.room_id = $1 ORDER BY t.sequence_number',
    without: [],
  },
  {
    name: 'message_reactions',
    from: `public.message_reactions t JOIN public.messages m ON m.message_id = t.message_id
      WHERE m.room_id = $1 ORDER BY m.sequence_number, t.revision, t.emoji, t.user_id`,
    without: [],
  },
  {
    name: 'room_notification_levels',
    from: 'public.room_notification_levels t WHERE t.room_id = $1 ORDER BY t.user_id',
    without: [],
  },
]
