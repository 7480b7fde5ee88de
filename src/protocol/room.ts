/** A room as people see it, and the bodies that create and change one. */
import * as z from 'zod/mini'
import {
  LOT_MAX_LENGTH,
  LOTS_MAX_COUNT,
  ROOM_DESCRIPTION_MAX_LENGTH,
  ROOM_LOCATION_MAX_LENGTH,
  ROOM_TITLE_MAX_LENGTH,
} from './limits.ts'
import { Role } from './member.ts'
import { MessageType } from './message.ts'
import { ReadMark } from './read-mark.ts'
import { Revision, SequenceNumber, Timestamp, UserId, Uuid, text } from './scalars.ts'

export const IncidentType = z.enum([
  'equipment_failure',
  'material_shortage',
  'quality_issue',
  'other',
])
export const Severity = z.enum(['low', 'medium', 'high', 'critical'])
export const RoomStatus = z.enum(['active', 'resolved', 'archived'])
export type IncidentType = z.infer<typeof IncidentType>
export type Severity = z.infer<typeof Severity>
export type RoomStatus = z.infer<typeof RoomStatus>

const title = text(1, ROOM_TITLE_MAX_LENGTH)
const location = text(0, ROOM_LOCATION_MAX_LENGTH)
const description = text(0, ROOM_DESCRIPTION_MAX_LENGTH)
const lots = z.array(text(1, LOT_MAX_LENGTH)).check(z.maxLength(LOTS_MAX_COUNT))

export const CreateRoom = z.object({
  title,
  incident_type: IncidentType,
  severity: Severity,
  location: z.optional(location),
  description: z.optional(description),
  lots: z.optional(lots),
})
export type CreateRoom = z.infer<typeof CreateRoom>

export const UpdateRoom = z
  .object({
    title: z.optional(title),
    incident_type: z.optional(IncidentType),
    severity: z.optional(Severity),
    status: z.optional(RoomStatus),
    location: z.optional(location),
    description: z.optional(description),
    lots: z.optional(lots),
  })
  .check(z.refine((body) => Object.keys(body).length > 0, { error: 'names nothing to change' }))
export type UpdateRoom = z.infer<typeof UpdateRoom>

/** What a room says of itself to its members; the same for every one of them. */
export const RoomDetails = z.object({
  room_id: Uuid,
  title: z.string(),
  incident_type: IncidentType,
  severity: Severity,
  status: RoomStatus,
  location: z.string(),
  description: z.string(),
  lots: z.array(z.string()),
  created_at: Timestamp,
  updated_at: Timestamp,
  last_sequence: SequenceNumber,
  last_revision: Revision,
})
export type RoomDetails = z.infer<typeof RoomDetails>

/** The last message of a room, as a card shows it. */
export const LastMessage = z.object({
  sender_id: UserId,
  sender_display_name: z.string(),
  message_type: MessageType,
  /** The beginning of its text; empty where it has none or was deleted. */
  preview: z.string(),
})
export type LastMessage = z.infer<typeof LastMessage>

/** The same with the caller's own part of it. `my_role` is null for an admin who is no member. */
export const Room = z.extend(RoomDetails, {
  my_role: z.nullable(Role),
  member_count: z.int(),
  /** The caller's read mark, and what came after it (INBOX-2). */
  read_sequence: ReadMark.shape.read_sequence,
  unread_count: ReadMark.shape.unread_count,
  mention_count: ReadMark.shape.mention_count,
  /** When somebody last said or changed something; cards sort by it. */
  last_activity_at: Timestamp,
  last_message: z.nullable(LastMessage),
})
export type Room = z.infer<typeof Room>

export const RoomList = z.object({ rooms: z.array(Room) })
