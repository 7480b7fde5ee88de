/** What a press on an emoji asks for: to give it, or to take one's own back (MSG-9). */
import type { Message } from '../../../src/protocol/message.ts'
import type { ChangeFrame } from '../sync/change-requests.ts'

export const hasGiven = (message: Message, emoji: string, user_id: string): boolean =>
  message.reactions.some((one) => one.emoji === emoji && one.user_ids.includes(user_id))

export const toggleReaction = (message: Message, emoji: string, user_id: string): ChangeFrame => ({
  type: hasGiven(message, emoji, user_id) ? 'remove_reaction' : 'add_reaction',
  message_id: message.message_id,
  emoji,
})
