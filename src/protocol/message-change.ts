/**
 * What can happen to a message after it was said: edits, deletion, reactions, pins (MSG-7, 8, 9,
 * 11). Asked for on a socket by the frames below or over REST, with one implementation.
 */
import * as z from 'zod/mini'
import { emojiOf } from './emoji.ts'
import { EMOJI_MAX_LENGTH } from './limits.ts'
import { Message, Pin, Words } from './message.ts'
import { Reference, Revision, Timestamp, UserId, Uuid } from './scalars.ts'

/** In the one spelling that counts are kept under. */
const Emoji = z.string().check(
  z.maxLength(EMOJI_MAX_LENGTH),
  z.overwrite((text) => emojiOf(text) ?? text),
  z.refine((text) => emojiOf(text) !== undefined, { error: 'must be one emoji' }),
)

const asked = { message_id: Uuid, ref: z.optional(Reference) }

/** up: other words for an own message, for a while after it was said (MSG-7). */
export const EditMessage = z.object({
  type: z.literal('edit_message'),
  ...asked,
  content: Words,
})

/** up: take back an own message, or any as an owner (MSG-8). */
export const DeleteMessage = z.object({ type: z.literal('delete_message'), ...asked })

/** up: one per person and emoji; the same again changes nothing (MSG-9). */
export const AddReaction = z.object({ type: z.literal('add_reaction'), ...asked, emoji: Emoji })
export const RemoveReaction = z.object({
  type: z.literal('remove_reaction'),
  ...asked,
  emoji: Emoji,
})

/** up: pin, or correct the event time of a pin (MSG-11). Without one it is when it was said. */
export const PinMessage = z.object({
  type: z.literal('pin_message'),
  ...asked,
  event_at: z.optional(z.iso.datetime({ offset: true })),
})
export const UnpinMessage = z.object({ type: z.literal('unpin_message'), ...asked })

const done = { revision: Revision, actor_id: UserId, timestamp: Timestamp, message_id: Uuid }

/** down: the words as they are now. Empty where the message was deleted since. */
export const MessageEdited = z.object({
  type: z.literal('message_edited'),
  ...done,
  content: z.string(),
  mentions: z.array(UserId),
  edited_at: Timestamp,
})

/** down: the message keeps its place and has no words any more. */
export const MessageDeleted = z.object({
  type: z.literal('message_deleted'),
  ...done,
  deleted_at: Timestamp,
  deleted_by: UserId,
})

const reaction = {
  ...done,
  emoji: z.string(),
  user_id: UserId,
  /** Of this emoji on this message, after the change. */
  count: z.int(),
  /** Of the earliest of them; null where none is left. */
  first_revision: z.nullable(Revision),
}

export const ReactionAdded = z.object({ type: z.literal('reaction_added'), ...reaction })
export const ReactionRemoved = z.object({ type: z.literal('reaction_removed'), ...reaction })

export const MessagePinned = z.object({ type: z.literal('message_pinned'), ...done, pin: Pin })
export const MessageUnpinned = z.object({ type: z.literal('message_unpinned'), ...done })

/** down: one revision of a message. */
export const MessageChange = z.discriminatedUnion('type', [
  MessageEdited,
  MessageDeleted,
  ReactionAdded,
  ReactionRemoved,
  MessagePinned,
  MessageUnpinned,
])
export type MessageChange = z.infer<typeof MessageChange>

/** down: to the asking socket alone, after the commit; `unchanged`: it was so already. */
export const ChangeAck = z.object({
  type: z.literal('change_ack'),
  message_id: Uuid,
  status: z.enum(['changed', 'unchanged']),
  ref: z.optional(z.string()),
  dropped_mentions: z.optional(z.array(z.string())),
})
export type ChangeAck = z.infer<typeof ChangeAck>

/** REST bodies of the same changes. */
export const EditBody = z.object({ content: Words })
export const PinBody = z.object({ event_at: z.optional(z.iso.datetime({ offset: true })) })

/** The words of a message from first to last (MSG-7). None once it was deleted. */
export const MessageHistory = z.object({
  versions: z.array(
    z.object({ content: Message.shape.content, at: Timestamp, revision: Revision }),
  ),
})
export type MessageHistory = z.infer<typeof MessageHistory>
