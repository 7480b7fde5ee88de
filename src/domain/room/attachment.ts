/**
 * What a socket's attachment keeps while the room sleeps (at most 16 KiB each). Besides the
 * socket's own facts, one socket, the carrier, keeps the room's: how far the sockets have been
 * told, who is about to leave, who types. So a broadcast touches one attachment, not all, and no
 * storage (PRES-4).
 */
import { conditionOf, type Condition } from './degrading.ts'
import type { Instant, RoomRecord, RoomState, Socket, SocketId } from './state.ts'

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
  /** Counts the writes: of what several attachments say, the highest is true. */
  readonly version: number
  readonly revision: number
  /** Something sent on a socket has no answer yet: should the room die now, its sockets start again. */
  readonly writing: boolean
  /** Waking for something else does not put off the heartbeat, nor forgive who is silent. */
  readonly beat: {
    readonly next_at: Instant
    readonly check_at: Instant | undefined
    readonly awaiting: readonly SocketId[]
  }
  readonly leaving: readonly (readonly [string, { display_name: string; until: Instant }])[]
  readonly typing: readonly (readonly [string, Instant])[]
  /** Read marks not yet written. */
  readonly marks?: readonly (readonly [string, number])[]
  /** What the sockets were told last of how the room fares; undefined: well. */
  readonly degraded?: Condition
}

/** Names of each kind kept by the carrier: so many of the longest still fit into 16 KiB. */
const carriedNamesMax = 16
const carriedMarksMax = 6

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
export const carriedRoomOf = (state: RoomState): Omit<CarriedRoom, 'version'> | undefined => {
  const { record, beat } = state
  const degraded = conditionOf(state)
  const revision = record.phase === 'known' ? record.revision : record.told_revision
  if (revision === undefined) return undefined
  return {
    revision,
    writing: state.pending.length > 0 || state.budgets.waiting_count > 0 || hasUnread(record),
    beat: {
      next_at: beat.next_at,
      check_at: beat.check_at,
      // While many have yet to answer the room does not fall asleep: their answers keep it awake.
      awaiting: beat.awaiting.size > carriedNamesMax ? [] : [...beat.awaiting],
    },
    leaving: [...state.leaving].slice(0, carriedNamesMax),
    typing: [...state.typing].slice(0, carriedNamesMax),
    marks: [...state.reading.marks].slice(0, carriedMarksMax),
    ...(degraded && { degraded }),
  }
}

/** Whether frames wait for the record. */
const hasUnread = (record: RoomRecord): boolean =>
  record.phase === 'loading' && record.waiting.some(({ type }) => type === 'received')

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
