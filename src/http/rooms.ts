/** Rooms: opening, listing, reading, changing (API-4). */
import { uuidv7 } from 'uuidv7'
import { askDatabase } from '../durable/ask-database.ts'
import { inboxStubOf } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { failure, success } from '../lib/outcome.ts'
import { CreateRoom, Room, RoomList, UpdateRoom } from '../protocol/room.ts'
import { log } from '../telemetry/log.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { RoomParams } from './params.ts'
import { spend } from './purse.ts'
import { readRoom } from './room-access.ts'
import { submitFor } from './submit.ts'

/** More rooms than anybody reads through; the most recently active come first. */
const LIST_MAX_COUNT = 500

const list = endpoint({
  method: 'get',
  path: '/api/rooms',
  tag: 'rooms',
  summary: 'The rooms I am a member of',
  description: `The most recently active first, at most ${LIST_MAX_COUNT}.`,
  success: { status: 200, description: 'My rooms', schema: RoomList },
  refuses: ['database_busy'],
  handle: async ({ env, caller: { user_id } }) => {
    const rooms = await askDatabase(env, user_id, 'listRooms', { user_id, limit: LIST_MAX_COUNT })
    return rooms.ok ? success({ rooms: rooms.value }) : rooms
  },
})

const create = endpoint({
  method: 'post',
  path: '/api/rooms',
  tag: 'rooms',
  summary: 'Open a room',
  description: 'The caller becomes its owner.',
  body: CreateRoom,
  is_paid: true,
  success: { status: 201, description: 'The new room', schema: Room },
  refuses: ['bad_request', 'too_large', 'database_busy'],
  handle: async ({ context, env, caller: { user_id }, body: details }) => {
    const { refusal } = await spend(context, user_id)
    if (refusal) return failure(refusal)
    const room_id = uuidv7()
    const args = { room_id, actor_id: user_id, details }
    const created = await askDatabase(env, room_id, 'createRoom', args)
    if (!created.ok) return created
    await tellInbox(env, { room_id, user_id })
    return readRoom(env, { room_id, user_id })
  },
})

/** The room's actor has not been asked yet; its creator's other devices learn of it here (INBOX-1). */
const tellInbox = async (
  env: Env,
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
): Promise<void> => {
  try {
    await inboxStubOf(env, user_id).joined(room_id, user_id)
  } catch {
    log.warn('inbox_not_told', { room_id })
  }
}

const read = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}',
  tag: 'rooms',
  summary: 'One room',
  params: RoomParams,
  success: { status: 200, description: 'The room', schema: Room },
  refuses: ['forbidden', 'not_found', 'database_busy'],
  handle: ({ env, caller: { user_id }, params: { room_id } }) =>
    readRoom(env, { room_id, user_id }),
})

const update = endpoint({
  method: 'patch',
  path: '/api/rooms/{room_id}',
  tag: 'rooms',
  summary: 'Change a room or its status',
  description: 'A change of status is also said in the room. Only owners archive.',
  params: RoomParams,
  body: UpdateRoom,
  is_paid: true,
  success: { status: 200, description: 'The room as it is now', schema: Room },
  refuses: ['bad_request', 'forbidden', 'not_found', 'too_large', 'database_busy'],
  handle: async ({ context, env, caller: { user_id }, params: { room_id }, body: changes }) => {
    const reply = await submitFor(context, room_id, {
      kind: 'room_updated',
      change_id: uuidv7(),
      message_id: uuidv7(),
      actor_id: user_id,
      changes,
    })
    return reply.ok ? readRoom(env, { room_id, user_id }) : reply
  },
})

export const roomEndpoints: readonly Endpoint[] = [list, create, read, update]
