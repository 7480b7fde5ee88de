/**
 * What a change makes of a message (MSG-7, 8, 9, 11). Pure. A message may come in a form that has
 * later changes in it already, and the replay then goes through them once more (CONN-5): what the
 * form includes is skipped, so that every way leads to the same message.
 */
import { withoutWords } from '../../../src/protocol/deleted.ts'
import type { Message, Reaction } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'

/** The message after this change; the same object when the change is in it already. */
export const applyMessageChange = (message: Message, change: MessageChange): Message => {
  if (change.message_id !== message.message_id) return message
  if (change.revision <= message.changed_revision) return message
  return { ...changed(message, change), changed_revision: change.revision }
}

const changed = (message: Message, change: MessageChange): Message => {
  // Deleted is the end: what follows has nothing left to change.
  if (message.deleted_at !== null) return message
  switch (change.type) {
    case 'message_edited': {
      const { content, mentions, edited_at } = change
      return { ...message, content, mentions, edited_at }
    }
    case 'message_deleted': {
      const { deleted_at, deleted_by } = change
      return { ...withoutWords(message), pin: null, reactions: [], deleted_at, deleted_by }
    }
    case 'reaction_added':
    case 'reaction_removed':
      return { ...message, reactions: withReaction(message.reactions, change) }
    case 'message_pinned':
      return { ...message, pin: change.pin }
    case 'message_unpinned':
      return { ...message, pin: null }
    default:
      // A newer server's: this page does not show it, and loses nothing else by it.
      return message
  }
}

type ReactionChange = Extract<MessageChange, { type: 'reaction_added' | 'reaction_removed' }>

/** Number and place of the group are the change's own word; only the order of people is kept here. */
const withReaction = (reactions: readonly Reaction[], change: ReactionChange): Reaction[] => {
  const { emoji, count, user_id, first_revision } = change
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  const others = reactions.filter((reaction) => reaction.emoji !== emoji)
  if (first_revision === null) return others
  const people = (known?.user_ids ?? []).filter((other) => other !== user_id)
  const user_ids = change.type === 'reaction_added' ? [...people, user_id] : people
  const group = { emoji, count, user_ids, first_revision }
  return [...others, group].toSorted((a, b) => a.first_revision - b.first_revision)
}
