/**
 * What one's own changes will make of a message once the room confirms them, so that a press shows
 * at once (MSG-7, 8, 9, 11). Pure, and laid over the room's word each time anew: a change that is
 * confirmed changes nothing more, and one that is refused is gone with its place in the list.
 */
import { withoutWords } from '../../../src/protocol/deleted.ts'
import type { Message, Reaction } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import type { ChangeFrame } from './change-requests.ts'

export type PendingChange = {
  readonly frame: ChangeFrame
  readonly user_id: string
  /** RFC 3339, by this device's clock. */
  readonly asked_at: string
}

/** The message as its reader means it to be; the same object when nothing is under way. */
export const withPendingChanges = (message: Message, pending: readonly PendingChange[]): Message =>
  pending
    .filter(({ frame }) => frame.message_id === message.message_id)
    .reduce(withPendingChange, message)

/** Whether this is the room's word on what was asked for. */
export const isWordOn = ({ frame, user_id }: PendingChange, change: MessageChange): boolean => {
  if (change.message_id !== frame.message_id || change.actor_id !== user_id) return false
  switch (frame.type) {
    case 'add_reaction':
      return change.type === 'reaction_added' && change.emoji === frame.emoji
    case 'remove_reaction':
      return change.type === 'reaction_removed' && change.emoji === frame.emoji
    case 'edit_message':
      return change.type === 'message_edited'
    case 'delete_message':
      return change.type === 'message_deleted'
    case 'pin_message':
      return change.type === 'message_pinned'
    case 'unpin_message':
      return change.type === 'message_unpinned'
  }
}

const withPendingChange = (message: Message, change: PendingChange): Message => {
  if (message.deleted_at !== null) return message
  const { frame, user_id, asked_at } = change
  switch (frame.type) {
    case 'add_reaction':
      return { ...message, reactions: withOwn(message.reactions, frame.emoji, user_id) }
    case 'remove_reaction':
      return { ...message, reactions: withoutOwn(message.reactions, frame.emoji, user_id) }
    case 'edit_message':
      return { ...message, content: frame.content, edited_at: message.edited_at ?? asked_at }
    case 'delete_message':
      return {
        ...withoutWords(message),
        pin: null,
        reactions: [],
        deleted_at: asked_at,
        deleted_by: user_id,
      }
    case 'pin_message': {
      const event_at = frame.event_at ?? message.created_at
      const made = { pinned_by: user_id, pinned_at: asked_at }
      return { ...message, pin: { ...made, ...message.pin, event_at } }
    }
    case 'unpin_message':
      return { ...message, pin: null }
  }
}

const withOwn = (
  reactions: readonly Reaction[],
  emoji: string,
  user_id: string,
): Message['reactions'] => {
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  // Which revision it will be is not known; the newest stand last.
  const first_revision = Number.MAX_SAFE_INTEGER
  if (known === undefined)
    return [...reactions, { emoji, count: 1, user_ids: [user_id], first_revision }]
  if (known.user_ids.includes(user_id)) return [...reactions]
  const user_ids = [...known.user_ids, user_id]
  return reactions.map((reaction) =>
    reaction === known ? { ...known, count: known.count + 1, user_ids } : reaction,
  )
}

const withoutOwn = (
  reactions: readonly Reaction[],
  emoji: string,
  user_id: string,
): Message['reactions'] =>
  reactions.flatMap((reaction) => {
    if (reaction.emoji !== emoji || !reaction.user_ids.includes(user_id)) return [reaction]
    if (reaction.count === 1) return []
    const user_ids = reaction.user_ids.filter((other) => other !== user_id)
    return [{ ...reaction, count: reaction.count - 1, user_ids }]
  })
