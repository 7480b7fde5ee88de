/** What can be done with one message, in the order of the menu. Pure. */
import type { Message } from '../../../src/protocol/message.ts'
import type { OutboxStatus } from '../sync/outbox.ts'
import type { MessageAccess } from './message-access.ts'

export type MessageAction =
  | 'retry'
  | 'discard'
  | 'reply'
  | 'copy_text'
  | 'copy_link'
  | 'show_reactions'
  | 'edit'
  | 'show_history'
  | 'pin'
  | 'correct_time'
  | 'unpin'
  | 'delete'

export type MessageActionsInput = {
  /** Undefined while the server has not confirmed it. */
  readonly message: Message | undefined
  readonly access: MessageAccess | undefined
  readonly status: OutboxStatus | undefined
  /** It has words or readings that can be copied. */
  readonly has_text: boolean
}

export const messageActionsOf = (input: MessageActionsInput): readonly MessageAction[] => {
  const { message, access, status, has_text } = input
  const copy = offered('copy_text', has_text)
  if (message === undefined || access === undefined)
    return status?.kind === 'failed' ? ['retry', ...copy, 'discard'] : copy
  if (message.deleted_at !== null) return []
  const is_pinned = message.pin !== null
  return [
    ...offered('reply', access.can_answer),
    ...copy,
    'copy_link',
    ...offered('show_reactions', message.reactions.length > 0),
    ...offered('edit', access.can_edit),
    ...offered('show_history', message.edited_at !== null),
    ...offered('pin', access.can_answer && !is_pinned),
    ...offered('correct_time', access.can_answer && is_pinned),
    ...offered('unpin', access.can_answer && is_pinned),
    ...offered('delete', access.can_delete),
  ]
}

const offered = (action: MessageAction, is_offered: boolean): readonly MessageAction[] =>
  is_offered ? [action] : []
