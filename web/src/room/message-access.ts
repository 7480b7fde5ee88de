/** What the page offers to do with one message. The server decides for itself (MSG-7…11). */
import type { Message } from '../../../src/protocol/message.ts'
import type { Access } from './access.ts'

/** The server's default (MSG-7); where it is set otherwise, its refusal says so. */
export const EDIT_WINDOW_MS = 15 * 60_000

export type MessageAccess = {
  readonly can_answer: boolean
  readonly can_edit: boolean
  readonly can_delete: boolean
}

export type MessageAccessInput = {
  readonly message: Message
  readonly access: Access
  readonly own_user_id: string
  /** By the server's clock. */
  readonly now_ms: number
}

export const messageAccessOf = (input: MessageAccessInput): MessageAccess => {
  const { message, access, own_user_id, now_ms } = input
  const can_answer = access.read_only === undefined && message.deleted_at === null
  const is_own = message.sender_id === own_user_id
  const has_words = message.message_type !== 'incident_data' && message.message_type !== 'system'
  const is_in_time = now_ms < Date.parse(message.created_at) + EDIT_WINDOW_MS
  return {
    can_answer,
    can_edit: can_answer && is_own && has_words && is_in_time,
    can_delete: can_answer && (is_own || access.can_manage_members),
  }
}
