/**
 * One-way messages (DISP): what a system posts without holding a socket, and what became of it.
 * What is checked before the 202 is only what the buffer has to know; the rest is checked after it.
 */
import * as z from 'zod/mini'
import { ErrorCode } from './errors.ts'
import { BufferFigures } from './health.ts'
import {
  DISPATCH_SHARDS_MAX_COUNT,
  ONE_WAY_OUTCOMES_MAX_COUNT,
  USER_ID_MAX_LENGTH,
  WEBHOOK_URL_MAX_LENGTH,
} from './limits.ts'
import { Reference, Revision, SequenceNumber, Timestamp, UserId, Uuid, text } from './scalars.ts'

export const Priority = z.enum(['high', 'normal', 'low'])
export type Priority = z.infer<typeof Priority>

export const RecipientType = z.enum(['room', 'user', 'email', 'whatsapp'])
export type RecipientType = z.infer<typeof RecipientType>

/** A room's id, a person's id, an e-mail address, or a phone number in E.164 (`+886912345678`). */
export const Recipient = z.object({ type: RecipientType, id: text(1, USER_ID_MAX_LENGTH) })
export type Recipient = z.infer<typeof Recipient>

/**
 * As posted. `content`, `message_type`, `mentions`, `reply_to` and `file_id` are checked after the
 * 202, as those of a message on a socket are; a bad one ends as `rejected` (DISP-5).
 */
export const OneWayMessage = z.object({
  recipient: Recipient,
  content: z.unknown(),
  message_type: z.optional(z.unknown()),
  mentions: z.optional(z.unknown()),
  reply_to: z.optional(z.unknown()),
  file_id: z.optional(z.unknown()),
  /** Of an e-mail. */
  subject: z.optional(z.unknown()),
  priority: z._default(Priority, 'normal'),
  /** Unique per sender and recipient; in a room it is the `client_message_id`. */
  idempotency_key: z.optional(Reference),
})
export type OneWayMessage = z.infer<typeof OneWayMessage>

/**
 * accepted: durable, not looked at yet. validated: in order, waits for its turn. retrying: the
 * outside did not take it, it goes again at `next_attempt_at`. The last four are final: committed
 * (in its room), delivered (to a person or an outside service), rejected (see `reason`), dead
 * (given up after too many attempts; it may be retried by hand).
 */
export const OneWayStatus = z.enum([
  'accepted',
  'validated',
  'retrying',
  'committed',
  'delivered',
  'rejected',
  'dead',
])
export type OneWayStatus = z.infer<typeof OneWayStatus>

export const AcceptedOneWay = z.object({
  tracking_id: Uuid,
  status: OneWayStatus,
  status_url: z.string(),
})
export type AcceptedOneWay = z.infer<typeof AcceptedOneWay>

/** One line of a batch that was not accepted. */
export const RefusedLine = z.object({
  /** Counts from 1. */
  line: z.int(),
  code: ErrorCode,
  message: z.string(),
})
export type RefusedLine = z.infer<typeof RefusedLine>

export const AcceptedBatch = z.object({
  accepted: z.int(),
  rejected: z.int(),
  /** One per line, in order; null for one that was not accepted. */
  tracking_ids: z.array(z.nullable(Uuid)),
  /** The first of those that were not accepted. */
  refused: z.array(RefusedLine),
  /** Send those that were refused for want of room again after so long. */
  retry_after_ms: z.optional(z.int()),
})
export type AcceptedBatch = z.infer<typeof AcceptedBatch>

export const Reason = z.object({ code: ErrorCode, message: z.string() })
export type Reason = z.infer<typeof Reason>

export const OneWayTracking = z.object({
  tracking_id: Uuid,
  recipient: Recipient,
  priority: Priority,
  status: OneWayStatus,
  idempotency_key: z.nullable(Reference),
  attempts: z.int(),
  accepted_at: Timestamp,
  validated_at: z.nullable(Timestamp),
  /** When it reached one of the final states. */
  finished_at: z.nullable(Timestamp),
  next_attempt_at: z.nullable(Timestamp),
  /** Why it was rejected, is dead, or was not taken last time. */
  reason: z.nullable(Reason),
  /** Where it is in its room. */
  message: z.nullable(
    z.object({
      message_id: Uuid,
      room_id: Uuid,
      sequence_number: SequenceNumber,
      revision: Revision,
    }),
  ),
  /** By what name the outside service knows it. */
  provider_id: z.nullable(z.string()),
})
export type OneWayTracking = z.infer<typeof OneWayTracking>

