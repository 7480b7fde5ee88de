/**
 * What a socket's attachment keeps while the room sleeps (at most 16 KiB each). Besides the
 * socket's own facts, one socket, the carrier, keeps the room's: how far the sockets have been
 * told, who is about to leave, who types. So a broadcast touches one attachment, not all, and no
 * storage (PRES-4).
 */
import type { Instant, RoomState, Socket, SocketId } from './state.ts'

export type Attachment = {
  readonly id: SocketId
  readonly user_id: string
  readonly display_name: string
  readonly is_admin: boolean
  readonly batch: boolean
  readonly connected_at: Instant
  readonly token_expires_at: Instant
  readonly joined: boolean
  readonly state: 'active' | 'idle'
  readonly last_seen_at: Instant
  readonly room: CarriedRoom | undefined
}

export type CarriedRoom = {
  readonly revision: number
  /** A commit is under way: should the room die now, its outcome must be looked up. */
  readonly writing: boolean
  /** When the next heartbeat is due; waking for something else does not put it off. */
  readonly beat_at: Instant
  readonly leaving: readonly (readonly [string, { display_name: string; until: Instant }])[]
  readonly typing: readonly (readonly [string, Instant])[]
}

/** Names kept in the carrier's attachment at most, so that it stays far below 16 KiB. */
const carriedNamesMax = 40

export const attachmentOf = (socket: Socket, room?: CarriedRoom): Attachment => ({
  id: socket.id,
  user_id: socket.user_id,
  display_name: socket.display_name,
  is_admin: socket.is_admin,
  batch: socket.batch,
  connected_at: socket.connected_at,
  token_expires_at: socket.token_expires_at,
  joined: hasAll(socket),
  state: socket.state,
  last_seen_at: socket.last_seen_at,
  room,
})

/** Whether nothing that was told to the room is still held back for this socket. */
const hasAll = ({ phase }: Socket): boolean =>
  phase.kind === 'live' || (phase.kind === 'greeting' && phase.held.length === 0)

/** Undefined while the room's record is unknown: the attachments already say what is true. */
export const carriedRoomOf = (state: RoomState): CarriedRoom | undefined => {
  const { record } = state
  const revision = record.phase === 'known' ? record.revision : record.told_revision
  if (revision === undefined) return undefined
  return {
    revision,
    writing: state.commit.kind !== 'idle',
    beat_at: state.beat.next_at,
    leaving: [...state.leaving].slice(0, carriedNamesMax),
    typing: [...state.typing].slice(0, carriedNamesMax),
  }
}

export const socketOf = (attachment: Attachment): Socket => ({
  id: attachment.id,
  user_id: attachment.user_id,
  display_name: attachment.display_name,
  is_admin: attachment.is_admin,
  batch: attachment.batch,
  connected_at: attachment.connected_at,
  token_expires_at: attachment.token_expires_at,
  auth_warned: false,
  phase: { kind: 'live' },
  state: attachment.state,
  last_seen_at: attachment.last_seen_at,
  read_bytes: 0,
  probe: undefined,
  bad_frames: 0,
})
