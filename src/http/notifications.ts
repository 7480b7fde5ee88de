/** When the caller wants to be told of what they do not see (WEB-5). */
import { askDatabase } from '../durable/ask-database.ts'
import { failure, success } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import {
  ChangeNotifications,
  ChangeRoomNotifications,
  NotificationSettings,
  RoomNotifications,
} from '../protocol/notification.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { RoomParams } from './params.ts'
import { pushWanted } from './push-wanted.ts'
import { readable } from './room-access.ts'

const path = '/api/me/notifications'
const tag = 'notifications'

const read = endpoint({
  method: 'get',
  path,
  tag,
  summary: 'When I want to be told',
  description:
    'Of mentions, at any hour, as long as nothing else was said. `rooms` are those with a level ' +
    'of their own.',
  success: { status: 200, description: 'My settings', schema: NotificationSettings },
  refuses: ['database_busy'],
  handle: ({ env, caller: { user_id } }) =>
    askDatabase(env, user_id, 'readNotifications', { user_id }),
})

const change = endpoint({
  method: 'put',
  path,
  tag,
  summary: 'Say when I want to be told',
  description:
    'Replaces level and quiet hours; rooms keep their own levels. During quiet hours nothing is ' +
    'pushed, nor afterwards for what was said then.',
  body: ChangeNotifications,
  success: { status: 200, description: 'My settings', schema: NotificationSettings },
  refuses: ['bad_request', 'database_busy'],
  handle: async ({ env, caller: { user_id }, body }) => {
    const saved = await askDatabase(env, user_id, 'saveNotifications', { user_id, ...body })
    if (!saved.ok) return saved
    await pushWanted(env, saved.value.room_ids)
    return askDatabase(env, user_id, 'readNotifications', { user_id })
  },
})

const changeRoom = endpoint({
  method: 'put',
  path: '/api/rooms/{room_id}/notifications',
  tag,
  summary: 'Say when I want to be told of this room',
  description: '`default`: as my own settings say. Members only.',
  params: RoomParams,
  body: ChangeRoomNotifications,
  success: { status: 200, description: 'My level for the room', schema: RoomNotifications },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  handle: async ({ env, caller: { user_id }, params: { room_id }, body: { level } }) => {
    const saved = await askDatabase(env, room_id, 'saveRoomLevel', { room_id, user_id, level })
    if (!saved.ok) return saved
    if (!saved.value) {
      // No member: what else they are decides what they are told.
      const seen = readable(await askDatabase(env, room_id, 'readRoom', { room_id, user_id }))
      if (!seen.ok) return seen
      return failure(refusal('forbidden', 'only members are told of a room'))
    }
    await pushWanted(env, [room_id])
    return success({ room_id, level })
  },
})

export const notificationEndpoints: readonly Endpoint[] = [read, change, changeRoom]
