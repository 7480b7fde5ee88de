/** Every frame a room may send to a client. */
import * as z from 'zod/mini'
import { Change } from './change.ts'
import {
  AuthRequired,
  Authenticated,
  ErrorFrame,
  Ping,
  Pong,
  Resumed,
  Snapshot,
  Welcome,
} from './connection.ts'
import { Degraded } from './degradation.ts'
import { Ack } from './message.ts'
import { ChangeAck } from './message-change.ts'
import { Presence, PresenceEvent, TypingList } from './presence.ts'
import { ReadMarks } from './read-mark.ts'

export const DownFrame = z.union([
  Change,
  Ack,
  ChangeAck,
  PresenceEvent,
  TypingList,
  Presence,
  ReadMarks,
  Welcome,
  Resumed,
  Snapshot,
  Ping,
  Pong,
  AuthRequired,
  Authenticated,
  Degraded,
  ErrorFrame,
])
export type DownFrame = z.infer<typeof DownFrame>
