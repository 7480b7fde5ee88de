/**
 * The inbox: one socket per person that knows all their rooms (INBOX-1). It tells how things stand,
 * not a log of what happened: whoever connects again gets the whole state and has missed nothing.
 */
import * as z from 'zod/mini'
import { Auth, AuthRequired, Authenticated, ErrorFrame, Ping, Pong } from './connection.ts'
import { Role, User } from './member.ts'
import { NoticeFrame, OneWayFrame } from './one-way.ts'
import { ReadMark } from './read-mark.ts'
import { LastMessage, RoomStatus, Severity } from './room.ts'
import { Reference, SequenceNumber, Timestamp, UserId, Uuid } from './scalars.ts'

const activity = {
  ...ReadMark.shape,
  last_sequence: SequenceNumber,
  last_activity_at: Timestamp,
  last_message: z.nullable(LastMessage),
}

/** A room as the inbox knows it. */
export const InboxRoom = z.object({
  ...activity,
  title: z.string(),
  status: RoomStatus,
  severity: Severity,
  my_role: Role,
})
export type InboxRoom = z.infer<typeof InboxRoom>

export const InboxRooms = z.object({ rooms: z.array(InboxRoom) })
export type InboxRooms = z.infer<typeof InboxRooms>

/** down: the first frame, and again where the server lost track: replaces all the client knew. */
export const InboxWelcome = z.object({
  type: z.literal('inbox_welcome'),
  protocol_version: z.int(),
  user: User,
  /** The most recently active first, at most INBOX_ROOMS_MAX_COUNT. */
  rooms: z.array(InboxRoom),
  server_time: Timestamp,
})

/** down: something was said. Bursts are told about once a second, with the counts at the end. */
export const ActivityFrame = z.object({ type: z.literal('activity'), ...activity })

/** down: you were mentioned; at once. */
export const MentionFrame = z.object({
  type: z.literal('mention'),
  ...ReadMark.shape,
  message_id: Uuid,
  sequence_number: SequenceNumber,
  sender_id: UserId,
  sender_display_name: z.string(),
  preview: z.string(),
})

/** down: you are a member of one more room. */
export const RoomAdded = z.object({ type: z.literal('room_added'), room: InboxRoom })

/** down: you are no longer a member; nothing more is heard of the room. */
export const RoomRemoved = z.object({ type: z.literal('room_removed'), room_id: Uuid })

/** down: the room, or your role in it, is another now. */
export const RoomChanged = z.object({
  type: z.literal('room_changed'),
  room_id: Uuid,
  /** The fields that changed, with their new values. */
  changes: z.partial(
    z.pick(InboxRoom, { title: true, status: true, severity: true, my_role: true }),
  ),
})

/** down: the mark moved, on whichever device. */
export const ReadMoved = z.object({ type: z.literal('read'), ...ReadMark.shape })

/** up: I have read this room so far. */
export const InboxRead = z.object({
  type: z.literal('read'),
  room_id: Uuid,
  sequence_number: SequenceNumber,
  ref: z.optional(Reference),
})

/** Every frame a client may send to its inbox. */
export const InboxUpFrame = z.discriminatedUnion('type', [InboxRead, Auth, Ping, Pong])
export type InboxUpFrame = z.infer<typeof InboxUpFrame>

/** Every frame an inbox may send to a client. */
export const InboxDownFrame = z.discriminatedUnion('type', [
  InboxWelcome,
  ActivityFrame,
  MentionFrame,
  RoomAdded,
  RoomRemoved,
  RoomChanged,
  ReadMoved,
  OneWayFrame,
  NoticeFrame,
  Ping,
  Pong,
  AuthRequired,
  Authenticated,
  ErrorFrame,
])
export type InboxDownFrame = z.infer<typeof InboxDownFrame>
