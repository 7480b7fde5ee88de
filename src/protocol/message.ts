/** Messages: the stored shape (MSG-5), the frames that carry them, the page of history. */
import * as z from 'zod/mini'
import { CONTENT_MAX_LENGTH, MENTIONS_MAX_COUNT } from './limits.ts'
import { Reference, Revision, SequenceNumber, Timestamp, UserId, Uuid, text } from './scalars.ts'

export const MessageType = z.enum(['text', 'image_ref', 'file_ref', 'system', 'incident_data'])
export type MessageType = z.infer<typeof MessageType>

export const Reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  user_ids: z.array(UserId),
})

/** A message as REST, live frames and replayed frames all give it. */
export const Message = z.object({
  message_id: Uuid,
  room_id: Uuid,
  sender_id: UserId,
  /** The user's display name, or the id where no such user is known (MSG-6). */
  sender_display_name: z.string(),
  client_message_id: z.string(),
  /** Empty once deleted; an object for `incident_data`. */
  content: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** What a `system` message reports, for clients that say it in their own language. */
  data: z.nullable(z.record(z.string(), z.unknown())),
  message_type: MessageType,
  mentions: z.array(UserId),
  file_id: z.nullable(Uuid),
  file_url: z.nullable(z.string()),
  file: z.nullable(z.record(z.string(), z.unknown())),
  reply_to: z.nullable(Uuid),
  created_at: Timestamp,
  edited_at: z.nullable(Timestamp),
  deleted_at: z.nullable(Timestamp),
  sequence_number: SequenceNumber,
  revision: Revision,
  reactions: z.array(Reaction),
})
export type Message = z.infer<typeof Message>

const content = text(1, CONTENT_MAX_LENGTH).check(
  z.refine((value) => value.trim() !== '', { error: 'must not be blank' }),
)

/** What a sender says of a new message, on a socket and over REST alike (API-8). */
export const NewMessage = z.object({
  content,
  message_type: z._default(z.enum(['text']), 'text'),
  client_message_id: z.optional(Reference),
  mentions: z._default(z.array(UserId).check(z.maxLength(MENTIONS_MAX_COUNT)), []),
  reply_to: z._default(z.nullable(Uuid), null),
})
export type NewMessage = z.infer<typeof NewMessage>

/** up: say something (MSG-1). */
export const SendMessage = z.extend(NewMessage, {
  type: z.literal('message'),
  ref: z.optional(Reference),
})
export type SendMessage = z.infer<typeof SendMessage>

/** down: to every socket of the room, after the commit (MSG-2). */
export const MessageFrame = z.object({
  type: z.literal('message'),
  revision: Revision,
  message: Message,
})
export type MessageFrame = z.infer<typeof MessageFrame>

/** down: to the sender's socket alone, after the commit (MSG-2). */
export const Ack = z.object({
  type: z.literal('ack'),
  client_message_id: z.string(),
  message_id: Uuid,
  sequence_number: SequenceNumber,
  revision: Revision,
  created_at: Timestamp,
  ref: z.optional(z.string()),
  /** Mentioned ids that are not members and were left out (MSG-10). */
  dropped_mentions: z.optional(z.array(z.string())),
})
export type Ack = z.infer<typeof Ack>

/** A page of history, newest first (API-1). */
export const MessagePage = z.object({
  messages: z.array(Message),
  pagination: z.object({
    has_more: z.boolean(),
    /** Exact to the microsecond, so that two messages of one millisecond are never parted. */
    next_before: z.nullable(z.string()),
    next_before_sequence: z.nullable(SequenceNumber),
  }),
})
export type MessagePage = z.infer<typeof MessagePage>
