/** Messages: the stored shape (MSG-5), the frames that carry them, the page of history. */
import * as z from 'zod/mini'
import { FileDetails } from './file.ts'
import { fileUrl } from './file-url.ts'
import { IncidentData } from './incident-data.ts'
import { CONTENT_MAX_LENGTH, MENTIONS_MAX_COUNT } from './limits.ts'
import { Reference, Revision, SequenceNumber, Timestamp, UserId, Uuid, text } from './scalars.ts'

export const MessageType = z.enum(['text', 'image_ref', 'file_ref', 'system', 'incident_data'])
export type MessageType = z.infer<typeof MessageType>

/** Reactions with one emoji. Groups come in the order of `first_revision`. */
export const Reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  /** In the order in which they reacted. */
  user_ids: z.array(UserId),
  /** Of the earliest of these reactions. */
  first_revision: Revision,
})
export type Reaction = z.infer<typeof Reaction>

/** Marks a message for the incident's timeline (MSG-11). */
export const Pin = z.object({
  pinned_by: UserId,
  pinned_at: Timestamp,
  /** When it really happened; as long as nobody corrects it, when it was said. */
  event_at: Timestamp,
})
export type Pin = z.infer<typeof Pin>

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
  file: z.nullable(FileDetails),
  reply_to: z.nullable(Uuid),
  created_at: Timestamp,
  edited_at: z.nullable(Timestamp),
  deleted_at: z.nullable(Timestamp),
  deleted_by: z.nullable(UserId),
  pin: z.nullable(Pin),
  sequence_number: SequenceNumber,
  /** The one that created it. */
  revision: Revision,
  /** The last one that this form of it includes: of two forms the later is the truer. */
  changed_revision: Revision,
  reactions: z.array(Reaction),
})
export type Message = z.infer<typeof Message>

/** Words: of a `text` message, and what an edit puts in their place. */
export const Words = text(1, CONTENT_MAX_LENGTH).check(
  z.refine((value) => value.trim() !== '', { error: 'must not be blank' }),
)

const mentions = z._default(z.array(UserId).check(z.maxLength(MENTIONS_MAX_COUNT)), [])

const common = {
  client_message_id: z.optional(Reference),
  /** Besides the people named in the text, whom the server finds itself (MSG-10). */
  mentions,
  reply_to: z._default(z.nullable(Uuid), null),
}

/** The words beside a picture or a file; there need not be any. */
const caption = z._default(text(0, CONTENT_MAX_LENGTH), '')

const fileReference = {
  content: caption,
  /** From an upload to the same room, by the sender (API-5). */
  file_id: Uuid,
  /** For clients that echo what the upload answered. It must be the file's own address. */
  file_url: z.optional(z.nullable(z.string())),
}

const isOwnAddress = z.refine<{ file_id: string; file_url?: string | null | undefined }>(
  ({ file_id, file_url }) =>
    file_url === undefined || file_url === null || file_url === fileUrl(file_id),
  { error: 'is not the address of file_id', path: ['file_url'] },
)

/** Said with words alone, a file would be left behind without a word. */
const noFile = z.optional(z.null({ error: 'goes with image_ref and file_ref only' }))
const withoutFile = { file_id: noFile, file_url: noFile }

const textMessage = {
  ...common,
  ...withoutFile,
  message_type: z._default(z.literal('text'), 'text'),
  content: Words,
}
const imageMessage = { ...common, message_type: z.literal('image_ref'), ...fileReference }
const fileMessage = { ...common, message_type: z.literal('file_ref'), ...fileReference }
const dataMessage = {
  ...common,
  ...withoutFile,
  message_type: z.literal('incident_data'),
  content: IncidentData,
}

/** What a sender says of a new message, on a socket and over REST alike (MSG-4, API-8). */
export const NewMessage = z.discriminatedUnion('message_type', [
  z.object(textMessage),
  z.object(imageMessage).check(isOwnAddress),
  z.object(fileMessage).check(isOwnAddress),
  z.object(dataMessage),
])
export type NewMessage = z.infer<typeof NewMessage>

const frame = { type: z.literal('message'), ref: z.optional(Reference) }

/** up: say something (MSG-1). */
export const SendMessage = z.discriminatedUnion('message_type', [
  z.object({ ...textMessage, ...frame }),
  z.object({ ...imageMessage, ...frame }).check(isOwnAddress),
  z.object({ ...fileMessage, ...frame }).check(isOwnAddress),
  z.object({ ...dataMessage, ...frame }),
])
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
  /**
   * Mentioned ids that are not members, names in the text that are nobody's, and `@channel` where
   * there are too many: all left out (MSG-10).
   */
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

/** What sending or editing over REST answers: the message, and what the ack of a frame would add. */
export const SentMessage = z.extend(Message, {
  dropped_mentions: z.optional(z.array(z.string())),
})
export type SentMessage = z.infer<typeof SentMessage>

export const MessageList = z.object({ messages: z.array(Message) })
export type MessageList = z.infer<typeof MessageList>
