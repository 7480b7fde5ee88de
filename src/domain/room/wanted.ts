/**
 * What a person asked for, as the item that the database is asked to write: the same whether it
 * came as a frame or over REST (API-8).
 */
import type { SendMessage, NewMessage } from '../../protocol/message.ts'
import type { UpFrame } from '../../protocol/up.ts'
import type { MessageChangeItem, MessageItem } from './commit.ts'
import { unreachable } from './unreachable.ts'

type By = { readonly change_id: string; readonly actor_id: string }

/** Mentions and lexemes are added by the room, which knows its members. */
export const messageItem = (by: By, message: NewMessage | SendMessage): MessageItem => {
  const { message_type, mentions, reply_to, client_message_id = by.change_id } = message
  const common = {
    ...by,
    kind: 'message',
    client_message_id,
    mentions,
    reply_to,
    search: null,
  } as const
  switch (message_type) {
    case 'incident_data':
      return { ...common, message_type, content: '', data: message.content, file_id: null }
    case 'text':
      return { ...common, message_type, content: message.content, data: null, file_id: null }
    case 'image_ref':
    case 'file_ref': {
      const { content, file_id } = message
      return { ...common, message_type, content, data: null, file_id }
    }
    default:
      return unreachable(message_type)
  }
}

export type ChangeFrame = Extract<
  UpFrame,
  {
    type:
      | 'edit_message'
      | 'delete_message'
      | 'add_reaction'
      | 'remove_reaction'
      | 'pin_message'
      | 'unpin_message'
  }
>

/** Without its `ref`: what REST asks for in its own form. */
export type WantedChange = ChangeFrame extends infer Each
  ? Each extends ChangeFrame
    ? Omit<Each, 'ref'>
    : never
  : never

export const messageChangeItem = (
  by: By,
  wanted: WantedChange,
  { edit_window_ms }: { readonly edit_window_ms: number },
): MessageChangeItem => {
  const change = { ...by, message_id: wanted.message_id }
  switch (wanted.type) {
    case 'edit_message':
      return {
        ...change,
        kind: 'message_edited',
        content: wanted.content,
        mentions: [],
        search: null,
        window_ms: edit_window_ms,
      }
    case 'delete_message':
      return { ...change, kind: 'message_deleted' }
    case 'add_reaction':
      return { ...change, kind: 'reaction_added', emoji: wanted.emoji }
    case 'remove_reaction':
      return { ...change, kind: 'reaction_removed', emoji: wanted.emoji }
    case 'pin_message':
      return { ...change, kind: 'message_pinned', event_at: wanted.event_at ?? null }
    case 'unpin_message':
      return { ...change, kind: 'message_unpinned' }
    default:
      return unreachable(wanted)
  }
}
