/** The room's socket in the AsyncAPI document. */
import { DownFrame } from '../protocol/down.ts'
import { UpFrame } from '../protocol/up.ts'
import type { Channel } from './asyncapi-channel.ts'
import { roomDownNotes } from './asyncapi-room-down.ts'
import { roomUpNotes } from './asyncapi-room-up.ts'
import { RoomParams, SocketQuery } from './params.ts'

export const roomChannel: Channel = {
  name: 'room',
  address: '/ws/{room_id}',
  title: "A room's socket",
  description:
    'One per open room. `welcome` comes first, then, where a revision was named, every change ' +
    'after it, then what happens. Nothing is told that is not committed.',
  params: RoomParams,
  query: SocketQuery,
  up: UpFrame,
  down: DownFrame,
  up_notes: roomUpNotes,
  down_notes: roomDownNotes,
}
