/** The variable parts of the addresses. */
import * as z from 'zod/mini'
import { Revision, UserId, Uuid } from '../protocol/scalars.ts'

export const RoomParams = z.object({ room_id: Uuid })
export const MessageParams = z.object({ room_id: Uuid, message_id: Uuid })
/** The emoji is judged by the handler: what is none is a bad request, not a missing page. */
export const ReactionParams = z.object({ room_id: Uuid, message_id: Uuid, emoji: z.string() })
export const FileParams = z.object({ file_id: Uuid })
export const AlertParams = z.object({ alert_id: Uuid })
export const NoticeParams = z.object({ notice_id: Uuid })
export const TrackingParams = z.object({ tracking_id: Uuid })
export const MemberParams = z.object({ room_id: Uuid, user_id: UserId })

/** Of the socket's address; the room reads them (CONN-5, CONN-12). */
export const SocketQuery = z.object({
  since_revision: z.optional(Revision),
  batch: z.optional(z.literal('1')),
})