export const OneWayPage = z.object({
  /** Newest first. */
  messages: z.array(OneWayTracking),
  pagination: z.object({ has_more: z.boolean(), next_before: z.nullable(Uuid) }),
})
export type OneWayPage = z.infer<typeof OneWayPage>

export const OneWayOutcome = z.object({
  tracking_id: Uuid,
  recipient: Recipient,
  status: OneWayStatus,
  reason: z.nullable(Reason),
  at: Timestamp,
})
export type OneWayOutcome = z.infer<typeof OneWayOutcome>

/** down (inbox): what became of messages that I posted; told about once a second. */
export const OneWayFrame = z.object({
  type: z.literal('one_way'),
  /** Of those that arrived only the numbers are told. */
  committed: z.int(),
  delivered: z.int(),
  /** Those that were rejected or are dead … */
  outcomes: z.array(OneWayOutcome).check(z.maxLength(ONE_WAY_OUTCOMES_MAX_COUNT)),
  /** … and how many more than are listed. */
  more: z.int(),
})
export type OneWayFrame = z.infer<typeof OneWayFrame>

/** A one-way message to a person: it stays until they have read it. */
export const Notice = z.object({
  notice_id: Uuid,
  sender_id: UserId,
  sender_display_name: z.string(),
  content: z.string(),
  priority: Priority,
  created_at: Timestamp,
  read_at: z.nullable(Timestamp),
})
export type Notice = z.infer<typeof Notice>

export const NoticePage = z.object({
  /** Newest first. */
  notices: z.array(Notice),
  unread_count: z.int(),
  pagination: z.object({ has_more: z.boolean(), next_before: z.nullable(Uuid) }),
})
export type NoticePage = z.infer<typeof NoticePage>

/** The body that marks notices as read. */
export const ReadNotices = z.object({
  /** This one and all that came before it; left out: all of them. */
  up_to: z.optional(Uuid),
})
export type ReadNotices = z.infer<typeof ReadNotices>

export const UnreadNotices = z.object({ unread_count: z.int() })
export type UnreadNotices = z.infer<typeof UnreadNotices>

/** down (inbox): somebody or something posted a message to me. */
export const NoticeFrame = z.object({ type: z.literal('notice'), notice: Notice })

/** The body that says where. */
export const ChangeWebhook = z.object({ url: text(1, WEBHOOK_URL_MAX_LENGTH) })
export type ChangeWebhook = z.infer<typeof ChangeWebhook>

/** Where a sender is told of outcomes besides the inbox socket (DISP-5). */
export const Webhook = z.object({ url: z.string(), created_at: Timestamp })
export type Webhook = z.infer<typeof Webhook>

/** The secret is shown once. It signs as https://www.standardwebhooks.com says. */
export const NewWebhook = z.extend(Webhook, { secret: z.string() })
export type NewWebhook = z.infer<typeof NewWebhook>

/** The body of such a call. */
export const WebhookEvent = z.object({
  type: z.literal('one_way.outcome'),
  timestamp: Timestamp,
  data: OneWayOutcome,
})
export type WebhookEvent = z.infer<typeof WebhookEvent>

export const DispatchLayout = z.object({
  /** Raised with each change of the number of shards. */
  epoch: z.int(),
  shards: z.int(),
  /** From when on this many take new messages. */
  effective_at: Timestamp,
  /** The counts before, newest first, as long as one of their shards may hold a message. */
  former: z.array(z.object({ epoch: z.int(), shards: z.int() })),
})
export type DispatchLayout = z.infer<typeof DispatchLayout>

/** The body that changes how many shards take new messages (DISP-8). */
export const ChangeDispatch = z.object({
  shards: z.int().check(z.minimum(1), z.maximum(DISPATCH_SHARDS_MAX_COUNT)),
})
export type ChangeDispatch = z.infer<typeof ChangeDispatch>

/** The layout, and what each of its shards holds; `figures` is null for one that does not answer. */
export const DispatchFigures = z.object({
  layout: DispatchLayout,
  shards: z.array(z.object({ shard: z.int(), figures: z.nullable(BufferFigures) })),
})
export type DispatchFigures = z.infer<typeof DispatchFigures>
