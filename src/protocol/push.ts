/** Web push (WEB-5): what a browser registers, and what it is sent while the page is closed. */
import * as z from 'zod/mini'
import { Timestamp, UserId, Uuid, SequenceNumber, text } from './scalars.ts'

/** The longest addresses of push services have about 1,000 characters. */
const ENDPOINT_MAX_LENGTH = 2_048

const USER_AGENT_MAX_LENGTH = 400

/** The VAPID key for `pushManager.subscribe`: base64url of an uncompressed point on P-256. */
export const PushKey = z.object({ public_key: z.string() })

const Endpoint = text(1, ENDPOINT_MAX_LENGTH)

/** 65 bytes, of which the first is 4; 16 bytes. Padding is what some libraries add. */
const PublicKey = z.string().check(
  z.regex(/^B[A-Za-z0-9_-]{86}=?$/, {
    error: 'must be base64url of an uncompressed point on P-256',
  }),
)
const AuthSecret = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{22}(==)?$/, { error: 'must be base64url of 16 bytes' }))

/** The browser's subscription; registering it again changes nothing but its keys. */
export const PushSubscription = z.object({
  endpoint: Endpoint,
  keys: z.object({ p256dh: PublicKey, auth: AuthSecret }),
  expiration_time: z._default(z.nullable(Timestamp), null),
  user_agent: z.optional(text(0, USER_AGENT_MAX_LENGTH)),
})
export type PushSubscription = z.infer<typeof PushSubscription>

export const PushUnsubscription = z.object({ endpoint: Endpoint })

/** Whose newest subscriptions so many are; the oldest goes. Nobody has more browsers in use. */
export const PUSH_SUBSCRIPTIONS_MAX_COUNT = 20

/** What a push says once the browser has decrypted it: JSON of at most PUSH_MAX_BYTES. */
export const PushPayload = z.object({
  type: z.enum(['message', 'mention']),
  room_id: Uuid,
  room_title: z.string(),
  message_id: Uuid,
  sequence_number: SequenceNumber,
  sender_id: UserId,
  sender_display_name: z.string(),
  preview: z.string(),
  sent_at: Timestamp,
  /** Messages that this push tells of, the one shown included. */
  count: z.int(),
})
export type PushPayload = z.infer<typeof PushPayload>

/** Push services take 4,096 bytes, encryption included (RFC 8291, 4). */
export const PUSH_MAX_BYTES = 3_072
