/** Read marks, and the inbox's greeting for those who hold no socket (INBOX-1, INBOX-2). */
import { inboxRoomOf } from '../domain/inbox/parts.ts'
import type { InboxRows, MovedMark } from '../domain/inbox/rows.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { inboxStubOf } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { failure, success } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { InboxRooms, type InboxRoom } from '../protocol/inbox.ts'
import { MarkRead, MemberMarkList, ReadMark } from '../protocol/read-mark.ts'
import { log } from '../telemetry/log.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { RoomParams } from './params.ts'
import { readable } from './room-access.ts'

const read = endpoint({
  method: 'get',
  path: '/api/inbox',
  tag: 'inbox',
  summary: 'All my rooms, with what I have not read',
  description: 'What `inbox_welcome` says on the socket. The most recently active first.',
  success: { status: 200, description: 'My rooms', schema: InboxRooms },
  refuses: ['database_busy'],
  handle: async ({ env, caller: { user_id } }) => {
    const rows = await askDatabase(env, user_id, 'readInboxes', { user_ids: [user_id] })
    return rows.ok ? success({ rooms: roomsOf(rows.value) }) : rows
  },
})

const roomsOf = ({ rooms, parts }: InboxRows): InboxRoom[] => {
  const mine = new Map(parts.map((part) => [part.room_id, part]))
  return rooms.flatMap((facts) => {
    const part = mine.get(facts.room_id)
    return part ? [inboxRoomOf(facts, part)] : []
  })
}

const mark = endpoint({
  method: 'put',
  path: '/api/rooms/{room_id}/read',
  tag: 'inbox',
  summary: 'I have read this room so far',
  description:
    'Moves my read mark forward, never back and not beyond the last message. All my devices hear of it.',
  params: RoomParams,
  body: MarkRead,
  success: {
    status: 200,
    description: 'Where the mark stands, and what came after',
    schema: ReadMark,
  },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  handle: async ({ env, caller: { user_id }, params: { room_id }, body: { sequence_number } }) => {
    const args = { room_id, user_ids: [user_id], sequences: [sequence_number] }
    const moved = await askDatabase(env, room_id, 'moveReadMarks', args)
    if (!moved.ok) return moved
    const [mine] = moved.value
    if (!mine) {
      // No member: what else they are decides what they are told.
      const seen = readable(await askDatabase(env, room_id, 'readRoom', { room_id, user_id }))
      if (!seen.ok) return seen
      return failure(refusal('forbidden', 'only members have a read mark'))
    }
    await tellOthers(env, room_id, mine)
    const { read_sequence, unread_count, mention_count } = mine
    return success({ room_id, read_sequence, unread_count, mention_count })
  },
})

const listMarks = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/read-marks',
  tag: 'inbox',
  summary: 'How far the members have read',
  description:
    'Everybody who may read the room may know. How the marks move is told on its socket by ' +
    '`read_marks`, in rooms of up to so many members as are listed here.',
  params: RoomParams,
  success: {
    status: 200,
    description: 'Who has read furthest first; the first 200',
    schema: MemberMarkList,
  },
  refuses: ['forbidden', 'not_found', 'database_busy'],
  handle: async ({ env, caller: { user_id }, params: { room_id } }) => {
    const seen = readable(await askDatabase(env, room_id, 'listReadMarks', { room_id, user_id }))
    return seen.ok ? success({ read_marks: seen.value.read_marks }) : seen
  },
})

/** The mark stands, whether the other devices hear of it now or when they connect again. */
const tellOthers = async (env: Env, room_id: string, moved: MovedMark): Promise<void> => {
  try {
    await inboxStubOf(env, moved.user_id).marksMoved(room_id, [moved])
  } catch {
    log.warn('inbox_not_told', { room_id })
  }
}

export const inboxEndpoints: readonly Endpoint[] = [read, mark, listMarks]
