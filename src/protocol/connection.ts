/** The life of a socket: greeting, resume, heartbeat, renewal, errors (CONN). */
import * as z from 'zod/mini'
import { ErrorCode } from './errors.ts'
import { Member, Role } from './member.ts'
import { Message } from './message.ts'
import { OnlineUser } from './presence.ts'
import { RoomDetails } from './room.ts'
import { Reference, Revision, SequenceNumber, Timestamp } from './scalars.ts'

/** down: always the first frame (CONN-3). */
export const Welcome = z.object({
  type: z.literal('welcome'),
  protocol_version: z.int(),
  connection_id: z.string(),
  room: RoomDetails,
  /** Null for an admin who is not a member. */
  role: z.nullable(Role),
  last_sequence: SequenceNumber,
  last_revision: Revision,
  online: z.array(OnlineUser),
  online_count: z.int(),
  server_time: Timestamp,
})
export type Welcome = z.infer<typeof Welcome>

/** up: the last revision this client applied, when it was not in the URL (CONN-5). */
export const Resume = z.object({
  type: z.literal('resume'),
  since_revision: Revision,
  ref: z.optional(Reference),
})

/**
 * down: ends a replay. `recovered:true`: every change after `from_revision` up to `to_revision`
 * came just before this frame. `recovered:false`: the gap was too wide, a `snapshot` follows.
 */
export const Resumed = z.object({
  type: z.literal('resumed'),
  recovered: z.boolean(),
  from_revision: Revision,
  to_revision: Revision,
})
export type Resumed = z.infer<typeof Resumed>

/** down: the room as of `revision`; replaces all the client knew. Messages newest first. */
export const Snapshot = z.object({
  type: z.literal('snapshot'),
  revision: Revision,
  room: RoomDetails,
  members: z.array(Member),
  messages: z.array(Message),
})
export type Snapshot = z.infer<typeof Snapshot>

/** both ways: are you there? From a client it is answered without waking the room. */
export const Ping = z.object({ type: z.literal('ping') })
export const Pong = z.object({ type: z.literal('pong') })

/** down: the token expires soon; send `auth` with a new one (CONN-8). */
export const AuthRequired = z.object({ type: z.literal('auth_required'), expires_at: Timestamp })

/** up: a new token for this socket. */
export const Auth = z.object({
  type: z.literal('auth'),
  token: z.string().check(z.minLength(1), z.maxLength(8_192)),
  ref: z.optional(Reference),
})

/** down: the token was accepted. */
export const Authenticated = z.object({ type: z.literal('authenticated'), expires_at: Timestamp })

/** down: a frame was refused; `ref` is its `ref` or `client_message_id` (CONN-11). */
export const ErrorFrame = z.object({
  type: z.literal('error'),
  code: ErrorCode,
  message: z.string(),
  ref: z.optional(z.string()),
  retry_after_ms: z.optional(z.int()),
})
export type ErrorFrame = z.infer<typeof ErrorFrame>
