/** Which message ArrowUp in the empty composer opens: the newest own one that may still be edited. */
import type { Message } from '../../../src/protocol/message.ts'
import { messageAccessOf, type MessageAccessInput } from './message-access.ts'

type LastEditableInput = Omit<MessageAccessInput, 'message'> & {
  readonly messages: readonly Message[]
}

export const lastEditable = ({ messages, ...given }: LastEditableInput): Message | undefined =>
  messages.findLast((message) => messageAccessOf({ message, ...given }).can_edit)
