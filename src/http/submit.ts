/**
 * Writing to a room over REST: through the room's actor like every other write, so that order,
 * numbering and broadcast stay one (API-8).
 */
import { itemId, type CommitItem } from '../domain/room/commit.ts'
import type { Reply } from '../domain/room/state.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { roomStub } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { refusal } from '../protocol/errors.ts'
import type { HttpContext } from './context.ts'

/** For a caller who is told in the headers how their budget stands. */
export const submitFor = async (
  context: HttpContext,
  room_id: string,
  item: CommitItem,
): Promise<Reply> => {
  context.set('item_id', itemId(item))
  const reply = await submit(context.env, room_id, item)
  if (reply.budget) context.set('budget', reply.budget)
  return reply
}

/**
 * The room knows its members by heart; who is an admin it must be told, and that is looked up only
 * for those whom it turned away.
 */
export const submit = async (env: Env, room_id: string, item: CommitItem): Promise<Reply> => {
  const reply = await deliver(env, room_id, { item, is_admin: false })
  if (reply.ok || reply.refusal.code !== 'forbidden') return reply
  const user_id = item.actor_id
  const user = await askDatabase(env, user_id, 'readUser', { user_id })
  if (!user.ok) return user
  return user.value?.is_admin ? deliver(env, room_id, { item, is_admin: true }) : reply
}

type Submission = { readonly item: CommitItem; readonly is_admin: boolean }

const deliver = async (
  env: Env,
  room_id: string,
  { item, is_admin }: Submission,
): Promise<Reply> => {
  try {
    return await attempt(env, room_id, { item, is_admin })
  } catch (error) {
    if (isOverloaded(error)) return unavailable('the room is overloaded')
  }
  // The room was reset under it. Sent once more, with the same ids, it is written once (MSG-3).
  try {
    return await attempt(env, room_id, { item, is_admin })
  } catch {
    return unavailable('the room was reset; send it again with the same id')
  }
}

/** A new stub per call: one that threw stays broken. */
const attempt = (env: Env, room_id: string, { item, is_admin }: Submission): Promise<Reply> =>
  roomStub(env, room_id).submit(item, is_admin) as Promise<Reply>

const unavailable = (message: string): Reply => ({
  ok: false,
  refusal: refusal('unavailable', message, 1_000),
})

const isOverloaded = (error: unknown): boolean =>
  error instanceof Error && 'overloaded' in error && error.overloaded === true
