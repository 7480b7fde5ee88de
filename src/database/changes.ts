/** Revisions of a room, as the changes that its sockets are told (CONN-5). */
import type { Change } from '../protocol/change.ts'
import type { Role } from '../protocol/member.ts'
import type { Message } from '../protocol/message.ts'
import type { Client } from './client.ts'

/** A row of the SQL function `room_changes`. */
export type ChangeRow = {
  readonly revision: number
  readonly kind: string
  readonly at: string
  readonly actor_id: string
  readonly payload: Record<string, unknown>
  /** Of the message that it created or changed. */
  readonly message_id: string | null
  /** Of the member that the change is about. */
  readonly display_name: string | null
  readonly is_admin: boolean | null
  readonly message: Message | null
}

export type ChangesRead = {
  readonly changes: Change[]
  readonly last_sequence: number
  readonly last_revision: number
}

/**
 * Changes after a revision, oldest first.
 * @param upto the last revision wanted; null: all there are
 * @returns null where there is no such room
 */
export const readChanges = async (
  client: Client,
  args: {
    readonly room_id: string
    readonly after: number
    readonly upto: number | null
    readonly limit: number
  },
): Promise<ChangesRead | null> => {
  const { rows } = await client.query({
    name: 'read-changes',
    text: `SELECT jsonb_build_object(
        'last_sequence', r.last_sequence, 'last_revision', r.last_revision,
        'changes', (SELECT coalesce(jsonb_agg(change), '[]') FROM room_changes(
          r.room_id, $2::bigint, coalesce($3::bigint, r.last_revision), $4::int) AS change)) AS read
      FROM incident_rooms r WHERE r.room_id = $1`,
    values: [args.room_id, args.after, args.upto, args.limit],
  })
  const read = rows[0]?.['read'] as
    (Omit<ChangesRead, 'changes'> & { changes: ChangeRow[] }) | undefined
  return read ? { ...read, changes: read.changes.map(changeOf) } : null
}

/** The frame that tells a row of `room_changes`. */
export const changeOf = (row: ChangeRow): Change => {
  const { revision, payload } = row
  const by = { type: 'system', revision, timestamp: row.at, actor_id: row.actor_id } as const
  const user_id = String(payload['user_id'])
  const role = payload['role'] as Role
  switch (row.kind) {
    case 'message':
      if (!row.message) throw new Error(`revision ${revision} has lost its message`)
      return { type: 'message', revision, message: row.message }
    case 'room_created':
      return { ...by, event: 'room_created' }
    case 'room_updated':
      return { ...by, event: 'room_updated', changes: payload }
    case 'member_added': {
      const display_name = row.display_name ?? user_id
      const is_admin = row.is_admin ?? false
      const member = { user_id, display_name, role, joined_at: row.at, is_admin }
      return { ...by, event: 'member_added', member }
    }
    case 'member_role_changed':
      return { ...by, event: 'member_role_changed', user_id, role }
    case 'member_removed':
      return { ...by, event: 'member_removed', user_id }
    default:
      return messageChangeOf(row)
  }
}

/** What became of a message; the words of one deleted since are left out by the query. */
const messageChangeOf = ({ revision, kind, at, actor_id, payload, message_id }: ChangeRow) => {
  if (message_id === null) throw new Error(`revision ${revision} is of an unknown kind: ${kind}`)
  const done = { revision, actor_id, timestamp: at, message_id }
  switch (kind) {
    case 'message_edited': {
      const content = String(payload['content'])
      const mentions = payload['mentions'] as string[]
      return { type: kind, ...done, content, mentions, edited_at: at } as const
    }
    case 'message_deleted':
      return { type: kind, ...done, deleted_at: at, deleted_by: actor_id } as const
    case 'reaction_added':
    case 'reaction_removed':
      return {
        type: kind,
        ...done,
        emoji: String(payload['emoji']),
        user_id: actor_id,
        count: Number(payload['count']),
        first_revision: payload['first_revision'] as number | null,
      } as const
    case 'message_pinned': {
      const event_at = new Date(String(payload['event_at'])).toISOString()
      return { type: kind, ...done, pin: { pinned_by: actor_id, pinned_at: at, event_at } } as const
    }
    case 'message_unpinned':
      return { type: kind, ...done } as const
    default:
      throw new Error(`revision ${revision} is of an unknown kind: ${kind}`)
  }
}
