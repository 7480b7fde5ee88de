/** Members of a room: who they are, coming, going, and what they may do (API-4). */
import { uuidv7 } from 'uuidv7'
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import {
  AddMember,
  ChangeMember,
  Member,
  MemberList,
  TransferOwnership,
} from '../protocol/member.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { MemberParams, RoomParams } from './params.ts'
import { readable } from './room-access.ts'
import { submitFor } from './submit.ts'

const list = endpoint({
  method: 'get',
  path: '/api/rooms/{room_id}/members',
  tag: 'members',
  summary: 'The members of a room',
  params: RoomParams,
  success: { status: 200, description: 'In the order they joined', schema: MemberList },
  refuses: ['forbidden', 'not_found', 'database_busy'],
  handle: async ({ env, caller: { user_id }, params: { room_id } }) => {
    const seen = readable(await askDatabase(env, room_id, 'listMembers', { room_id, user_id }))
    return seen.ok ? success({ members: seen.value.members }) : seen
  },
})

const add = endpoint({
  method: 'post',
  path: '/api/rooms/{room_id}/members',
  tag: 'members',
  summary: 'Add a member',
  description: 'Adding somebody again with the same role changes nothing. Owners only.',
  params: RoomParams,
  body: AddMember,
  is_paid: true,
  success: { status: 201, description: 'The member', schema: Member },
  refuses: ['bad_request', 'forbidden', 'not_found', 'conflict', 'database_busy'],
  says: { conflict: 'already a member, with another role' },
  handle: async ({ context, env, caller, params: { room_id }, body: { user_id, role } }) => {
    const change = {
      change_id: uuidv7(),
      message_id: uuidv7(),
      actor_id: caller.user_id,
      user_id,
      role,
    }
    const reply = await submitFor(context, room_id, { kind: 'member_added', ...change })
    return reply.ok ? memberNow(env, room_id, user_id) : reply
  },
})

const change = endpoint({
  method: 'patch',
  path: '/api/rooms/{room_id}/members/{user_id}',
  tag: 'members',
  summary: "Change a member's role",
  description: 'Owners only. The last owner cannot step down.',
  params: MemberParams,
  body: ChangeMember,
  is_paid: true,
  success: { status: 200, description: 'The member', schema: Member },
  refuses: ['bad_request', 'forbidden', 'not_found', 'conflict', 'database_busy'],
  says: {
    not_found: 'no such member',
    conflict: 'the last owner cannot step down; transfer the ownership first',
  },
  handle: async ({ context, env, caller, params: { room_id, user_id }, body: { role } }) => {
    const item = {
      change_id: uuidv7(),
      message_id: uuidv7(),
      actor_id: caller.user_id,
      user_id,
      role,
    }
    const reply = await submitFor(context, room_id, { kind: 'member_role_changed', ...item })
    return reply.ok ? memberNow(env, room_id, user_id) : reply
  },
})

const remove = endpoint({
  method: 'delete',
  path: '/api/rooms/{room_id}/members/{user_id}',
  tag: 'members',
  summary: 'Remove a member, or leave',
  description: 'Owners remove anybody, everybody may leave; the last owner cannot.',
  params: MemberParams,
  is_paid: true,
  success: { status: 204, description: 'No longer a member' },
  refuses: ['forbidden', 'not_found', 'conflict', 'database_busy'],
  says: {
    not_found: 'no such member',
    conflict: 'the last owner cannot leave; transfer the ownership first',
  },
  handle: async ({ context, caller, params: { room_id, user_id } }) => {
    const item = { change_id: uuidv7(), message_id: uuidv7(), actor_id: caller.user_id, user_id }
    const reply = await submitFor(context, room_id, { kind: 'member_removed', ...item })
    return reply.ok ? success(null) : reply
  },
})

const transfer = endpoint({
  method: 'post',
  path: '/api/rooms/{room_id}/transfer-ownership',
  tag: 'members',
  summary: 'Make another member the owner in my place',
  description: 'The caller becomes an editor.',
  params: RoomParams,
  body: TransferOwnership,
  is_paid: true,
  success: { status: 200, description: 'The new owner', schema: Member },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  handle: async ({ context, env, caller, params: { room_id }, body: { user_id } }) => {
    const item = { change_id: uuidv7(), message_id: uuidv7(), actor_id: caller.user_id, user_id }
    const reply = await submitFor(context, room_id, { kind: 'ownership_transferred', ...item })
    return reply.ok ? memberNow(env, room_id, user_id) : reply
  },
})

const memberNow = async (env: Env, room_id: string, user_id: string): Promise<Outcome<Member>> => {
  const member = await askDatabase(env, room_id, 'readMember', { room_id, user_id })
  if (!member.ok) return member
  return member.value === null
    ? failure(refusal('conflict', 'the member was removed in the meantime'))
    : success(member.value)
}

export const memberEndpoints: readonly Endpoint[] = [list, add, change, remove, transfer]
