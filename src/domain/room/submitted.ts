/** An item that came over REST: the same gate, the same FIFO, the same result (API-8). */
import { deny, type Action } from '../access.ts'
import { pay } from './budget.ts'
import type { CommitItem } from './commit.ts'
import type { Input } from './input.ts'
import type { KnownRecord } from './state.ts'
import type { Turn } from './turn.ts'
import { stopTyping } from './typing.ts'
import { unreachable } from './unreachable.ts'

export const submitted = (
  turn: Turn,
  record: KnownRecord,
  { request, item, is_admin }: Input & { type: 'submitted' },
): void => {
  const member = record.members.get(item.actor_id)
  const standing = { role: member?.role ?? null, is_admin: is_admin || member?.is_admin === true }
  const denied = deny(standing, actionOf(item), record.details.status)
  if (denied) {
    turn.effects.push({ type: 'reply', request, reply: { ok: false, refusal: denied } })
    return
  }
  if (item.kind === 'message') stopTyping(turn, item.actor_id)
  pay(turn, record, item, { kind: 'request', request })
}

const actionOf = (item: CommitItem): Action => {
  switch (item.kind) {
    case 'message':
    case 'message_edited':
    case 'message_deleted':
    case 'reaction_added':
    case 'reaction_removed':
    case 'message_pinned':
    case 'message_unpinned':
      return 'write'
    case 'room_updated':
      return item.changes.status === 'archived' ? 'archive_room' : 'update_room'
    case 'member_removed':
      return item.user_id === item.actor_id ? 'leave' : 'manage_members'
    case 'member_added':
    case 'member_role_changed':
    case 'ownership_transferred':
      return 'manage_members'
    default:
      return unreachable(item)
  }
}
