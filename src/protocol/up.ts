/** Every frame a client may send to a room. */
import * as z from 'zod/mini'
import { Auth, Ping, Pong, Resume } from './connection.ts'
import { SendMessage } from './message.ts'
import {
  AddReaction,
  DeleteMessage,
  EditMessage,
  PinMessage,
  RemoveReaction,
  UnpinMessage,
} from './message-change.ts'
import { SetPresence, Typing } from './presence.ts'
import { ReadFrame } from './read-mark.ts'

export const UpFrame = z.discriminatedUnion('type', [
  SendMessage,
  EditMessage,
  DeleteMessage,
  AddReaction,
  RemoveReaction,
  PinMessage,
  UnpinMessage,
  Typing,
  SetPresence,
  ReadFrame,
  Resume,
  Auth,
  Ping,
  Pong,
])
export type UpFrame = z.infer<typeof UpFrame>
