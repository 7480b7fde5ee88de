/**
 * What the page shows of a room beside its messages: details, the person's own role, members, who
 * is online, who types. Pure: one frame in, the next view out.
 */
import type { Degraded } from '../../../src/protocol/degradation.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { Member, Role } from '../../../src/protocol/member.ts'
import type { OnlineUser } from '../../../src/protocol/presence.ts'
import type { RoomDetails } from '../../../src/protocol/room.ts'
import { withMarks, type MemberMarks } from './member-marks.ts'

export type RoomView = {
  readonly details: RoomDetails | undefined
  /** Undefined until told; null for an admin who is no member. */
  readonly role: Role | null | undefined
  /** Undefined until loaded. */
  readonly members: readonly Member[] | undefined
  readonly online: readonly OnlineUser[]
  /** May exceed `online`: a large room tells only the number. */
  readonly online_count: number
  readonly typing: readonly string[]
  /** How far each member has read. */
  readonly read_marks: MemberMarks
  /** Whether all of them are known; in a crowd they never are. */
  readonly are_marks_known: boolean
  /** What the server leaves out for a while so that messages go on (LIM-2, LIM-3). */
  readonly degraded: Pick<Degraded, 'paused' | 'database'>
}

/** Nothing is left out. */
export const allWell: RoomView['degraded'] = { paused: [], database: 'reachable' }

export const emptyView: RoomView = {
  details: undefined,
  role: undefined,
  members: undefined,
  online: [],
  online_count: 0,
  typing: [],
  read_marks: new Map(),
  are_marks_known: false,
  degraded: allWell,
}

/** The view after this frame; frames that say nothing about it leave it as it is. */
export const applyToView = (view: RoomView, frame: DownFrame, own_user_id: string): RoomView => {
  switch (frame.type) {
    case 'welcome': {
      const { room: details, role, online, online_count } = frame
      return { ...view, details, role, online, online_count, typing: [], degraded: allWell }
    }
    case 'degraded': {
      const { paused, database } = frame
      const typing = paused.includes('typing') ? [] : view.typing
      return { ...view, typing, degraded: { paused, database } }
    }
    case 'snapshot':
      return { ...view, details: frame.room, members: frame.members }
    case 'presence':
      return { ...view, online: frame.online, online_count: frame.online_count }
    case 'typing':
      return { ...view, typing: frame.user_ids.filter((user_id) => user_id !== own_user_id) }
    case 'read_marks':
      return { ...view, read_marks: withMarks(view.read_marks, frame.read_marks) }
    case 'message': {
      const { sender_id } = frame.message
      return { ...view, typing: view.typing.filter((user_id) => user_id !== sender_id) }
    }
    case 'system':
      return applySystemEvent(view, frame, own_user_id)
    default:
      return view
  }
}

type SystemFrame = Extract<DownFrame, { type: 'system' }>

const applySystemEvent = (view: RoomView, frame: SystemFrame, own_user_id: string): RoomView => {
  const members = view.members
  switch (frame.event) {
    case 'user_joined': {
      if (view.online.some((user) => user.user_id === frame.user_id)) return view
      const { user_id, display_name, timestamp } = frame
      const user = { user_id, display_name, state: 'active', last_seen_at: timestamp } as const
      return { ...view, online: [...view.online, user], online_count: view.online_count + 1 }
    }
    case 'user_left': {
      const online = view.online.filter((user) => user.user_id !== frame.user_id)
      const left_count = view.online.length - online.length
      return {
        ...view,
        online,
        online_count: view.online_count - left_count,
        typing: view.typing.filter((user_id) => user_id !== frame.user_id),
      }
    }
    case 'room_updated':
      if (view.details === undefined) return view
      return { ...view, details: { ...view.details, ...definedOnly(frame.changes) } }
    case 'member_added': {
      const role = frame.member.user_id === own_user_id ? frame.member.role : view.role
      const others = members?.filter((member) => member.user_id !== frame.member.user_id)
      return { ...view, role, members: others && [...others, frame.member] }
    }
    case 'member_role_changed':
      return {
        ...view,
        role: frame.user_id === own_user_id ? frame.role : view.role,
        members: members?.map((member) =>
          member.user_id === frame.user_id ? { ...member, role: frame.role } : member,
        ),
      }
    case 'member_removed':
      return { ...view, members: members?.filter((member) => member.user_id !== frame.user_id) }
    default:
      return view
  }
}

const definedOnly = <T extends object>(changes: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
